package dev.mayfly.resp;

import dev.mayfly.store.EventFilter;
import dev.mayfly.store.EventLog;
import dev.mayfly.store.SlowPolicy;
import dev.mayfly.store.Watch;
import dev.mayfly.store.WatchRequest;
import dev.mayfly.store.WatchSink;
import dev.mayfly.store.Watches;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that reads every change off the event log, from its start on, for a part of the door.
 *
 * <p>{@link #start} and {@link #close} are safe for concurrent use; the sink is called by one
 * thread at a time. It owns its watch, which takes no watcher's place.
 */
final class LogThread implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LogThread.class.getName());
  private static final int EVENTS_PER_POLL = 512;

  private final String name;
  private final Watches watches;
  private final WatchSink sink;
  private final Runnable afterPoll;

  /** Those that may still read, stopped ones as well. */
  private final Set<Thread> readers = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Thread thread;
  private boolean closed;

  /**
   * One that does not run yet.
   *
   * @param afterPoll called after some events were handed over
   */
  LogThread(String name, Watches watches, WatchSink sink, Runnable afterPoll) {
    this.name = name;
    this.watches = watches;
    this.sink = sink;
    this.afterPoll = afterPoll;
  }

  /** Reads what happens from here on; does nothing while it runs. */
  synchronized void start() {
    if (thread == null && !closed) {
      Watch watch =
          watches.open(new WatchRequest(EventFilter.ALL, null, false, SlowPolicy.NOTICE), null);
      Thread started = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(watch));
      thread = started;
      readers.add(started);
      started.start();
    }
  }

  /** Reads no more soon, until it is started again. */
  synchronized void stop() {
    Thread running = thread;
    thread = null;
    LockSupport.unpark(running);
  }

  boolean isRunning() {
    return thread != null;
  }

  private void run(Watch watch) {
    Thread own = Thread.currentThread();
    try (watch) {
      while (isCurrent(own)) {
        boolean more = poll(watch);
        if (!more) {
          awaitWork(watch, own);
        }
      }
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "reading the event log ended: thread=" + name, e);
    } finally {
      readers.remove(own);
    }
  }

  private void awaitWork(Watch watch, Thread own) {
    AtomicBoolean called = new AtomicBoolean();
    EventLog.Registration work =
        watch.onWork(
            () -> {
              called.set(true);
              LockSupport.unpark(own);
            });
    // To wait for a lock may use up what the callback gave: so it leaves word as well.
    while (isCurrent(own) && !called.get()) {
      LockSupport.park(this);
    }
    work.close();
  }

  private boolean isCurrent(Thread own) {
    return own.equals(thread);
  }

  /** One that was stopped may still be at it when the next one begins: they take turns. */
  private boolean poll(Watch watch) {
    synchronized (sink) {
      boolean more = watch.poll(EVENTS_PER_POLL, sink);
      afterPoll.run();
      return more;
    }
  }

  /** Ends it for good, and waits until nothing of it reads any more. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      stop();
    }
    boolean interrupted = false;
    for (Thread reader : readers) {
      while (reader.isAlive()) {
        try {
          reader.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
