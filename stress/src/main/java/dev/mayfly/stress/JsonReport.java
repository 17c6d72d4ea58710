package dev.mayfly.stress;

import dev.mayfly.client.JsonObject;
import dev.mayfly.store.DurationCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A report for a program; times are milliseconds. Immutable. */
final class JsonReport {
  private static final double MILLI = 1e6;
  private static final double THOUSAND = 1000;
  private static final double[] PERCENTILES = {50, 75, 90, 95, 99, 99.9, 99.99};

  private final StressReport report;
  private final List<Objective.Verdict> verdicts;

  JsonReport(StressReport report, List<Objective.Verdict> verdicts) {
    this.report = report;
    this.verdicts = verdicts;
  }

  JsonObject render() {
    JsonObject reasons = JsonObject.empty();
    for (Map.Entry<String, Long> reason : report.reasons().entrySet()) {
      reasons = reasons.with(reason.getKey(), reason.getValue());
    }
    return JsonObject.empty()
        .with("started", Instant.ofEpochMilli(report.startMillis()).toString())
        .with("plan", plan(report.plan()))
        .with("seconds", rounded(report.seconds()))
        .with("operations", report.operations())
        .with("answered", report.answered())
        .with("rate", rounded(report.rate()))
        .with("missing", report.missing())
        .with("errors", report.errors())
        .with("unsent", report.unsent())
        .with("reasons", reasons)
        .with("latency_ms", latencies(report.all()))
        .with("read_latency_ms", latencies(report.reads()))
        .with("write_latency_ms", latencies(report.writes()))
        .with("sent_late_ms", report.lateness().count() == 0 ? null : latencies(report.lateness()))
        .with("intervals", report.intervals().stream().map(JsonReport::interval).toList())
        .with("objectives", verdicts.stream().map(JsonReport::verdict).toList());
  }

  private static JsonObject plan(StressPlan plan) {
    Workload load = plan.workload();
    Pace pace = plan.pace();
    return JsonObject.empty()
        .with("door", plan.door().word())
        .with("address", plan.address().toString())
        .with("connections", (long) plan.connections())
        .with("pipeline", (long) plan.pipeline())
        .with("amount", pace.amount())
        .with("duration", text(pace.duration()))
        .with("warmup", text(pace.warmup()))
        .with("rate", pace.rate())
        .with("reads_percent", load.readPercent())
        .with("prefix", load.prefix())
        .with("keys", load.keys())
        .with("distribution", load.distribution().toString())
        .with("value_size", load.valueSize() == null ? null : load.valueSize().toString())
        .with("lifespan", text(load.lifespan()))
        .with("seed", load.seed());
  }

  private static @Nullable String text(@Nullable Duration duration) {
    return duration == null ? null : DurationCodec.encode(duration);
  }

  private static JsonObject latencies(Latencies times) {
    JsonObject object =
        JsonObject.empty()
            .with("count", times.count())
            .with("mean", millis(times.meanNanos()))
            .with("min", millis(times.minNanos()));
    for (double percentile : PERCENTILES) {
      object =
          object.with(
              "p" + Figures.fixed(percentile, 2).replaceAll("\\.?0+$", ""),
              millis(times.percentileNanos(percentile)));
    }
    return object.with("max", millis(times.maxNanos()));
  }

  private static JsonObject interval(Interval interval) {
    return JsonObject.empty()
        .with("start", rounded(interval.startSeconds()))
        .with("seconds", rounded(interval.seconds()))
        .with("operations", interval.operations())
        .with("errors", interval.errors())
        .with("p50_ms", millis(interval.p50Nanos()))
        .with("p99_ms", millis(interval.p99Nanos()))
        .with("max_ms", millis(interval.maxNanos()));
  }

  private static JsonObject verdict(Objective.Verdict verdict) {
    return JsonObject.empty()
        .with("term", verdict.term())
        .with("measured", verdict.measured())
        .with("met", verdict.isMet());
  }

  private static double millis(double nanos) {
    return rounded(nanos / MILLI);
  }

  private static double millis(long nanos) {
    return millis((double) nanos);
  }

  private static double rounded(double value) {
    return Math.round(value * THOUSAND) / THOUSAND;
  }
}
