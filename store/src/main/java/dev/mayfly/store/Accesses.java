package dev.mayfly.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who read what, counted always and told only while somebody asks: events of kind {@code ACCESSED},
 * which are no mutations. They have revision 0, no value, no place in the log, and are lost, and
 * counted, where an observer does not keep up.
 *
 * <p>A read counts when its request says so ({@link ReadRequest#counted}) and finds its key; so
 * does a pop. Safe for concurrent use. A reader pays an addition to its own cell and one opaque
 * read of a field while nobody observes.
 */
public final class Accesses {
  /** No observer's queue is longer. */
  public static final int EVENTS_MAX = 100_000;

  private static final VarHandle OBSERVED;

  static {
    try {
      OBSERVED = MethodHandles.lookup().findVarHandle(Accesses.class, "observed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LongAdder count = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private volatile List<Observation> observations = List.of();

  @SuppressWarnings("unused")
  private boolean observed;

  /** This entry was read, or popped. An observer that just came is seen soon. */
  public void onAccess(byte[] key, Entry entry, Stamp stamp) {
    count.increment();
    if ((boolean) OBSERVED.getOpaque(this)) {
      tell(key, entry, stamp);
    }
  }

  private void tell(byte[] key, Entry entry, Stamp stamp) {
    Event event =
        new Event(
            0,
            0,
            EventKind.ACCESSED,
            key,
            stamp.timeMillis(),
            stamp.client(),
            entry.version(),
            entry.contentType(),
            entry.size(),
            null);
    for (Observation observation : observations) {
      observation.offer(event);
    }
  }

  /**
   * Begins to observe.
   *
   * @param eventsMax how many events wait for the observer at most, 1 to {@link #EVENTS_MAX}
   */
  public Observation observe(EventFilter filter, int eventsMax) {
    if (eventsMax < 1 || eventsMax > EVENTS_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "queue of %d events: expected 1 to %d".formatted(eventsMax, EVENTS_MAX));
    }
    Observation observation = new Observation(filter, eventsMax);
    synchronized (this) {
      List<Observation> more = new ArrayList<>(observations);
      more.add(observation);
      observations = List.copyOf(more);
      OBSERVED.setOpaque(this, true);
    }
    return observation;
  }

  private synchronized void forget(Observation observation) {
    List<Observation> fewer = new ArrayList<>(observations);
    fewer.remove(observation);
    observations = List.copyOf(fewer);
    OBSERVED.setOpaque(this, !fewer.isEmpty());
  }

  /** How many accesses there were since the start. */
  public long count() {
    return count.sum();
  }

  /** How many were lost, for each observer that did not keep up. */
  public long dropped() {
    return dropped.sum();
  }

  /** One observer's queue. Safe for concurrent use, {@link #poll} by one thread at a time. */
  public final class Observation implements AutoCloseable {
    private final EventFilter filter;
    private final ArrayBlockingQueue<Event> queue;
    private final LongAdder lost = new LongAdder();
    private final AtomicReference<@Nullable Runnable> callback = new AtomicReference<>();

    private Observation(EventFilter filter, int eventsMax) {
      this.filter = filter;
      queue = new ArrayBlockingQueue<>(eventsMax);
    }

    private void offer(Event event) {
      if (!filter.accepts(event)) {
        return;
      }
      if (!queue.offer(event)) {
        lost.increment();
        dropped.increment();
      }
      wake();
    }

    private void wake() {
      Runnable due = callback.getAndSet(null);
      if (due != null) {
        due.run();
      }
    }

    /** Hands over what waits, at most so many; returns how many. */
    public int poll(int eventsMax, Consumer<Event> sink) {
      List<Event> events = new ArrayList<>();
      queue.drainTo(events, eventsMax);
      events.forEach(sink);
      return events.size();
    }

    /** How many events this observer lost. */
    public long lost() {
      return lost.sum();
    }

    /**
     * Calls back once when something waits, at once where it does already. The callback runs on a
     * reader's thread and must not block; a new one takes the old one's place.
     */
    public void onAccess(Runnable waiting) {
      callback.set(waiting);
      if (!queue.isEmpty()) {
        wake();
      }
    }

    /** Ends it. What still waits is forgotten. */
    @Override
    public void close() {
      forget(this);
      callback.set(null);
      queue.clear();
    }
  }
}
