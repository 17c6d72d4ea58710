package dev.mayfly.grpc;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ResumeToken;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread that serves watch streams. It reads the log once for all that are in step, and tells
 * each group what it wants. Those that lag a little are sent what the group was told, once they
 * take it; those that lag more, or begin, read by themselves, a little at a time.
 *
 * <p>{@link #submit} and {@link #wake} are safe for concurrent use, the rest is confined to the
 * loop's thread. The queue of tasks holds at most a few for each open call.
 */
final class WatchLoop implements Runnable {
  private static final System.Logger LOG = System.getLogger(WatchLoop.class.getName());
  private static final int PASS_EVENTS_MAX = 512;
  static final long PASS_BYTES_MAX = 1 << 20;
  private static final long TICK_NANOS = 50_000_000;
  private static final long PACE_NANOS_FOR_EACH = 200_000;
  private static final long PACE_NANOS_MAX = 40_000_000;
  private static final long STOP_MILLIS_MAX = 5_000;

  private final GrpcStore store;
  private final GrpcMetrics metrics;
  private final ReplyMemory.Room room;
  private final long sendTimeoutNanos;
  private final long backlogBytesMax;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awaited = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean stopping;

  /** Whether it sleeps until it is woken. */
  private volatile boolean idle;

  private volatile boolean woken;

  private final Map<Object, WatchGroup> groups = new HashMap<>();
  private final Map<ByteBuffer, List<WatchGroup>> groupsByKey = new HashMap<>();
  private final Set<WatchGroup> anyKey = new LinkedHashSet<>();
  private final Set<WatchCall> alone = new LinkedHashSet<>();
  private final Set<WatchCall> calls = new LinkedHashSet<>();
  private final List<Event> events = new ArrayList<>();
  private @Nullable EventReader reader;
  private long tickedNanos;
  private long pumpedNanos;
  private boolean rested = true;
  private boolean unread;
  private long backlogBytes;

  WatchLoop(
      GrpcStore store, GrpcMetrics metrics, GrpcConfig config, ReplyMemory.Room room, int number) {
    this.store = store;
    this.metrics = metrics;
    this.room = room;
    sendTimeoutNanos = config.sendTimeout().toNanos();
    backlogBytesMax = config.watchBacklogBytesMax() / config.watchLoops();
    thread = Thread.ofPlatform().daemon().name("mayfly-grpc-watch-" + number).unstarted(this);
  }

  void start() {
    thread.start();
  }

  /** Says whether there is room for large messages; of the loop's thread. */
  ReplyMemory.Room room() {
    return room;
  }

  /**
   * Ends every stream. Waits a moment for it.
   *
   * @return whether the thread has ended; else it may still read the event log
   */
  boolean stop() {
    stopping = true;
    wake();
    try {
      thread.join(STOP_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /** Serves a stream from now on. */
  void add(WatchCall call) {
    submit(
        () -> {
          calls.add(call);
          alone.add(call);
        });
    if (stopping) {
      // The loop may have gone through its tasks for the last time.
      submit(() -> call.end(GrpcErrors.STOPPING));
    }
  }

  /** Forgets a stream whose call is over. */
  void remove(WatchCall call) {
    submit(
        () -> {
          calls.remove(call);
          alone.remove(call);
          WatchGroup group = groups.get(call.terms().shareKey());
          if (group != null && group.remove(call) && group.isEmpty()) {
            drop(call.terms().shareKey(), group);
          }
          call.release();
        });
  }

  private void submit(Runnable task) {
    tasks.add(task);
    wake();
    if (!thread.isAlive() && stopping) {
      runTasks();
    }
  }

  /** Lets the loop look again; not before its time where it paces itself. */
  void wake() {
    woken = true;
    if (idle || stopping) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void run() {
    while (!stopping) {
      try {
        turn();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "watch loop failed", e);
        endAll(GrpcErrors.INTERNAL);
      }
    }
    runTasks();
    endAll(GrpcErrors.STOPPING);
  }

  private void endAll(Status status) {
    for (WatchCall call : List.copyOf(calls)) {
      call.end(status);
    }
    calls.clear();
    alone.clear();
    Map.copyOf(groups).forEach(this::drop);
    reader = null;
    tellBacklog(0);
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void turn() {
    woken = false;
    runTasks();
    long now = store.time().nanos();
    if (rested || now - pumpedNanos >= paceNanos()) {
      rested = false;
      pumpedNanos = now;
      unread = tellAll(now);
    }
    catchUp(now);
    boolean behind = false;
    for (WatchCall call : List.copyOf(alone)) {
      behind |= serveAlone(call, now);
    }
    tick(now);
    if (!behind) {
      rest();
      rested = true;
    }
  }

  private void catchUp(long now) {
    long kept = 0;
    for (WatchGroup group : groups.values()) {
      kept += group.catchUp(now, sendTimeoutNanos, backlogBytesMax / groups.size(), alone::add);
    }
    tellBacklog(kept);
  }

  private void tellBacklog(long bytes) {
    if (bytes != backlogBytes) {
      metrics.onBacklog(bytes - backlogBytes);
      backlogBytes = bytes;
    }
  }

  private boolean tellAll(long now) {
    // Before the log is read: what is appended after that wakes the loop.
    awaitWork();
    boolean more = pump(now);
    for (WatchGroup group : List.copyOf(groups.values())) {
      more |= group.deliverAccesses(now);
    }
    return more;
  }

  private void rest() {
    if (unread) {
      LockSupport.parkNanos(paceNanos());
      return;
    }
    idle = true;
    if (!woken && tasks.isEmpty() && (calls.isEmpty() || awaited.get())) {
      LockSupport.parkNanos(TICK_NANOS);
    }
    idle = false;
  }

  /** What comes together is told together: the more watchers, the larger the batches. */
  private long paceNanos() {
    return Math.min(PACE_NANOS_MAX, calls.size() * PACE_NANOS_FOR_EACH);
  }

  private void awaitWork() {
    if (!calls.isEmpty() && awaited.compareAndSet(false, true)) {
      store.log().onAppend(this::onWork);
      groups.values().forEach(group -> group.onAccess(this::onWork));
    }
  }

  private void onWork() {
    awaited.set(false);
    wake();
  }

  /** Reads the log for all that are in step. */
  private boolean pump(long now) {
    EventReader from = reader;
    if (from == null) {
      return false;
    }
    ResumeToken before = from.position();
    try {
      long bytes = 0;
      // One mutation at a time: each may be as large as a value.
      while (events.size() < PASS_EVENTS_MAX
          && bytes < PASS_BYTES_MAX
          && from.poll(1, events::add) > 0) {
        bytes += events.getLast().valueSize();
      }
    } catch (MayflyException e) {
      if (e.code() != ErrorCode.COMPACTED) {
        throw e;
      }
      events.clear();
      scatter(before);
      return true;
    }
    boolean any = !events.isEmpty();
    tell(before, from.position(), now);
    return any;
  }

  private void tell(ResumeToken before, ResumeToken after, long now) {
    Set<WatchGroup> told = new LinkedHashSet<>();
    for (Event event : events) {
      for (WatchGroup group : anyKey) {
        group.offer(event);
      }
      List<WatchGroup> named = groupsByKey.get(ByteBuffer.wrap(event.key()));
      if (named != null) {
        named.forEach(group -> group.offer(event));
        told.addAll(named);
      }
    }
    events.clear();
    told.addAll(anyKey);
    told.forEach(group -> group.deliver(before, after, now));
  }

  /** The loop itself lagged too far: each stream goes on by itself, and learns what it missed. */
  private void scatter(ResumeToken place) {
    Map.copyOf(groups)
        .forEach(
            (key, group) -> {
              group.scatter(place, alone::add);
              drop(key, group);
            });
    reader = null;
  }

  private boolean serveAlone(WatchCall call, long now) {
    if (call.isOver()) {
      alone.remove(call);
      return false;
    }
    if (!call.takes(ReplyMemory.LARGE_BYTES, now)) {
      call.absorb();
      call.endIfStalled(now, sendTimeoutNanos);
      return false;
    }
    boolean more = call.read(now);
    if (!call.isOver() && call.terms().isShared()) {
      joinGroup(call, now);
    }
    return more;
  }

  /** Reads through its group from here on, if it has come as far. */
  private void joinGroup(WatchCall call, long now) {
    ResumeToken place = call.position();
    EventReader from = reader;
    if (place == null || (from != null && place.position() < from.position().position())) {
      return;
    }
    if (from == null) {
      try {
        reader = store.log().readFrom(place);
      } catch (MayflyException e) {
        // Dropped just now: it will find out by itself.
        return;
      }
    }
    alone.remove(call);
    // A place is the revision before it: what existed there was told, too, and not as events.
    call.onTold(place.position());
    call.closeWatch();
    group(call.terms(), now).add(call);
  }

  private WatchGroup group(WatchTerms terms, long now) {
    WatchGroup known = groups.get(terms.shareKey());
    if (known != null) {
      return known;
    }
    WatchGroup group = new WatchGroup(terms, store.accesses(), metrics, now);
    groups.put(terms.shareKey(), group);
    group.onAccess(this::onWork);
    List<byte[]> keys = terms.filter().keys();
    if (keys.isEmpty()) {
      anyKey.add(group);
    }
    for (byte[] key : keys) {
      groupsByKey.computeIfAbsent(ByteBuffer.wrap(key), k -> new ArrayList<>()).add(group);
    }
    return group;
  }

  private void drop(Object key, WatchGroup group) {
    groups.remove(key);
    anyKey.remove(group);
    for (byte[] named : group.filter().keys()) {
      groupsByKey.computeIfPresent(
          ByteBuffer.wrap(named),
          (k, list) -> {
            list.remove(group);
            return list.isEmpty() ? null : list;
          });
    }
    group.close();
    if (groups.isEmpty()) {
      reader = null;
    }
  }

  private void tick(long now) {
    EventReader from = reader;
    if (from == null || now - tickedNanos < TICK_NANOS) {
      return;
    }
    tickedNanos = now;
    ResumeToken place = from.position();
    groups.values().forEach(group -> group.progress(place, from.revision(), now));
  }
}
