package dev.mayfly.http;

import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.ScanPage;
import dev.mayfly.store.ScanPage.ScannedEntry;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.Stamp;
import java.util.List;

/**
 * A scan on its way through the keys, as metadata, one bounded step at a time.
 *
 * <p>Confined to one event loop. Between steps it holds nothing of the store's.
 */
final class KeyWalk {
  /** How many entries a step looks at: well under a millisecond of an event loop. */
  static final int STEP_ENTRIES = 256;

  private final Keyspace keyspace;
  private final KeyFilter filter;
  private long cursor;
  private boolean over;

  KeyWalk(Keyspace keyspace, KeyFilter filter, long cursor) {
    this.keyspace = keyspace;
    this.filter = filter;
    this.cursor = cursor;
  }

  /** The keys of the next step; may be empty before the end. */
  List<ScannedEntry> step(Stamp stamp) {
    return advance(scan(STEP_ENTRIES, stamp));
  }

  /**
   * The keys of the next step, at most so many, but for keys whose hashes collide.
   *
   * @param keysMax at least 1
   */
  List<ScannedEntry> step(long keysMax, Stamp stamp) {
    ScanPage page = scan(STEP_ENTRIES, stamp);
    if (page.entries().size() > keysMax) {
      page = scan((int) keysMax, stamp);
    }
    return advance(page);
  }

  private ScanPage scan(int entriesMax, Stamp stamp) {
    return keyspace.scan(new ScanRequest(cursor, filter, entriesMax, false), stamp);
  }

  private List<ScannedEntry> advance(ScanPage page) {
    cursor = page.cursor();
    over = page.isLast();
    return page.entries();
  }

  boolean isOver() {
    return over;
  }

  /** Where another walk could go on. */
  long cursor() {
    return cursor;
  }
}
