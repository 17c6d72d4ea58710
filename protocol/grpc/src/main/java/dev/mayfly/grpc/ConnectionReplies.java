package dev.mayfly.grpc;

import dev.mayfly.transport.OutputMemory;
import io.grpc.Attributes;
import io.netty.util.concurrent.EventExecutor;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one connection's client was told and has not taken, and its calls with large replies that
 * wait: until it has taken enough of that, and, where the {@link OutputMemory} is short, until it
 * is the connection's turn.
 *
 * <p>Confined to the connection's event loop, but for the sums, which other threads change that
 * answer calls, and for {@link #onRoom}.
 */
final class ConnectionReplies implements OutputMemory.Waiter {
  /** Where a call finds its connection's. */
  static final Attributes.Key<ConnectionReplies> KEY =
      Attributes.Key.create("mayfly-connection-replies");

  private final OutputMemory memory;
  private final EventExecutor loop;
  private final long pauseBytes;
  private final long expectedMax;
  private final AtomicLong taken = new AtomicLong();
  private final Set<CallReplies> untaken = ConcurrentHashMap.newKeySet();
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private volatile boolean isAwaited;
  private boolean isInLine;

  /**
   * @param pauseBytes from how many bytes on that its client has not taken its calls wait
   * @param expectedMax how many bytes one reply may count for while it is made
   */
  ConnectionReplies(OutputMemory memory, EventExecutor loop, long pauseBytes, long expectedMax) {
    this.memory = memory;
    this.loop = loop;
    this.pauseBytes = pauseBytes;
    this.expectedMax = expectedMax;
  }

  /** Whether a call may be answered now, however large its reply. */
  boolean isFree() {
    return waiting.isEmpty() && !isPaused() && !memory.isShort() && !memory.isAwaited();
  }

  /** Whether a call whose reply has so many bytes may be answered now. */
  boolean hasRoom(long bytes) {
    if (bytes < ReplyMemory.LARGE_BYTES) {
      return bytes <= ReplyMemory.SMALL_BYTES || !memory.isSpent();
    }
    return isFree();
  }

  private boolean isPaused() {
    return taken.get() >= pauseBytes;
  }

  /** Runs this when it is its turn, after those that wait already. */
  void await(Runnable call) {
    waiting.add(call);
    isAwaited = true;
    serve(false);
  }

  /** This one does not wait any more. */
  void leave(Runnable call) {
    if (waiting.remove(call)) {
      leaveIfNoneWaits();
    }
  }

  private void leaveIfNoneWaits() {
    if (waiting.isEmpty()) {
      isAwaited = false;
      if (isInLine) {
        isInLine = false;
        memory.leave(this);
      }
    }
  }

  /** Runs what may be run, one by one: each adds to what is to be taken. */
  private void serve(boolean hasTurn) {
    boolean turn = hasTurn;
    while (!waiting.isEmpty() && !isPaused()) {
      if (memory.isShort() || (memory.isAwaited() && !turn)) {
        if (!isInLine) {
          isInLine = true;
          memory.await(this);
        }
        return;
      }
      turn = false;
      Iterator<Runnable> first = waiting.iterator();
      Runnable next = first.next();
      first.remove();
      leaveIfNoneWaits();
      next.run();
    }
  }

  @Override
  public void onRoom() {
    loop.execute(
        () -> {
          isInLine = false;
          try {
            serve(true);
          } finally {
            memory.passOn();
          }
        });
  }

  @Override
  public void after(long millis, Runnable task) {
    var _ = loop.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  /** A call's client has so many bytes more to take, or fewer. From any thread. */
  void change(long bytes) {
    taken.addAndGet(bytes);
    memory.change(bytes);
    if (bytes < 0 && isAwaited) {
      loop.execute(() -> serve(false));
    }
  }

  /** How many of so many bytes a reply counts for while it is made. */
  long expected(long bytes) {
    return Math.min(bytes, expectedMax);
  }

  /** Replies that are being made have so many bytes more, or fewer. From any thread. */
  void changeExpected(long bytes) {
    memory.change(bytes);
  }

  /** The calls whose clients have something to take. Safe for concurrent use. */
  Set<CallReplies> untaken() {
    return untaken;
  }

  /** Runs something on the connection's event loop. From any thread. */
  void execute(Runnable task) {
    loop.execute(task);
  }
}
