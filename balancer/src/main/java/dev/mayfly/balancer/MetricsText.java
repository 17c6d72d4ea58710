package dev.mayfly.balancer;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Writes what a balancer counts as OpenMetrics text. Stateless but for what it is given. */
final class MetricsText {
  static final String CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final String PREFIX = "mayfly_balancer_";

  private final StringBuilder out = new StringBuilder(4096);
  private final List<Target> targets;

  MetricsText(List<Target> targets) {
    this.targets = targets;
  }

  /** The whole text. */
  String render(
      long now,
      int clients,
      long unsentBytes,
      TargetPool pool,
      int udpClients,
      long datagramsDropped) {
    gauge("clients", "Open client connections.", clients);
    gauge("unsent_bytes", "Memory held for slow readers.", unsentBytes);
    counter("unserved", "Clients that no backend served.", pool.unserved.sum());
    gauge("udp_clients", "Remembered clients of the datagram port.", udpClients);
    counter("udp_dropped", "Datagrams that could not be passed on.", datagramsDropped);
    each(
        "backend_up",
        "gauge",
        "Whether new connections go to the backend.",
        target -> target.isUsable(now) ? 1 : 0);
    each("backend_connections", "gauge", "Open connections.", Target::connections);
    each("backend_hits", "counter", "Connections taken.", target -> target.hits.sum());
    each(
        "backend_errors",
        "counter",
        "Connections refused or broken by the backend.",
        target -> target.errors.sum());
    each(
        "backend_received_bytes",
        "counter",
        "Bytes passed to the backend.",
        target -> target.bytesIn.sum());
    each(
        "backend_sent_bytes",
        "counter",
        "Bytes passed from the backend.",
        target -> target.bytesOut.sum());
    each(
        "backend_received_datagrams",
        "counter",
        "Datagrams passed to the backend.",
        target -> target.datagramsIn.sum());
    each(
        "backend_sent_datagrams",
        "counter",
        "Datagrams passed from the backend.",
        target -> target.datagramsOut.sum());
    head("backend_connect_seconds", "histogram", "How long connecting to the backend took.");
    for (Target target : targets) {
      target.connectLatency.write(PREFIX + "backend_connect_seconds", labels(target), out);
    }
    head(
        "backend_first_answer_seconds",
        "histogram",
        "From a connection's first byte to the backend to the first one from it.");
    for (Target target : targets) {
      target.answerLatency.write(PREFIX + "backend_first_answer_seconds", labels(target), out);
    }
    return out.append("# EOF\n").toString();
  }

  private void head(String name, String type, String help) {
    out.append("# TYPE ").append(PREFIX).append(name).append(' ').append(type).append('\n');
    out.append("# HELP ").append(PREFIX).append(name).append(' ').append(help).append('\n');
  }

  private void gauge(String name, String help, long value) {
    head(name, "gauge", help);
    out.append(PREFIX).append(name).append(' ').append(value).append('\n');
  }

  private void counter(String name, String help, long value) {
    head(name, "counter", help);
    out.append(PREFIX).append(name).append("_total ").append(value).append('\n');
  }

  private void each(String name, String type, String help, ToDoubleFunction<Target> value) {
    head(name, type, help);
    String suffix = type.equals("counter") ? "_total" : "";
    for (Target target : targets) {
      out.append(PREFIX).append(name).append(suffix).append('{').append(labels(target));
      out.append("} ").append((long) value.applyAsDouble(target)).append('\n');
    }
  }

  private static String labels(Target target) {
    String id = target.id().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return "backend=\"" + id + "\"";
  }
}
