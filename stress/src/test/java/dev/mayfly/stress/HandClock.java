package dev.mayfly.stress;

import java.util.function.BooleanSupplier;

/** A clock that jumps to whatever is waited for. Confined to one thread. */
final class HandClock implements LoadClock {
  private long now;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void await(long untilNanos, BooleanSupplier isStopped) {
    if (!isStopped.getAsBoolean()) {
      now = Math.max(now, untilNanos);
    }
  }

  void advanceMillis(long millis) {
    now += millis * 1_000_000;
  }
}
