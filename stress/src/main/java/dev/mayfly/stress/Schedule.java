package dev.mayfly.stress;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Which operation is sent next, and when it is due: the loops claim numbers one after the other.
 *
 * <p><b>Closed loop.</b> An operation is due when a loop is free for it. A server that stalls is
 * asked less: what it would have been asked meanwhile is missing from the measurement.
 *
 * <p><b>Open loop.</b> With a rate, operation n is due n intervals behind the start, whatever
 * became of those before. Its time counts from then, so that a stall is seen by every operation
 * that was due within it, and no percentile looks better than what clients that do not wait for
 * each other would have seen (Tene: How not to measure latency). When everything was due, what is
 * late is sent still, for as long as an answer is waited for; what is left then counts as not sent.
 *
 * <p>Safe for concurrent use.
 */
final class Schedule {
  private static final double NANOS = 1e9;

  private final LoadClock clock;
  private final AtomicLong next = new AtomicLong();
  private final LongAdder sent = new LongAdder();
  private final boolean isPaced;
  private final double intervalNanos;
  private final long total;
  private final long startNanos;
  private final long countedNanos;

  /** When nothing is sent any more, whatever was claimed. */
  private final long endNanos;

  private volatile boolean isStopped;
  private volatile long stoppedNanos;

  /** One that begins now. */
  Schedule(Pace pace, Duration timeout, LoadClock clock) {
    this.clock = clock;
    Double rate = pace.rate();
    isPaced = rate != null;
    intervalNanos = rate == null ? 0 : NANOS / rate;
    long span = spanNanos(pace);
    long amount = pace.amount() == null ? Long.MAX_VALUE : pace.amount();
    total = isPaced ? Math.min(amount, (long) Math.ceil(span / intervalNanos)) : amount;
    startNanos = clock.nanos();
    countedNanos = startNanos + pace.warmup().toNanos();
    endNanos =
        isPaced
            ? due(total) + timeout.toNanos()
            : startNanos + Math.min(span, Long.MAX_VALUE - Math.max(0, startNanos));
  }

  /** From the first operation to the last, the warm-up included; as good as endless without. */
  private static long spanNanos(Pace pace) {
    Duration duration = pace.duration();
    return duration == null ? Long.MAX_VALUE : duration.plus(pace.warmup()).toNanos();
  }

  /** What a loop has claimed: operations that follow each other. Confined to its loop. */
  static final class Claim {
    private final Schedule schedule;
    private long first;
    private int count;
    private boolean waited;
    private long sentNanos;

    Claim(Schedule schedule) {
      this.schedule = schedule;
    }

    long first() {
      return first;
    }

    int count() {
      return count;
    }

    /** Begins to count the time of operations that are due when they are sent. */
    void sending() {
      sentNanos = schedule.clock.nanos();
    }

    /** When it was to be sent. */
    long dueNanos(int index) {
      return schedule.isPaced ? schedule.due(first + index) : sentNanos;
    }

    /** How long after it was due the first was sent; negative where no loop was free in time. */
    long latenessNanos() {
      return schedule.isPaced && waited ? Math.max(0, sentNanos - dueNanos(0)) : -1;
    }

    /** Whether an operation is behind the warm-up. */
    boolean isCounted(int index) {
      return dueNanos(index) - schedule.countedNanos >= 0;
    }
  }

  private long due(long number) {
    return startNanos + (long) (number * intervalNanos);
  }

  /**
   * Claims the next operations, at most so many, and waits until the first is due.
   *
   * @return false: there are none any more
   */
  boolean claim(Claim claim, int max) {
    boolean claimed = !isStopped && (isPaced ? claimPaced(claim, max) : claimFree(claim, max));
    if (claimed) {
      sent.add(claim.count);
    }
    return claimed;
  }

  private boolean claimFree(Claim claim, int max) {
    if (clock.nanos() - endNanos >= 0) {
      return false;
    }
    claim.first = next.getAndAdd(max);
    claim.count = (int) Math.min(max, total - claim.first);
    return claim.count > 0;
  }

  private boolean claimPaced(Claim claim, int max) {
    long number = next.getAndIncrement();
    if (number >= total) {
      return false;
    }
    long due = due(number);
    long now = clock.nanos();
    claim.waited = due - now > 0;
    if (claim.waited) {
      clock.await(due, this::isStopped);
      now = clock.nanos();
    }
    if (isStopped || now - endNanos > 0) {
      return false;
    }
    int count = 1;
    while (count < max
        && number + count < total
        && due(number + count) - now <= 0
        && next.compareAndSet(number + count, number + count + 1)) {
      count++;
    }
    claim.first = number;
    claim.count = count;
    return true;
  }

  private boolean isStopped() {
    return isStopped;
  }

  /** Nothing more is sent. */
  void stop() {
    if (!isStopped) {
      stoppedNanos = clock.nanos();
      isStopped = true;
    }
  }

  /** When the warm-up ends. */
  long countedNanos() {
    return countedNanos;
  }

  /** How many are to be sent; {@code Long.MAX_VALUE}: as many as there is time for. */
  long total() {
    return total;
  }

  /** How many were due and were never sent; known once no loop runs. */
  long unsent() {
    if (!isPaced) {
      return 0;
    }
    double due =
        isStopped ? Math.floor((stoppedNanos - startNanos) / intervalNanos) + 1 : (double) total;
    return Math.max(0, (long) Math.min((double) total, due) - sent.sum());
  }
}
