package dev.mayfly.store;

/**
 * What one step of a sweep did.
 *
 * @param keys how many keys were removed, or had history
 * @param versions how many older versions were removed; 0 when keys were
 * @param cursor where the next step goes on; {@link ScanPage#END} after the last
 */
public record SweepPage(long keys, long versions, long cursor) {
  /** Whether the sweep is over. */
  public boolean isLast() {
    return cursor == ScanPage.END;
  }
}
