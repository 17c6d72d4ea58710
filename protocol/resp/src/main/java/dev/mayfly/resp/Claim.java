package dev.mayfly.resp;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who has something that an owner offers to a worker for a while: one of the two, always. It goes
 * from one to the other by writes and reads of one volatile state, so that each sees all that the
 * other did with it before.
 *
 * <p>{@link #offer}, {@link #takeBack} and {@link #awaitBack} are for the owner's thread, {@link
 * #take} and {@link #giveBack} for the worker's.
 */
final class Claim {
  private static final int OWNED = 0;
  private static final int OFFERED = 1;
  private static final int TAKEN = 2;
  private static final int GIVEN_BACK = 3;

  /** About as long as it takes to run a few commands; a worker that takes longer may not run. */
  private static final int SPINS_MAX = 500;

  private final AtomicInteger state = new AtomicInteger(OWNED);
  private volatile @Nullable Thread waiting;

  /** From now on the worker may take it. */
  void offer() {
    state.set(OFFERED);
  }

  /** Takes back what was offered, if the worker has not taken it. */
  boolean takeBack() {
    return state.compareAndSet(OFFERED, OWNED);
  }

  /** Takes back what was offered, once the worker has given it back if it had taken it. */
  void awaitBack() {
    if (takeBack()) {
      return;
    }
    for (int i = 0; state.get() != GIVEN_BACK && i < SPINS_MAX; i++) {
      Thread.onSpinWait();
    }
    if (state.get() != GIVEN_BACK) {
      // The worker looks for who waits after it has given back: one of the two sees the other.
      waiting = Thread.currentThread();
      while (state.get() != GIVEN_BACK) {
        LockSupport.park(this);
      }
      waiting = null;
    }
    state.set(OWNED);
  }

  /** Takes what is on offer; false when it is not, or no more. */
  boolean take() {
    return state.compareAndSet(OFFERED, TAKEN);
  }

  /** Ends what {@link #take} began. */
  void giveBack() {
    state.set(GIVEN_BACK);
    Thread owner = waiting;
    if (owner != null) {
      LockSupport.unpark(owner);
    }
  }
}
