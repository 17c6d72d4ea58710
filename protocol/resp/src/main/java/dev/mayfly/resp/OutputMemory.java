package dev.mayfly.resp;

import dev.mayfly.store.MemoryBudget;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory of replies and messages that clients have not taken, all clients together.
 *
 * <p>It is short from its bound on. Then who asks for a large reply waits for its turn, in order,
 * and nothing more is run for who has not taken its replies: see {@link OutputGate}. What was on
 * its way already may exceed the bound; from twice the bound on, who still adds is cut. As long as
 * somebody waits, clients are looked at from time to time, and those are cut that take nothing from
 * one look to the next: memory comes back whatever clients do.
 *
 * <p>Safe for concurrent use. Whoever is given its turn gives it on with {@link #passOn}, also when
 * it has no use for it, so that no room is left without somebody who looks at it.
 */
final class OutputMemory {
  /** Somebody who waits for memory. */
  interface Waiter {
    /** There is some: it may go on, and passes on then. Called from any thread, returns at once. */
    void onRoom();

    /** Runs something after a time, on the event loop of this one. */
    void after(long millis, Runnable task);
  }

  /** Looks at all clients. */
  @FunctionalInterface
  interface Look {
    /**
     * Looks.
     *
     * @param number of this look; what was seen at another than the one before says nothing
     */
    void take(long number);
  }

  private final MemoryBudget budget;
  private final long lookMillis;
  private final Look look;
  private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger awaited = new AtomicInteger();
  private final AtomicBoolean isLooking = new AtomicBoolean();
  private final AtomicLong looks = new AtomicLong();

  /**
   * One that nobody has taken of.
   *
   * @param bytesMax from how many bytes on it is short
   * @param lookMillis how long a client may take nothing while others wait
   */
  OutputMemory(long bytesMax, long lookMillis, Look look) {
    budget = new MemoryBudget(bytesMax);
    this.lookMillis = lookMillis;
    this.look = look;
  }

  /** Whether a large reply would have to wait. */
  boolean isShort() {
    return budget.taken() >= budget.bytesMax();
  }

  /** Whether it is so short that nobody may add to it. */
  boolean isSpent() {
    return budget.taken() / 2 >= budget.bytesMax();
  }

  /** Whether somebody waits. */
  boolean isAwaited() {
    return awaited.get() > 0;
  }

  /** How many wait. */
  int awaited() {
    return awaited.get();
  }

  /** How many bytes clients have not taken. */
  long taken() {
    return budget.taken();
  }

  /** A client has so many bytes more to take, or fewer. */
  void change(long bytes) {
    budget.take(bytes);
    if (bytes < 0) {
      passOn();
    }
  }

  /** Tells this one when there is room, once, after those who wait already. */
  void await(Waiter waiter) {
    waiting.add(waiter);
    awaited.incrementAndGet();
    if (isLooking.compareAndSet(false, true)) {
      // The number that is left out tells this series of looks from the last one.
      looks.incrementAndGet();
      lookAround(waiter);
    }
    // What was given back before it was in the queue told nobody.
    passOn();
  }

  /** This one does not wait any more. */
  void leave(Waiter waiter) {
    if (waiting.remove(waiter)) {
      awaited.decrementAndGet();
    }
  }

  /** Gives the next one its turn, where there is room. */
  void passOn() {
    if (!isShort()) {
      Waiter next = waiting.poll();
      if (next != null) {
        awaited.decrementAndGet();
        next.onRoom();
      }
    }
  }

  private void lookAround(Waiter timer) {
    look.take(looks.incrementAndGet());
    timer.after(lookMillis, () -> lookAgain(timer));
  }

  private void lookAgain(Waiter before) {
    @Nullable Waiter next = waiting.peek();
    if (next != null) {
      lookAround(next);
      return;
    }
    isLooking.set(false);
    if (isAwaited() && isLooking.compareAndSet(false, true)) {
      looks.incrementAndGet();
      lookAround(before);
    }
  }
}
