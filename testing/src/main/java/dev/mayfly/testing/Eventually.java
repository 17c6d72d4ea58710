package dev.mayfly.testing;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Waits in real time for what other threads bring about. Stateless. */
public final class Eventually {
  private static final long WAIT_NANOS = 5_000_000;
  private static final int WAITS_MAX = 4_000;
  private static final int QUIET_WAITS = 40;

  private Eventually() {}

  /**
   * Waits until it holds, at most some twenty seconds.
   *
   * @throws AssertionError when it does not come about
   */
  public static void holds(String what, BooleanSupplier condition) {
    for (int i = 0; i < WAITS_MAX; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      LockSupport.parkNanos(WAIT_NANOS);
    }
    throw new AssertionError("did not come about: " + what);
  }

  /** Waits until a number has stayed the same for a while, and gives it. */
  public static int settles(IntSupplier number) {
    int last = number.getAsInt();
    int quiet = 0;
    for (int i = 0; i < WAITS_MAX && quiet < QUIET_WAITS; i++) {
      LockSupport.parkNanos(WAIT_NANOS);
      int now = number.getAsInt();
      quiet = now == last ? quiet + 1 : 0;
      last = now;
    }
    return last;
  }
}
