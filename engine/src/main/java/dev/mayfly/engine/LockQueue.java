package dev.mayfly.engine;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.LockWaiter;
import dev.mayfly.store.MayflyException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for the locks of one shard, in the order in which they came.
 *
 * <p>Whenever the shard's lock is let go, each key with waiters is locked: the end of a lock is
 * noted here by {@link #onEnded} in the step that ends it, and {@link Shard#letGo} passes it on
 * before it lets go. Callbacks are collected meanwhile and made after that.
 *
 * <p>Confined to whoever holds the shard's lock, except {@link #nextDeadline}.
 */
final class LockQueue {
  private static final Logger LOG = System.getLogger(LockQueue.class.getName());

  private final EngineConfig.Waiting limits;
  private final AtomicInteger waiters;
  private final Alarm alarm;
  private final Map<ByteBuffer, ArrayDeque<Place>> places = new HashMap<>();
  private final TreeSet<Place> byDeadline = new TreeSet<>();
  private final Set<ByteBuffer> ended = new LinkedHashSet<>();
  private List<Runnable> calls = new ArrayList<>();
  private long arrivals;
  private boolean due;
  private boolean closed;
  private volatile long nextDeadline = Long.MAX_VALUE;

  /**
   * An empty queue.
   *
   * @param waiters how many wait in the whole store
   * @param alarm raised where a waiter's time is up before that of all others
   */
  LockQueue(EngineConfig.Waiting limits, AtomicInteger waiters, Alarm alarm) {
    this.limits = limits;
    this.waiters = waiters;
    this.alarm = alarm;
  }

  /** One waiter's place. Its {@code waits} belongs to the queue. */
  static final class Place implements Comparable<Place> {
    final LockRequest request;
    final String client;
    private final LockWaiter waiter;
    private final long deadlineMillis;
    private final long arrival;
    private boolean waits = true;

    private Place(
        LockRequest request, String client, LockWaiter waiter, long deadlineMillis, long arrival) {
      this.request = request;
      this.client = client;
      this.waiter = waiter;
      this.deadlineMillis = deadlineMillis;
      this.arrival = arrival;
    }

    @Override
    public int compareTo(Place other) {
      int order = Long.compare(deadlineMillis, other.deadlineMillis);
      return order != 0 ? order : Long.compare(arrival, other.arrival);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(arrival);
    }
  }

  /** A place at the end of the key's queue, or OVERLOADED. */
  Place add(LockRequest request, String client, LockWaiter waiter, long deadlineMillis) {
    requireOpen();
    ByteBuffer key = ByteBuffer.wrap(request.key());
    ArrayDeque<Place> line = places.get(key);
    int ahead = line == null ? 0 : line.size();
    if (ahead >= limits.keyWaitersMax()) {
      throw overloaded("%d wait for this lock".formatted(ahead));
    }
    if (waiters.incrementAndGet() > limits.waitersMax()) {
      waiters.decrementAndGet();
      throw overloaded("%d wait for locks".formatted(limits.waitersMax()));
    }
    Place place = new Place(request, client, waiter, deadlineMillis, arrivals++);
    if (line == null) {
      line = new ArrayDeque<>(1);
      places.put(key, line);
    }
    line.add(place);
    byDeadline.add(place);
    settle();
    return place;
  }

  private static MayflyException overloaded(String why) {
    return new MayflyException(ErrorCode.OVERLOADED, why + ": no more may");
  }

  void requireOpen() {
    if (closed) {
      throw new MayflyException(ErrorCode.UNAVAILABLE, ErrorCode.UNAVAILABLE.summary());
    }
  }

  /** Notes that the lock of this key has ended. */
  void onEnded(byte[] key) {
    if (!places.isEmpty()) {
      ByteBuffer ending = ByteBuffer.wrap(key);
      due |= places.containsKey(ending) && ended.add(ending);
    }
  }

  /** Whether a lock is to be passed on, or somebody to be called back. */
  boolean isDue() {
    return due;
  }

  /** Whether this key's lock has ended and is to be passed on; it counts as passed on then. */
  boolean takeEnded(byte[] key) {
    return ended.remove(ByteBuffer.wrap(key));
  }

  /** Some key whose lock is to be passed on; null when there is none. */
  byte @Nullable [] takeEnded() {
    for (ByteBuffer key : ended) {
      ended.remove(key);
      byte[] bytes = new byte[key.remaining()];
      key.get(key.position(), bytes);
      return bytes;
    }
    return null;
  }

  /** Whose turn it is; null when nobody waits for this key. */
  @Nullable Place first(byte[] key) {
    ArrayDeque<Place> line = places.get(ByteBuffer.wrap(key));
    return line == null ? null : line.peek();
  }

  void grant(Place place, LockResult result) {
    leave(place);
    call(() -> place.waiter.onGranted(result));
  }

  void refuse(Place place, MayflyException refusal) {
    leave(place);
    call(() -> place.waiter.onRefused(refusal));
  }

  /** Makes a callback once the shard's lock is let go. */
  void call(Runnable callback) {
    calls.add(callback);
    due = true;
  }

  /** Gives a place up; returns whether it was still waiting. */
  boolean leave(Place place) {
    if (!place.waits) {
      return false;
    }
    place.waits = false;
    ByteBuffer key = ByteBuffer.wrap(place.request.key());
    ArrayDeque<Place> line = places.get(key);
    if (line != null && line.remove(place) && line.isEmpty()) {
      places.remove(key);
    }
    byDeadline.remove(place);
    waiters.decrementAndGet();
    settle();
    return true;
  }

  /** Refuses those whose time is up. */
  void expire(long nowMillis) {
    while (!byDeadline.isEmpty() && byDeadline.first().deadlineMillis <= nowMillis) {
      refuse(
          byDeadline.first(),
          new MayflyException(ErrorCode.LOCKED, "the lock did not end within the wait"));
    }
  }

  /** Refuses all. */
  void refuseAll(MayflyException refusal) {
    while (!byDeadline.isEmpty()) {
      refuse(byDeadline.first(), refusal);
    }
  }

  /** Refuses all, and whoever comes. */
  void close() {
    closed = true;
    refuseAll(new MayflyException(ErrorCode.UNAVAILABLE, ErrorCode.UNAVAILABLE.summary()));
  }

  /** The callbacks that are to be made now. */
  List<Runnable> takeCalls() {
    due = false;
    if (calls.isEmpty()) {
      return List.of();
    }
    List<Runnable> taken = calls;
    calls = new ArrayList<>();
    return taken;
  }

  /** Makes callbacks; needs no lock. */
  static void makeCalls(List<Runnable> calls) {
    for (Runnable each : calls) {
      try {
        each.run();
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "callback of a lock's waiter failed", e);
      }
    }
  }

  /** No waiter's time is up earlier; {@link Long#MAX_VALUE} without any. Safe on any thread. */
  long nextDeadline() {
    return nextDeadline;
  }

  private void settle() {
    long before = nextDeadline;
    nextDeadline = byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.first().deadlineMillis;
    if (nextDeadline < before) {
      alarm.raise();
    }
  }
}
