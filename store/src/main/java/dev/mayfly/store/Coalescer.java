package dev.mayfly.store;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest event of each key that a watcher has not been told of yet, in the order of revisions.
 * Bounded in keys and bytes. Confined to one thread at a time.
 *
 * <p>An event that gave way has a successor that still waits, or was told: so whoever resumes
 * before the oldest that waits misses nothing but what gave way.
 */
final class Coalescer {
  static final int KEYS_MAX = 10_000;
  static final long BYTES_MAX = 8L << 20;
  private static final int BATCH = 64;

  private final EventFilter filter;
  private final LogFeed feed;
  private final Runnable onCoalesced;
  private final Map<ByteBuffer, Event> pending = new LinkedHashMap<>();
  private long bytes;

  Coalescer(EventFilter filter, LogFeed feed, Runnable onCoalesced) {
    this.filter = filter;
    this.feed = feed;
    this.onCoalesced = onCoalesced;
  }

  /** Reads on in the log, as far as there is room. */
  void absorb() {
    while (pending.size() < KEYS_MAX && bytes < BYTES_MAX) {
      if (feed.poll(BATCH, this::add) == 0) {
        return;
      }
    }
  }

  private void add(Event event) {
    if (!filter.accepts(event)) {
      return;
    }
    ByteBuffer key = ByteBuffer.wrap(event.key());
    Event older = pending.remove(key);
    if (older != null) {
      bytes -= bytesOf(older);
      onCoalesced.run();
    }
    pending.put(key, event);
    bytes += bytesOf(event);
  }

  private static long bytesOf(Event event) {
    byte[] value = event.value();
    return (long) event.key().length + (value == null ? 0 : value.length);
  }

  /** Hands over at most so many; returns whether more wait. */
  boolean poll(int eventsMax, WatchSink sink) {
    Iterator<Event> each = pending.values().iterator();
    for (int i = 0; i < eventsMax && each.hasNext(); i++) {
      Event next = each.next();
      each.remove();
      bytes -= bytesOf(next);
      sink.onEvent(next);
    }
    return each.hasNext();
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** The place before the oldest that waits; null when none does. */
  @Nullable ResumeToken position(long incarnation) {
    return pending.isEmpty()
        ? null
        : new ResumeToken(incarnation, pending.values().iterator().next().revision() - 1);
  }
}
