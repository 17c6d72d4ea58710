package dev.mayfly.resp;

import dev.mayfly.store.Entry;
import dev.mayfly.store.Event;
import dev.mayfly.store.WatchGap;
import dev.mayfly.store.WatchSink;
import dev.mayfly.store.Watches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the caches of clients true: remembers who read what, or which prefixes he follows, and
 * tells him when the event log says that a key has changed. Where events were lost, he is told to
 * forget everything.
 *
 * <p>A read is remembered before and after it is done. Before: a change that comes later is told
 * after the reply. After: what was told meanwhile was forgotten with that, but the reply may be
 * newer than it. With a read the newest revision is remembered: the log is read a little later, and
 * what happened before the read is no news to the reader.
 *
 * <p>What clients have read is bounded: beyond, all of it is invalidated and forgotten. It has a
 * thread while anybody has a cache. Safe for concurrent use.
 */
final class Tracking implements AutoCloseable {
  private final RespDoor door;

  /** What a key takes beside its bytes, and what each of its readers does. */
  private static final int KEY_BYTES = 128;

  private static final int READER_BYTES = 16;

  private final int readsMax;
  private final long bytesMax;
  private final Map<Long, Tracker> trackers = new ConcurrentHashMap<>();

  /** By key: who read it, each followed by the newest revision then. */
  private final Map<ByteKey, long[]> readers = new ConcurrentHashMap<>();

  private final Watches watches;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final LogThread thread;

  /** What is to be told after a poll; confined to the thread. */
  private final Map<Tracker, List<Tracker.Change>> told = new LinkedHashMap<>();

  /**
   * Nobody has a cache yet.
   *
   * @param readsMax how many keys are remembered, each as often as there are clients that read it
   * @param bytesMax how many bytes that takes
   */
  Tracking(RespDoor door, Watches watches, int readsMax, long bytesMax) {
    this.bytesMax = bytesMax;
    this.door = door;
    this.readsMax = readsMax;
    this.watches = watches;
    thread = new LogThread("mayfly-resp-tracking", watches, new Sink(), this::tell);
  }

  /**
   * A client begins, or goes on under other terms.
   *
   * @throws RespException when there is no memory for its prefixes
   */
  synchronized void begin(Session session, TrackingTerms terms) {
    Tracker there = session.tracker();
    session.kept().take(terms.prefixBytes() - (there == null ? 0 : there.terms().prefixBytes()));
    if (there != null) {
      there.terms(terms);
      return;
    }
    Tracker tracker = new Tracker(session, door, terms);
    trackers.put(session.id(), tracker);
    thread.start();
    session.tracker(tracker);
  }

  /** A client has no cache any more. */
  synchronized void end(Session session) {
    Tracker there = session.tracker();
    if (there == null) {
      return;
    }
    session.kept().giveBack(there.terms().prefixBytes());
    session.tracker(null);
    trackers.remove(session.id());
    if (trackers.isEmpty()) {
      thread.stop();
      forgetReads();
    }
  }

  private void forgetReads() {
    readers.clear();
    reads.set(0);
    bytes.set(0);
  }

  int clients() {
    return trackers.size();
  }

  /** How many reads are remembered. */
  long reads() {
    return reads.get();
  }

  /** Of how many keys. */
  int keys() {
    return readers.size();
  }

  /** How many prefixes are followed, each counted once. */
  long prefixes() {
    return trackers.values().stream()
        .flatMap(t -> t.terms().prefixes().stream())
        .distinct()
        .count();
  }

  /** A client reads this key, just before and just after. */
  void onRead(byte[] key, Session session) {
    if (key.length > door.store().keyspace().bounds().keyBytesMax()) {
      // No such key will ever change.
      return;
    }
    long newest = watches.newestRevision();
    readers.compute(new ByteKey(key), (k, there) -> with(k, there, session.id(), newest));
    if (reads.get() > readsMax || bytes.get() > bytesMax) {
      forgetAll();
    }
  }

  private long[] with(ByteKey key, long @Nullable [] there, long id, long revision) {
    long[] before = there == null ? new long[0] : there;
    for (int i = 0; i < before.length; i += 2) {
      if (before[i] == id) {
        return before;
      }
    }
    reads.incrementAndGet();
    bytes.addAndGet(READER_BYTES + (there == null ? keyBytes(key) : 0));
    long[] after = Arrays.copyOf(before, before.length + 2);
    after[before.length] = id;
    after[before.length + 1] = revision;
    return after;
  }

  private static long keyBytes(ByteKey key) {
    return key.bytes().length + (long) KEY_BYTES;
  }

  private void forgetAll() {
    forgetReads();
    for (Tracker tracker : trackers.values()) {
      if (!tracker.terms().broadcast()) {
        tracker.tellAll();
      }
    }
  }

  /** Forgets who read a key before this revision, and returns them. */
  private List<Tracker> take(ByteKey key, long revision) {
    List<Tracker> found = new ArrayList<>();
    readers.computeIfPresent(
        key,
        (k, there) -> {
          long[] left = new long[there.length];
          int size = 0;
          for (int i = 0; i < there.length; i += 2) {
            Tracker tracker = trackers.get(there[i]);
            if (there[i + 1] >= revision) {
              left[size++] = there[i];
              left[size++] = there[i + 1];
            } else if (tracker != null && !tracker.terms().broadcast()) {
              found.add(tracker);
            }
          }
          reads.addAndGet((size - there.length) / 2);
          bytes.addAndGet((size - there.length) / 2 * (long) READER_BYTES);
          bytes.addAndGet(size == 0 ? -keyBytes(key) : 0);
          return size == 0 ? null : Arrays.copyOf(left, size);
        });
    return found;
  }

  private final class Sink implements WatchSink {
    @Override
    public void onState(byte[] key, Entry entry) {}

    @Override
    public void onStateEnd() {}

    @Override
    public void onGap(WatchGap gap) {
      told.clear();
      forgetReads();
      trackers.values().forEach(Tracker::tellAll);
    }

    @Override
    public void onEvent(Event event) {
      if (event.index() > 0) {
        return;
      }
      Tracker.Change change = new Tracker.Change(event.key(), event.revision());
      take(new ByteKey(event.key()), event.revision()).forEach(tracker -> note(tracker, change));
      for (Tracker tracker : trackers.values()) {
        TrackingTerms terms = tracker.terms();
        if (terms.broadcast() && follows(terms, event.key())) {
          note(tracker, change);
        }
      }
    }
  }

  private void note(Tracker tracker, Tracker.Change change) {
    told.computeIfAbsent(tracker, t -> new ArrayList<>()).add(change);
  }

  private static boolean follows(TrackingTerms terms, byte[] key) {
    for (ByteKey prefix : terms.prefixes()) {
      if (isPrefix(prefix.bytes(), key)) {
        return true;
      }
    }
    return false;
  }

  static boolean isPrefix(byte[] prefix, byte[] key) {
    return key.length >= prefix.length
        && Arrays.equals(prefix, 0, prefix.length, key, 0, prefix.length);
  }

  private void tell() {
    told.forEach(Tracker::tell);
    told.clear();
  }

  @Override
  public void close() {
    thread.close();
  }
}
