package dev.mayfly.stress;

import dev.mayfly.store.TimeSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The time that a load is run by, and waiting for it. Safe for concurrent use. */
interface LoadClock {
  /** Nanoseconds since some moment. */
  long nanos();

  /** Waits until then, or until it is told to stop, which it notices within a moment. */
  void await(long untilNanos, BooleanSupplier isStopped);

  /** A clock that waits as long as it says. */
  static LoadClock of(TimeSource time) {
    return new LoadClock() {
      private static final long STEP_NANOS = 50_000_000;

      @Override
      public long nanos() {
        return time.nanos();
      }

      @Override
      public void await(long untilNanos, BooleanSupplier isStopped) {
        for (long left = untilNanos - nanos();
            left > 0 && !isStopped.getAsBoolean();
            left = untilNanos - nanos()) {
          LockSupport.parkNanos(Math.min(left, STEP_NANOS));
        }
      }
    };
  }
}
