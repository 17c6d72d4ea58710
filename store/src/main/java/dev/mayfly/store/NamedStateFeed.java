package dev.mayfly.store;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the entries of keys that a filter names before any event. Confined to one thread at a time.
 *
 * <p>The reader of the log stands at the end before the first key is looked at. A look finds an
 * entry as of its modification revision R: the events of that key up to R are part of what was
 * told, and are left out. When all keys have been looked at, the log is read up to the greatest R,
 * so that its place is one to resume from. A key that is missing tells nothing, and its events come
 * with the others.
 */
final class NamedStateFeed implements StateFeed {
  private final Keyspace keyspace;
  private final ReservedEntries reserved;
  private final TimeSource time;
  private final EventFilter filter;
  private final LogFeed feed;
  private final Iterator<byte[]> keys;
  private final Map<ByteBuffer, Long> told = new HashMap<>();
  private long newestTold;

  NamedStateFeed(
      Keyspace keyspace,
      ReservedEntries reserved,
      TimeSource time,
      EventFilter filter,
      LogFeed feed) {
    this.keyspace = keyspace;
    this.reserved = reserved;
    this.time = time;
    this.filter = filter;
    this.feed = feed;
    keys = filter.keys().iterator();
  }

  @Override
  public void onGap() {
    // What was told stays told; the gap itself says that events of it may be missing.
  }

  @Override
  public Step step(int most, WatchSink sink) {
    for (int left = most; left > 0; left--) {
      if (keys.hasNext()) {
        look(keys.next(), sink);
      } else if (!feed.hasGap() && feed.revision() >= newestTold) {
        return Step.DONE;
      } else if (feed.poll(1, event -> tell(event, sink)) == 0) {
        return Step.AWAITED;
      }
    }
    return Step.MORE;
  }

  private void look(byte[] key, WatchSink sink) {
    Entry entry = filter.acceptsKey(key) ? read(key) : null;
    if (entry == null) {
      return;
    }
    told.put(ByteBuffer.wrap(key), entry.revision());
    if (!ReservedKeys.isReserved(key)) {
      newestTold = Math.max(newestTold, entry.revision());
    }
    sink.onState(key, entry);
  }

  private @Nullable Entry read(byte[] key) {
    Entry virtual = reserved.read(key);
    if (virtual != null) {
      return virtual;
    }
    ReadRequest request = new ReadRequest(key, ReadRequest.Part.VALUE, 0, -1, false, false, false);
    return keyspace.read(request, new Stamp(time.millis(), ReservedKeys.SYSTEM_CLIENT));
  }

  private void tell(Event event, WatchSink sink) {
    if (filter.accepts(event)
        && event.revision() > told.getOrDefault(ByteBuffer.wrap(event.key()), 0L)) {
      sink.onEvent(event);
    }
  }
}
