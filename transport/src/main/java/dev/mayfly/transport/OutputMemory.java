package dev.mayfly.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory of replies and messages that clients of a door have not taken, all clients together.
 *
 * <p>It is short from its bound on. Then who asks for a large reply waits for its turn, in order.
 * What was on its way already may exceed the bound; from twice the bound on, it is spent. As long
 * as somebody waits, clients are looked at from time to time, so that those can be cut that take
 * nothing from one look to the next: memory comes back whatever clients do.
 *
 * <p>Safe for concurrent use. One has its turn at a time, so that each finds the room that it was
 * given it for, and the order is kept. Whoever is given it gives it on with {@link #passOn}, once,
 * also when it has no use for it: else nobody has a turn any more.
 */
public final class OutputMemory {
  /** Somebody who waits for memory. */
  public interface Waiter {
    /** There is some: it may go on, and passes on then. Called from any thread, returns at once. */
    void onRoom();

    /** Runs something after a time, on the event loop of this one. */
    void after(long millis, Runnable task);
  }

  /** Looks at all clients. */
  @FunctionalInterface
  public interface Look {
    /**
     * Looks.
     *
     * @param number of this look; what was seen at another than the one before says nothing
     */
    void take(long number);
  }

  private final long bytesMax;
  private final AtomicLong taken = new AtomicLong();
  private final long lookMillis;
  private final Look look;
  private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger awaited = new AtomicInteger();
  private final AtomicBoolean isTurn = new AtomicBoolean();
  private final AtomicBoolean isLooking = new AtomicBoolean();
  private final AtomicLong looks = new AtomicLong();

  /**
   * One that nobody has taken of.
   *
   * @param bytesMax from how many bytes on it is short
   * @param lookMillis how long a client may take nothing while others wait
   */
  public OutputMemory(long bytesMax, long lookMillis, Look look) {
    this.bytesMax = bytesMax;
    this.lookMillis = lookMillis;
    this.look = look;
  }

  /** Whether a large reply would have to wait. */
  public boolean isShort() {
    return taken.get() >= bytesMax;
  }

  /** Whether it is so short that nobody may add to it. */
  public boolean isSpent() {
    return taken.get() / 2 >= bytesMax;
  }

  /** Whether somebody waits. */
  public boolean isAwaited() {
    return awaited.get() > 0;
  }

  /** How many wait. */
  public int awaited() {
    return awaited.get();
  }

  /** How many bytes clients have not taken. */
  public long taken() {
    return taken.get();
  }

  /** A client has so many bytes more to take, or fewer. */
  public void change(long bytes) {
    taken.addAndGet(bytes);
    if (bytes < 0) {
      giveTurn();
    }
  }

  /** Tells this one when there is room, once, after those who wait already. */
  public void await(Waiter waiter) {
    waiting.add(waiter);
    awaited.incrementAndGet();
    if (isLooking.compareAndSet(false, true)) {
      // The number that is left out tells this series of looks from the last one.
      looks.incrementAndGet();
      lookAround(waiter);
    }
    // What was given back before it was in the queue told nobody.
    giveTurn();
  }

  /** This one does not wait any more. Answers whether it did: else it has, or had, its turn. */
  public boolean leave(Waiter waiter) {
    boolean waited = waiting.remove(waiter);
    if (waited) {
      awaited.decrementAndGet();
    }
    return waited;
  }

  /** Ends the turn of the one who calls, and gives it to the next, where there is room. */
  public void passOn() {
    isTurn.set(false);
    giveTurn();
  }

  private void giveTurn() {
    // Who comes to wait, or gives back, while this one looks in vain cannot look itself.
    while (!isShort() && isAwaited() && isTurn.compareAndSet(false, true)) {
      Waiter next = waiting.poll();
      if (next != null) {
        awaited.decrementAndGet();
        next.onRoom();
        return;
      }
      isTurn.set(false);
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
