package dev.mayfly.stress;

import java.util.List;
import java.util.Locale;

/** A report for a person: first what the original of this load tells, then more. Immutable. */
final class TextReport {
  private static final double MILLI = 1e6;
  private static final String HEAD = "%-8s %10s %10s %10s %10s %10s %10s %10s%n";

  private final StressReport report;
  private final List<Objective.Verdict> verdicts;

  TextReport(StressReport report, List<Objective.Verdict> verdicts) {
    this.report = report;
    this.verdicts = verdicts;
  }

  String render() {
    StringBuilder text = new StringBuilder("Report:\n");
    line(text, "Total requests", String.valueOf(report.operations()));
    line(text, "Total time", Figures.fixed(report.seconds(), 2) + " sec");
    line(text, "Avg request response", Figures.fixed(report.all().meanNanos() / MILLI, 2) + " ms");
    line(text, "Errors", String.valueOf(report.failures()));
    line(text, "Success", String.valueOf(report.answered()));
    line(text, "Rate", Figures.rate(report.rate()) + " a second");
    if (report.reads().count() > 0) {
      line(text, "Reads of missing keys", Figures.count(report.missing()));
    }
    if (report.unsent() > 0) {
      line(text, "Never sent, as others took too long", Figures.count(report.unsent()));
    }
    if (report.lateness().count() > 0) {
      line(
          text,
          "Sent late by this program itself, p99",
          Figures.time(report.lateness().percentileNanos(99)));
    }
    line(text, "Seed", String.valueOf(report.plan().workload().seed()));
    text.append('\n');
    text.append(
        String.format(Locale.ROOT, HEAD, "", "count", "mean", "p50", "p90", "p99", "p99.9", "max"));
    row(text, "all", report.all());
    if (report.reads().count() > 0 && report.writes().count() > 0) {
      row(text, "reads", report.reads());
      row(text, "writes", report.writes());
    }
    report
        .reasons()
        .forEach(
            (reason, count) -> line(text, "Failed " + Figures.count(count) + " times", reason));
    for (Objective.Verdict verdict : verdicts) {
      line(text, (verdict.isMet() ? "Met: " : "MISSED: ") + verdict.term(), verdict.measured());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(" - ").append(name).append(": ").append(value).append('\n');
  }

  private static void row(StringBuilder text, String name, Latencies times) {
    text.append(
        String.format(
            Locale.ROOT,
            HEAD,
            name,
            times.count(),
            Figures.time(times.meanNanos()),
            Figures.time(times.percentileNanos(50)),
            Figures.time(times.percentileNanos(90)),
            Figures.time(times.percentileNanos(99)),
            Figures.time(times.percentileNanos(99.9)),
            Figures.time(times.maxNanos())));
  }
}
