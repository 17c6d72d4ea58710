package dev.mayfly.grpc;

import dev.mayfly.store.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/** Time that moves when a test says so. Safe for concurrent use. */
final class TestTime implements TimeSource {
  static final long START_MILLIS = 1_800_000_000_000L;

  private final AtomicLong millis = new AtomicLong(START_MILLIS);

  @Override
  public long millis() {
    return millis.get();
  }

  @Override
  public long nanos() {
    return millis.get() * 1_000_000;
  }

  void advance(long byMillis) {
    millis.addAndGet(byMillis);
  }
}
