package dev.mayfly.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The time of the machine, made never to go back.
 *
 * <p>{@link #millis} follows the machine's clock forward, over a step or a suspension too. When
 * that clock is set back, it goes on at its own pace from where it was, rather than stand still
 * until the clock has caught up: lifespans keep their length.
 *
 * <p>Safe for concurrent use; no locks.
 */
public final class SystemTime implements TimeSource {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LongSupplier wallMillis;
  private final LongSupplier monotonicNanos;
  private final long startNanos;

  /** What is added to the monotonic milliseconds; it only grows. */
  private final AtomicLong offsetMillis;

  /** The clock of this machine. */
  public SystemTime() {
    this(System::currentTimeMillis, System::nanoTime);
  }

  SystemTime(LongSupplier wallMillis, LongSupplier monotonicNanos) {
    this.wallMillis = wallMillis;
    this.monotonicNanos = monotonicNanos;
    startNanos = monotonicNanos.getAsLong();
    offsetMillis = new AtomicLong(wallMillis.getAsLong());
  }

  @Override
  public long millis() {
    long wall = wallMillis.getAsLong();
    long elapsed = (monotonicNanos.getAsLong() - startNanos) / NANOS_PER_MILLI;
    long offset = offsetMillis.get();
    while (wall - elapsed > offset) {
      long seen = offsetMillis.compareAndExchange(offset, wall - elapsed);
      offset = seen == offset ? wall - elapsed : seen;
    }
    return elapsed + offset;
  }

  @Override
  public long nanos() {
    return monotonicNanos.getAsLong();
  }
}
