package dev.mayfly.store;

import dev.mayfly.store.ScanPage.ScannedEntry;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the keys that exist, and the changes meanwhile, as one stream ordered for each key: no gap,
 * and nothing twice. Confined to one thread at a time.
 *
 * <p>The reader of the log stands at E, the end, before the first key is looked at. A look finds an
 * entry as of its modification revision R. Before it is told, the log is read up to R: so every
 * change of the key up to R was told before it, or was before E, and every later one comes after.
 * If R is at most E, no event told of this state, and the entry does. If R is above E, the event of
 * R told it already, unless the filter kept it back or the log had no room for its value: whether
 * it was told is remembered for the keys whose events came first, up to {@link #TOLD_MAX} of them.
 * Beyond that, an entry whose changes are all wanted counts as told by its event, and any other is
 * told again, with the same revision.
 *
 * <p>A key that was removed before the look is not found; its event comes with the others. After a
 * gap, E is the place where the log goes on.
 */
final class StateFeed {
  /** For how many keys it remembers that an event told of them. */
  static final int TOLD_MAX = 65_536;

  private static final int PAGE_ENTRIES = 64;

  private final Keyspace keyspace;
  private final ReservedEntries reserved;
  private final TimeSource time;
  private final EventFilter filter;
  private final LogFeed feed;
  private final Iterator<byte[]> named;
  private final boolean scans;
  private final Map<ByteBuffer, Long> told = new HashMap<>();
  private final Deque<ScannedEntry> page = new ArrayDeque<>();
  private boolean forgot;
  private long base;
  private long cursor = ScanRequest.START;
  private boolean scanned;

  StateFeed(
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
    List<byte[]> keys = filter.keys();
    named = keys.iterator();
    scans = keys.isEmpty();
    base = feed.revision();
  }

  /** Where the log goes on after a gap: what is older is told by the entries themselves. */
  void onGap() {
    base = feed.revision();
  }

  /** What a step came to. */
  enum Step {
    /** There may be more at once. */
    MORE,
    /** The log's next event is awaited, or a gap is to be told. */
    AWAITED,
    /** Every key has been told. */
    DONE
  }

  /** Tells about so many entries and events. */
  Step step(int most, WatchSink sink) {
    int left = most;
    while (left > 0) {
      ScannedEntry next = page.peek();
      if (next == null) {
        if (isExhausted()) {
          return Step.DONE;
        }
        turnPage();
        left--;
      } else if (next.entry().revision() > feed.revision()) {
        int events = feed.poll(1, event -> tell(event, sink));
        if (events == 0) {
          return Step.AWAITED;
        }
        left -= events;
      } else {
        page.remove();
        if (!isTold(next)) {
          sink.onState(next.key(), next.entry());
        }
        left--;
      }
    }
    return Step.MORE;
  }

  private void tell(Event event, WatchSink sink) {
    if (!filter.accepts(event)) {
      return;
    }
    sink.onEvent(event);
    if (event.value() == null) {
      return;
    }
    if (told.size() < TOLD_MAX) {
      told.put(ByteBuffer.wrap(event.key()), event.revision());
    } else {
      forgot = true;
    }
  }

  private boolean isTold(ScannedEntry found) {
    Long revision = told.remove(ByteBuffer.wrap(found.key()));
    long wanted = found.entry().revision();
    if (revision != null && revision == wanted) {
      return true;
    }
    return wanted > base && forgot && filter.acceptsEveryChange();
  }

  private boolean isExhausted() {
    return scans ? scanned : !named.hasNext();
  }

  private void turnPage() {
    Stamp stamp = new Stamp(time.millis(), ReservedKeys.SYSTEM_CLIENT);
    if (!scans) {
      byte[] key = named.next();
      Entry entry = filter.acceptsKey(key) ? look(key, stamp) : null;
      if (entry != null) {
        page.add(new ScannedEntry(key, entry));
      }
      return;
    }
    ScanPage found =
        keyspace.scan(new ScanRequest(cursor, filter.keyFilter(), PAGE_ENTRIES, true), stamp);
    found.entries().stream()
        .sorted(Comparator.comparingLong(each -> each.entry().revision()))
        .forEach(page::add);
    cursor = found.cursor();
    scanned = found.isLast();
  }

  private @Nullable Entry look(byte[] key, Stamp stamp) {
    Entry virtual = reserved.read(key);
    return virtual != null
        ? virtual
        : keyspace.read(
            new ReadRequest(key, ReadRequest.Part.VALUE, 0, -1, false, false, false), stamp);
  }
}
