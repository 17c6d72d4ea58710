package dev.mayfly.balancer;

import java.util.List;

/** The page that shows how the backends do. Stateless. */
final class MonitorPage {
  private static final String HEAD =
      """
      <!doctype html><html lang="en"><meta charset="utf-8">
      <meta http-equiv="refresh" content="2"><title>mayfly balance</title>
      <style>body{font:15px sans-serif;margin:2em}td,th{padding:.3em 1em;text-align:right}
      td:first-child,th:first-child{text-align:left}tr:nth-child(even){background:#f2f2f2}</style>
      <h1>mayfly balance</h1>
      """;

  private MonitorPage() {}

  static String render(List<BackendStatus> backends, int clients) {
    StringBuilder out = new StringBuilder(HEAD);
    out.append("<p>").append(clients).append(" clients, metrics at ");
    out.append("<a href=\"/metrics\">/metrics</a>");
    out.append("<table><tr><th>backend<th>address<th>state<th>weight<th>connections<th>hits");
    out.append("<th>errors<th>bytes to it<th>bytes from it</tr>\n");
    for (BackendStatus each : backends) {
      out.append("<tr><td>").append(escape(each.id())).append("<td>").append(each.address());
      out.append("<td>").append(each.state()).append("<td>").append(each.weight());
      out.append("<td>").append(each.connections()).append("<td>").append(each.hits());
      out.append("<td>").append(each.errors()).append("<td>").append(each.bytesIn());
      out.append("<td>").append(each.bytesOut()).append("</tr>\n");
    }
    return out.append("</table></html>\n").toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
