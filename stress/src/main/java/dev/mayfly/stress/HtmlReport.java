package dev.mayfly.stress;

import dev.mayfly.store.DurationCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A report as one page without scripts, with everything that it shows inside it. Immutable. */
final class HtmlReport {
  private static final String PAGE = "report.html";
  private static final double[] PERCENTILES = {0, 50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 100};
  private static final int TAIL_STEPS = 100;

  private final StressReport report;
  private final List<Objective.Verdict> verdicts;

  HtmlReport(StressReport report, List<Objective.Verdict> verdicts) {
    this.report = report;
    this.verdicts = verdicts;
  }

  /** Text that stands in a page as it is. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  String render() {
    String data = report.json(verdicts).toString().replace("<", "\\u003c");
    return page()
        .replace("{{title}}", escape(title()))
        .replace("{{summary}}", summary())
        .replace("{{verdicts}}", verdictTable())
        .replace("{{plots}}", rates().svg() + times().svg() + tail().svg())
        .replace("{{percentiles}}", percentiles())
        .replace("{{reasons}}", reasons())
        .replace("{{plan}}", plan())
        .replace("{{data}}", data);
  }

  private static String page() {
    try (InputStream in = HtmlReport.class.getResourceAsStream(PAGE)) {
      if (in == null) {
        throw new IllegalStateException(PAGE + " is not in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String title() {
    return "Load on %s %s".formatted(report.plan().door().word(), report.plan().address());
  }

  private String summary() {
    Map<String, String> tiles = new LinkedHashMap<>();
    tiles.put("answers a second", Figures.rate(report.rate()));
    tiles.put("median", Figures.time(report.all().percentileNanos(50)));
    tiles.put("p99", Figures.time(report.all().percentileNanos(99)));
    tiles.put("slowest", Figures.time(report.all().maxNanos()));
    tiles.put("answered", Figures.count(report.answered()));
    tiles.put("failed", Figures.count(report.failures()));
    StringBuilder html = new StringBuilder();
    tiles.forEach(
        (name, value) ->
            html.append("<div><b>%s</b><span>%s</span></div>%n".formatted(value, name)));
    return html.toString();
  }

  private String verdictTable() {
    if (verdicts.isEmpty()) {
      return "";
    }
    StringBuilder html = new StringBuilder("<h2>Objectives</h2><table>\n");
    for (Objective.Verdict verdict : verdicts) {
      html.append(
          "<tr class=\"%s\"><td>%s</td><td>%s</td><td>%s</td></tr>%n"
              .formatted(
                  verdict.isMet() ? "met" : "missed",
                  escape(verdict.term()),
                  escape(verdict.measured()),
                  verdict.isMet() ? "met" : "missed"));
    }
    return html.append("</table>\n").toString();
  }

  private double[] of(ToDoubleFunction<Interval> value) {
    return report.intervals().stream().mapToDouble(value).toArray();
  }

  private List<Plot.Mark> seconds() {
    return Plot.marksTo(report.seconds(), at -> at == 0 ? "0" : Figures.time(at * 1e9));
  }

  private static double middle(Interval interval) {
    return interval.startSeconds() + interval.seconds() / 2;
  }

  private Plot rates() {
    Plot plot = new Plot("Answers and failures a second", false, Figures::rate, seconds());
    double[] x = of(HtmlReport::middle);
    plot.add("answers", "a", x, of(Interval::rate));
    plot.add("failures", "c", x, of(each -> each.errors() / each.seconds()));
    return plot;
  }

  private Plot times() {
    Plot plot = new Plot("Times over the run", true, Figures::time, seconds());
    double[] x = of(HtmlReport::middle);
    plot.add("median", "a", x, of(Interval::p50Nanos));
    plot.add("p99", "b", x, of(Interval::p99Nanos));
    plot.add("slowest", "c", x, of(Interval::maxNanos));
    return plot;
  }

  /** Each step of the axis is ten times rarer. */
  private Plot tail() {
    long count = Math.max(10, report.all().count());
    int nines = (int) Math.ceil(Math.log10((double) count));
    List<Plot.Mark> marks = new ArrayList<>();
    for (int i = 0; i <= nines; i++) {
      marks.add(
          new Plot.Mark(i, i == 0 ? "0%" : Figures.fixed(percent(i), Math.max(0, i - 2)) + "%"));
    }
    Plot plot = new Plot("Times by percentile", true, Figures::time, marks);
    double[] x = new double[TAIL_STEPS + 1];
    for (int i = 0; i <= TAIL_STEPS; i++) {
      x[i] = (double) nines * i / TAIL_STEPS;
    }
    plot.add("all", "a", x, times(report.all(), x));
    if (report.reads().count() > 0 && report.writes().count() > 0) {
      plot.add("reads", "b", x, times(report.reads(), x));
      plot.add("writes", "c", x, times(report.writes(), x));
    }
    return plot;
  }

  private static double[] times(Latencies times, double[] nines) {
    double[] y = new double[nines.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = times.percentileNanos(percent(nines[i]));
    }
    return y;
  }

  private static double percent(double nines) {
    return 100 * (1 - Math.pow(10, -nines));
  }

  private String percentiles() {
    StringBuilder html = new StringBuilder("<tr><th></th>");
    for (double percentile : PERCENTILES) {
      html.append("<th>")
          .append(Figures.fixed(percentile, 3).replaceAll("\\.?0+$", ""))
          .append("%</th>");
    }
    html.append("<th>mean</th><th>count</th></tr>\n");
    row(html, "all", report.all());
    row(html, "reads", report.reads());
    row(html, "writes", report.writes());
    if (report.lateness().count() > 0) {
      row(html, "sent late", report.lateness());
    }
    return html.toString();
  }

  private static void row(StringBuilder html, String name, Latencies times) {
    html.append("<tr><th>").append(name).append("</th>");
    for (double percentile : PERCENTILES) {
      html.append("<td>").append(Figures.time(times.percentileNanos(percentile))).append("</td>");
    }
    html.append(
        "<td>%s</td><td>%s</td></tr>%n"
            .formatted(Figures.time(times.meanNanos()), Figures.count(times.count())));
  }

  private String reasons() {
    if (report.failures() == 0) {
      return "";
    }
    StringBuilder html = new StringBuilder("<h2>Failures</h2><table>\n");
    report
        .reasons()
        .forEach(
            (reason, count) ->
                html.append(
                    "<tr><td>%s</td><td>%s</td></tr>%n"
                        .formatted(escape(reason), Figures.count(count))));
    if (report.unsent() > 0) {
      html.append(
          "<tr><td>due, but never sent</td><td>%s</td></tr>%n"
              .formatted(Figures.count(report.unsent())));
    }
    return html.append("</table>\n").toString();
  }

  private String plan() {
    StressPlan plan = report.plan();
    Workload load = plan.workload();
    Double rate = plan.pace().rate();
    ValueSize size = load.valueSize();
    return escape(
        ("%s; %d connections, pipeline %d; %s; %s of %s keys, %s%% reads, values of %s;"
                + " warm-up %s; seed %d")
            .formatted(
                Instant.ofEpochMilli(report.startMillis()),
                plan.connections(),
                plan.pipeline(),
                rate == null
                    ? "each sends when it has its answers"
                    : Figures.rate(rate) + " a second",
                load.distribution(),
                Figures.count(load.keys()),
                Figures.fixed(load.readPercent(), 1),
                size == null ? "a few bytes" : size + " bytes",
                DurationCodec.encode(plan.pace().warmup()),
                load.seed()));
  }
}
