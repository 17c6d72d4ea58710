package dev.mayfly.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The lock of a shard, one word that is set and cleared. It is held for less than a microsecond by
 * most, which is far less than it takes to put a thread to sleep and wake it: so whoever finds it
 * held looks again for a while, then leaves its processor to others, and then sleeps for a moment
 * at a time.
 *
 * <p>To let go is a release and no more. A lock that wakes its waiters needs a full fence there,
 * and each writer would wait until all it wrote has left its processor: a tenth of a set. So what a
 * thread reads after it let go may be older than what it wrote before; who has to see the writes of
 * all that let go before takes the lock, as {@link AppendNotifier} does.
 *
 * <p>To sleep uses up what another thread gave by {@link LockSupport#unpark}, which may have been
 * to wake this one from the sleep that it goes to next. So whoever slept here gives itself a
 * permit: one too many is allowed, one too few would let it sleep for ever.
 *
 * <p>Neither fair nor reentrant: a thread that holds it must not take it. Waiting is bounded by how
 * long others hold it, and goes on through interrupts.
 */
final class ShardLock {
  private static final int SPINS = 100;
  private static final int YIELDS = 100;
  private static final long SLEEP_NANOS = 50_000;
  private static final VarHandle HELD;

  static {
    try {
      HELD = MethodHandles.lookup().findVarHandle(ShardLock.class, "held", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through HELD
  private boolean held;

  void lock() {
    if (!HELD.compareAndSet(this, false, true)) {
      lockContended();
    }
  }

  private void lockContended() {
    int tries = 0;
    do {
      while ((boolean) HELD.getOpaque(this)) {
        await(tries++);
      }
    } while (!HELD.compareAndSet(this, false, true));
    if (tries > SPINS + YIELDS) {
      LockSupport.unpark(Thread.currentThread());
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // only as politeness; being right does not depend on it
  private void await(int tries) {
    if (tries < SPINS) {
      Thread.onSpinWait();
    } else if (tries < SPINS + YIELDS || Thread.currentThread().isInterrupted()) {
      // Who is interrupted would not sleep.
      Thread.yield();
    } else {
      LockSupport.parkNanos(this, SLEEP_NANOS);
    }
  }

  void unlock() {
    HELD.setRelease(this, false);
  }
}
