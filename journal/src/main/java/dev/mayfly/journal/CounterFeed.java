package dev.mayfly.journal;

import dev.mayfly.store.SavedCounter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What counters, limits and leases become, in blocks for the log: counters once a second, and no
 * more than some megabytes of them; leases each time. Confined to the journal's thread, but for
 * {@link #newest}.
 */
final class CounterFeed {
  private static final long COUNTERS_MILLIS = 1_000;

  /** What more has changed waits for the next second. */
  private static final long BYTES_MAX = 4 << 20;

  private final JointSource source;
  private final CounterLog log;
  private long takenMillis;
  private volatile long newest;

  /**
   * @param newest the newest block that is written
   */
  CounterFeed(JointSource source, CounterLog log, long newest) {
    this.source = source;
    this.log = log;
    this.newest = newest;
  }

  void start() {
    source.recordChanges();
  }

  /** The newest block that is written. */
  long newest() {
    return newest;
  }

  /**
   * The next block; null when nothing has changed. To be taken after a cut and written with it, so
   * that no change speaks of a lease that is not known.
   */
  @Nullable CounterBlock take(long nowMillis) {
    List<SavedCounter> changed = new ArrayList<>();
    if (nowMillis - takenMillis >= COUNTERS_MILLIS || nowMillis < takenMillis) {
      takenMillis = nowMillis;
      source.takeChanged(BYTES_MAX, changed);
    } else {
      source.takeExtras(changed);
    }
    return changed.isEmpty() ? null : CounterBlock.of(newest + 1, changed, nowMillis);
  }

  /** Writes a block, in a transaction of the connection; returns how many bytes. */
  long write(KeptConnection kept, @Nullable CounterBlock block) throws SQLException {
    return block == null ? 0 : log.write(kept, block);
  }

  /** A block is written for good. */
  void onWritten(@Nullable CounterBlock block) {
    newest = block == null ? newest : block.number();
  }
}
