package dev.mayfly.stress;

import dev.mayfly.client.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * What a load came to. Its warm-up is not in it. Immutable.
 *
 * <p>The time of an operation begins when it was due (with a rate) or sent (without), and ends with
 * its answer; failures have none.
 */
public final class StressReport {
  private static final double NANOS = 1e9;

  private final StressPlan plan;
  private final long startMillis;
  private final long elapsedNanos;
  private final long missing;
  private final long errors;
  private final long unsent;
  private final Map<String, Long> reasons;
  private final Latencies all;
  private final Latencies reads;
  private final Latencies writes;
  private final Latencies lateness;
  private final List<Interval> intervals;

  StressReport(
      StressPlan plan,
      long startMillis,
      Schedule schedule,
      Timeline timeline,
      Tally tally,
      long endNanos) {
    this.plan = plan;
    this.startMillis = startMillis;
    elapsedNanos = Math.max(1, endNanos - schedule.countedNanos());
    missing = tally.missingCount();
    errors = tally.errorCount();
    unsent = schedule.unsent();
    reasons = tally.reasons();
    all = timeline.all();
    reads = timeline.reads();
    writes = timeline.writes();
    lateness = timeline.lateness();
    intervals = timeline.intervals();
  }

  /** What was run. */
  public StressPlan plan() {
    return plan;
  }

  /** When it began, milliseconds since the epoch. */
  public long startMillis() {
    return startMillis;
  }

  /** From the end of the warm-up to the last answer. */
  public double seconds() {
    return elapsedNanos / NANOS;
  }

  /** How many operations were due: answered, failed, or never sent because others took too long. */
  public long operations() {
    return all.count() + failures();
  }

  /** How many were answered. */
  public long answered() {
    return all.count();
  }

  /** Answers a second. */
  public double rate() {
    return all.count() / seconds();
  }

  /** How many reads found no key; they are answered. */
  public long missing() {
    return missing;
  }

  /** How many were sent and failed. */
  public long errors() {
    return errors;
  }

  /** How many were due and could not be sent in time. */
  public long unsent() {
    return unsent;
  }

  /** Errors, and what was never sent. */
  public long failures() {
    return errors + unsent;
  }

  /** Why operations failed, the most frequent reason first. */
  public Map<String, Long> reasons() {
    return reasons;
  }

  /** The times of all answered operations. */
  public Latencies all() {
    return all;
  }

  /** Those of the reads. */
  public Latencies reads() {
    return reads;
  }

  /** Those of the writes. */
  public Latencies writes() {
    return writes;
  }

  /**
   * How late loops that waited for their operation sent it: the generator's own share of the times.
   * Empty without a rate.
   */
  public Latencies lateness() {
    return lateness;
  }

  /** The run in pieces, in their order. */
  public List<Interval> intervals() {
    return intervals;
  }

  /** For a person. */
  public String text(List<Objective.Verdict> verdicts) {
    return new TextReport(this, verdicts).render();
  }

  /** For a program. */
  public JsonObject json(List<Objective.Verdict> verdicts) {
    return new JsonReport(this, verdicts).render();
  }

  /** A page that needs no other file. */
  public String html(List<Objective.Verdict> verdicts) {
    return new HtmlReport(this, verdicts).render();
  }
}
