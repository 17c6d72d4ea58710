package dev.mayfly.journal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * How far what is written is durable, and who waits for it to be further. Safe for concurrent use;
 * callbacks are run by whoever calls, outside of any lock.
 */
final class DurableWaiters {
  private static final Logger LOG = System.getLogger(DurableWaiters.class.getName());

  private final Runnable onEnough;
  // Guarded by this.
  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
  private boolean ended;
  private int expected;
  private volatile long durable;

  /**
   * @param onEnough told, in the thread of whoever waits, that somebody waits now, or as many as
   *     are expected
   */
  DurableWaiters(Runnable onEnough) {
    this.onEnough = onEnough;
  }

  private record Waiting(long revision, Runnable callback, long sinceMillis)
      implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      return Long.compare(revision, other.revision);
    }
  }

  long durable() {
    return durable;
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** How many are still to come, if those who waited a moment ago all wait again. */
  synchronized int missing() {
    return Math.max(0, expected - waiting.size());
  }

  /** Everything up to this revision is durable now. */
  void advance(long revision) {
    List<Waiting> due = new ArrayList<>();
    synchronized (this) {
      durable = revision;
      while (!waiting.isEmpty() && waiting.peek().revision <= revision) {
        due.add(waiting.remove());
      }
      expected = due.size() + waiting.size();
    }
    call(due);
  }

  /**
   * Waits, unless the revision is durable already, or nobody may wait any more.
   *
   * @return whether it is called back later
   */
  boolean tryAdd(long revision, Runnable callback, long nowMillis) {
    if (revision <= durable) {
      return false;
    }
    boolean enough;
    synchronized (this) {
      if (revision <= durable || ended) {
        return false;
      }
      waiting.add(new Waiting(revision, callback, nowMillis));
      enough = waiting.size() == 1 || waiting.size() == expected;
    }
    if (enough) {
      onEnough.run();
    }
    return true;
  }

  /** Lets those go who have waited since then: their revision is not durable, and they see it. */
  void giveUp(long sinceMillis) {
    letGo(each -> each.sinceMillis <= sinceMillis, false);
  }

  /** Lets everybody go; from here on nobody waits. */
  void end() {
    letGo(each -> true, true);
  }

  private void letGo(Predicate<Waiting> which, boolean last) {
    List<Waiting> late = new ArrayList<>();
    synchronized (this) {
      ended |= last;
      waiting.removeIf(each -> which.test(each) && late.add(each));
    }
    call(late);
  }

  private static void call(List<Waiting> whom) {
    for (Waiting each : whom) {
      try {
        each.callback.run();
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a reply that waited for the journal failed", e);
      }
    }
  }
}
