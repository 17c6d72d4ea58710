package dev.mayfly.resp;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread that takes over parts of those turns of one event loop that are large.
 *
 * <p>A part is what one connection has to be served. The loop goes through the parts from the
 * front, the worker from the back, until they meet. Each part has a {@link Claim}, so that one of
 * the two has it at any time: a worker that wakes up late finds nothing left to claim and has held
 * up nobody, and of what it has claimed the loop waits for at most one part. What belongs to a
 * connection is confined to its loop: it goes to the worker with the claim, and back with its end,
 * and the loop does not leave the turn before. Where there is no thread, or it ends by a fault, the
 * loop goes on alone.
 *
 * <p>{@link #share} is for the loop only, {@link #close} for any thread.
 */
final class TurnWorker implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TurnWorker.class.getName());
  private static final long END_MILLIS_MAX = 2000;

  /** What one connection has to be served in a turn. */
  interface Part {
    Claim claim();

    /** Does what can be done on the worker's thread. Throws nothing. */
    void help(Workspace work);

    /** Does what is left. */
    void serve();

    /** Sends the replies. */
    void send();
  }

  private final ThreadFactory threads;
  private final Supplier<Workspace> workspaces;
  private final int bytesMin;
  private final AtomicReference<Part @Nullable []> offered = new AtomicReference<>();
  private @Nullable Thread thread;
  private boolean isRefused;
  private volatile boolean isClosed;

  /**
   * One whose thread, which should be a daemon, starts with the first turn that is shared.
   *
   * @param bytesMin from how many bytes of input on a turn is large, at least 1
   */
  TurnWorker(ThreadFactory threads, int bytesMin, Supplier<Workspace> workspaces) {
    this.threads = threads;
    this.bytesMin = bytesMin;
    this.workspaces = workspaces;
  }

  /** Whether a turn is to be shared: it is large, and there is a thread. */
  boolean isFor(int parts, long bytes) {
    return parts > 1 && bytes >= bytesMin && isStarted();
  }

  private boolean isStarted() {
    if (thread == null && !isRefused) {
      Thread starting = threads.newThread(this::helpUntilClosed);
      try {
        starting.start();
        thread = starting;
      } catch (OutOfMemoryError e) {
        LOG.log(System.Logger.Level.WARNING, "no thread to help the resp door", e);
        isRefused = true;
      }
    }
    return thread != null;
  }

  /**
   * Serves all parts of a turn that it {@linkplain #isFor is for}, each of which is there once, and
   * sends their replies; returns when done.
   */
  void share(List<? extends Part> turn) {
    Part[] parts = turn.toArray(Part[]::new);
    for (Part part : parts) {
      part.claim().offer();
    }
    offered.set(parts);
    LockSupport.unpark(thread);
    int own = 0;
    while (own < parts.length && parts[own].claim().takeBack()) {
      parts[own].serve();
      own++;
    }
    for (int i = 0; i < own; i++) {
      parts[i].send();
    }
    for (int i = parts.length - 1; i >= own; i--) {
      parts[i].claim().awaitBack();
      parts[i].serve();
      parts[i].send();
    }
  }

  private void helpUntilClosed() {
    Workspace work = workspaces.get();
    while (!isClosed) {
      Part[] parts = offered.getAndSet(null);
      if (parts == null) {
        LockSupport.park(this);
      } else {
        help(parts, work);
      }
    }
  }

  private static void help(Part[] parts, Workspace work) {
    for (int i = parts.length - 1; i >= 0 && parts[i].claim().take(); i--) {
      try {
        parts[i].help(work);
      } finally {
        parts[i].claim().giveBack();
      }
    }
  }

  @Override
  public void close() {
    end();
  }

  /** Ends the thread, whose loop must have ended before; answers whether it has ended in time. */
  boolean end() {
    isClosed = true;
    Thread running = thread;
    if (running == null) {
      return true;
    }
    LockSupport.unpark(running);
    try {
      return running.join(Duration.ofMillis(END_MILLIS_MAX));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
