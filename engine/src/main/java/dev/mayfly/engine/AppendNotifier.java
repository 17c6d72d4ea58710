package dev.mayfly.engine;

import dev.mayfly.store.EventLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls back who waits for the event log to grow, on one daemon thread that starts with the first
 * of them. Safe for concurrent use.
 *
 * <p>A writer that appends while nobody waits reads one volatile field. The first that finds it
 * armed disarms it and wakes the thread; after a round of callbacks the thread rests for a moment
 * before it arms again, so that a busy log wakes it a few thousand times a second at most.
 *
 * <p>No wake-up is lost, though a writer has no fence between publishing and reading {@code armed}.
 * It publishes under a lock of those that whoever arms takes, each for a moment, before looking for
 * news once more. Who held that lock before is seen, by the lock; who takes it later sees {@code
 * armed}. News that are not readable yet, since an older claim is unpublished, keep the field armed
 * for the writer of that claim.
 */
final class AppendNotifier {
  private static final Logger LOG = System.getLogger(AppendNotifier.class.getName());
  private static final long REST_NANOS = 200_000;
  private static final VarHandle ARMED;

  static {
    try {
      ARMED = MethodHandles.lookup().findVarHandle(AppendNotifier.class, "armed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LongSupplier newestRevision;
  private final Runnable passWriters;
  private final Object lock = new Object();

  // Guarded by lock.
  private final Set<Waiting> waiting = new LinkedHashSet<>();
  private boolean resting;
  private boolean closed;

  private volatile boolean armed;
  private volatile @Nullable Thread thread;

  /**
   * @param passWriters takes and lets go each lock under which anybody publishes; called without
   *     any of them
   */
  AppendNotifier(LongSupplier newestRevision, Runnable passWriters) {
    this.newestRevision = newestRevision;
    this.passWriters = passWriters;
  }

  /** One callback, and the revision that was the newest when it came. */
  private final class Waiting implements EventLog.Registration {
    private final Runnable callback;
    private final long seen;

    Waiting(Runnable callback, long seen) {
      this.callback = callback;
      this.seen = seen;
    }

    @Override
    public void close() {
      synchronized (lock) {
        waiting.remove(this);
      }
    }
  }

  /** See {@link EventLog#onAppend}; on a closed log the callback is never called. */
  EventLog.Registration add(Runnable callback) {
    Waiting added = new Waiting(callback, newestRevision.getAsLong());
    Thread runner;
    synchronized (lock) {
      if (closed) {
        return added;
      }
      waiting.add(added);
      if (resting) {
        return added;
      }
      runner = thread;
      if (runner == null) {
        runner = Thread.ofPlatform().daemon().name("mayfly-event-log").unstarted(this::run);
        thread = runner;
        runner.start();
      }
    }
    arm();
    if (newestRevision.getAsLong() > added.seen) {
      LockSupport.unpark(runner);
    }
    return added;
  }

  /** Tells that something was published; called when the lock was let go. */
  void signal() {
    if (armed && ARMED.compareAndSet(this, true, false)) {
      LockSupport.unpark(thread);
    }
  }

  /** Ends the thread; callbacks not called yet never are. Returns when none is running. */
  void close() {
    Thread runner;
    synchronized (lock) {
      closed = true;
      waiting.clear();
      runner = thread;
    }
    if (runner != null) {
      LockSupport.unpark(runner);
      EngineThread.awaitEnd(runner);
    }
  }

  private void arm() {
    armed = true;
    passWriters.run();
  }

  private void run() {
    while (true) {
      arm();
      List<Waiting> due = takeDue(newestRevision.getAsLong());
      if (due == null) {
        return;
      }
      if (due.isEmpty()) {
        LockSupport.park(this);
        continue;
      }
      due.forEach(AppendNotifier::call);
      LockSupport.parkNanos(this, REST_NANOS);
      synchronized (lock) {
        resting = false;
      }
    }
  }

  /** Those whose time has come; null when the thread is to end. */
  private @Nullable List<Waiting> takeDue(long newest) {
    synchronized (lock) {
      if (closed) {
        return null;
      }
      List<Waiting> due = new ArrayList<>();
      for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
        Waiting next = each.next();
        if (next.seen < newest) {
          due.add(next);
          each.remove();
        }
      }
      // Whoever is added from here on arms again, or is looked for after the rest.
      resting = !due.isEmpty();
      if (resting || waiting.isEmpty()) {
        armed = false;
      }
      return due;
    }
  }

  private static void call(Waiting due) {
    try {
      due.callback.run();
    } catch (RuntimeException | Error e) {
      // The other watchers' callbacks follow on the same thread.
      LOG.log(Level.ERROR, "callback of an event watcher failed", e);
    }
  }
}
