package dev.mayfly.stress;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/** What became of the operations of all loops. Safe for concurrent use. */
final class Tally {
  /** What the reasons of failures beyond so many different ones are counted under. */
  static final String OTHERS = "others";

  private static final int DIGITS = 3;
  private static final int REASONS_MAX = 20;
  private static final int REASON_CHARS_MAX = 120;

  private final Recorder reads = new Recorder(DIGITS);
  private final Recorder writes = new Recorder(DIGITS);
  private final Recorder lateness = new Recorder(DIGITS);
  private final LongAdder done = new LongAdder();
  private final LongAdder missing = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder warmupDone = new LongAdder();
  private final LongAdder warmupErrors = new LongAdder();
  private final Map<String, LongAdder> reasons = new ConcurrentHashMap<>();

  /** Served. */
  void done(boolean isRead, boolean isCounted, long nanos) {
    if (!isCounted) {
      warmupDone.increment();
      return;
    }
    (isRead ? reads : writes).recordValue(Math.max(0, nanos));
    done.increment();
  }

  /** Served: there is no such key. */
  void missing(boolean isCounted, long nanos) {
    if (isCounted) {
      missing.increment();
    }
    done(true, isCounted, nanos);
  }

  void failed(boolean isCounted, String why) {
    if (!isCounted) {
      warmupErrors.increment();
      return;
    }
    errors.increment();
    String reason = why.length() <= REASON_CHARS_MAX ? why : why.substring(0, REASON_CHARS_MAX);
    boolean isKnown = reasons.containsKey(reason) || reasons.size() < REASONS_MAX;
    reasons.computeIfAbsent(isKnown ? reason : OTHERS, unseen -> new LongAdder()).increment();
  }

  /** How long after it was due an operation was sent by a loop that waited for it. */
  void late(long nanos) {
    lateness.recordValue(nanos);
  }

  Recorder reads() {
    return reads;
  }

  Recorder writes() {
    return writes;
  }

  Recorder lateness() {
    return lateness;
  }

  long doneCount() {
    return done.sum();
  }

  long missingCount() {
    return missing.sum();
  }

  long errorCount() {
    return errors.sum();
  }

  long warmupDoneCount() {
    return warmupDone.sum();
  }

  long warmupErrorCount() {
    return warmupErrors.sum();
  }

  /** Why operations failed, the most frequent first. */
  Map<String, Long> reasons() {
    Map<String, Long> sorted = new LinkedHashMap<>();
    reasons.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, LongAdder> each) -> -each.getValue().sum())
                .thenComparing(Map.Entry::getKey))
        .forEach(each -> sorted.put(each.getKey(), each.getValue().sum()));
    return sorted;
  }
}
