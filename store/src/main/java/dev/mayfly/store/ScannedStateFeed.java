package dev.mayfly.store;

import dev.mayfly.store.ScanPage.ScannedEntry;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the keys that a scan finds. Confined to one thread at a time. It holds one value at most:
 * the scan gives keys, and each is looked at when it is its turn.
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
final class ScannedStateFeed implements StateFeed {
  /** For how many keys it remembers that an event told of them. */
  static final int TOLD_MAX = 65_536;

  private static final int PAGE_ENTRIES = 64;

  private final Keyspace keyspace;
  private final TimeSource time;
  private final EventFilter filter;
  private final LogFeed feed;
  private final Map<ByteBuffer, Long> told = new HashMap<>();
  private final Deque<byte[]> page = new ArrayDeque<>();
  private @Nullable ScannedEntry looked;
  private boolean forgot;
  private long base;
  private long cursor = ScanRequest.START;
  private boolean scanned;

  ScannedStateFeed(Keyspace keyspace, TimeSource time, EventFilter filter, LogFeed feed) {
    this.keyspace = keyspace;
    this.time = time;
    this.filter = filter;
    this.feed = feed;
    base = feed.revision();
  }

  @Override
  public void onGap() {
    base = feed.revision();
  }

  @Override
  public Step step(int most, WatchSink sink) {
    int left = most;
    while (left > 0) {
      ScannedEntry next = looked;
      if (next == null) {
        if (!page.isEmpty()) {
          looked = look(page.remove());
        } else if (scanned) {
          return Step.DONE;
        } else {
          turnPage();
          left--;
        }
      } else if (next.entry().revision() > feed.revision()) {
        int events = feed.poll(1, event -> tell(event, sink));
        if (events == 0) {
          return Step.AWAITED;
        }
        left -= events;
      } else {
        looked = null;
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

  private @Nullable ScannedEntry look(byte[] key) {
    ReadRequest request = new ReadRequest(key, ReadRequest.Part.VALUE, 0, -1, false, false, false);
    Entry entry = keyspace.read(request, stamp());
    return entry == null ? null : new ScannedEntry(key, entry);
  }

  private Stamp stamp() {
    return new Stamp(time.millis(), ReservedKeys.SYSTEM_CLIENT);
  }

  private void turnPage() {
    ScanPage found =
        keyspace.scan(new ScanRequest(cursor, filter.keyFilter(), PAGE_ENTRIES, false), stamp());
    found.entries().stream()
        .sorted(Comparator.comparingLong(each -> each.entry().revision()))
        .forEach(each -> page.add(each.key()));
    cursor = found.cursor();
    scanned = found.isLast();
  }
}
