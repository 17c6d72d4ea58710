package dev.mayfly.testing;

import dev.mayfly.store.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/** Time that stands still until a test moves it on. Safe for concurrent use. */
public final class VirtualTime implements TimeSource {
  /** When it begins: some moment in 2023. */
  public static final long START_MILLIS = 1_700_000_000_000L;

  private final AtomicLong nanos = new AtomicLong();

  @Override
  public long millis() {
    return START_MILLIS + nanos.get() / 1_000_000;
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  /** Moves on. */
  public void advanceMillis(long millis) {
    if (millis < 0) {
      throw new IllegalArgumentException("advance by " + millis + "ms: time never goes back");
    }
    nanos.addAndGet(millis * 1_000_000);
  }
}
