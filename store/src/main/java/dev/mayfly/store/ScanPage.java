package dev.mayfly.store;

import java.util.List;

/**
 * What one step of a scan found.
 *
 * @param entries the keys that the filter accepts, in no order that means anything; may be empty
 *     before the end
 * @param cursor where the next step goes on; {@link #END} after the last
 */
public record ScanPage(List<ScannedEntry> entries, long cursor) {
  /** The cursor after the last step. */
  public static final long END = 0;

  /** Whether the scan is over. */
  public boolean isLast() {
    return cursor == END;
  }

  /** A key and its entry, both as of one moment. */
  public record ScannedEntry(byte[] key, Entry entry) {}
}
