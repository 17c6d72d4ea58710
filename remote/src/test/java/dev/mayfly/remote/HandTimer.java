package dev.mayfly.remote;

import dev.mayfly.testing.VirtualTime;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer that runs what is due when a test moves its time on, on that test's thread. Safe for
 * concurrent use.
 */
final class HandTimer extends ScheduledThreadPoolExecutor {
  private record Task(long dueNanos, Runnable action, Future<?> future) {}

  final VirtualTime time = new VirtualTime();
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::dueNanos));

  HandTimer() {
    super(1);
  }

  /** The pool only answers for what is scheduled: its own time never comes. */
  @Override
  public ScheduledFuture<?> schedule(Runnable action, long delay, TimeUnit unit) {
    ScheduledFuture<?> never = super.schedule(() -> {}, Long.MAX_VALUE / 4, TimeUnit.NANOSECONDS);
    synchronized (this) {
      tasks.add(new Task(time.nanos() + unit.toNanos(delay), action, never));
    }
    return never;
  }

  /** How many things wait for their time. */
  synchronized int waiting() {
    tasks.removeIf(task -> task.future().isCancelled());
    return tasks.size();
  }

  /** Moves on to the next thing that waits and runs it; does nothing where none does. */
  void runNext() {
    Task next = next();
    if (next != null) {
      next.action().run();
    }
  }

  private synchronized @Nullable Task next() {
    tasks.removeIf(task -> task.future().isCancelled());
    Task next = tasks.poll();
    if (next != null) {
      long wait = next.dueNanos() - time.nanos();
      time.advanceMillis(Math.max(0, Math.ceilDiv(wait, 1_000_000)));
    }
    return next;
  }

  @Override
  public List<Runnable> shutdownNow() {
    synchronized (this) {
      tasks.clear();
    }
    return super.shutdownNow();
  }
}
