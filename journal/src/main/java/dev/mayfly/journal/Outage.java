package dev.mayfly.journal;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.JournalSource;
import dev.mayfly.store.MayflyException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What becomes of writes while the database does not take what is written.
 *
 * <p>A strict journal refuses them at once, since it could not say what became of them. Another
 * goes on: what has changed waits, and writes are refused when that is too much for some seconds,
 * or when no more revisions are reserved.
 *
 * <p>Told by the journal's thread; what it tells is safe to ask for on any.
 */
final class Outage {
  private static final Logger LOG = System.getLogger(Outage.class.getName());
  private static final long RETRY_MILLIS_MIN = 100;
  private static final long RETRY_MILLIS_MAX = 2_000;
  private static final long PATIENCE_MILLIS = 5_000;

  private final JournalConfig config;
  private final JournalSource source;
  private final AtomicLong failures = new AtomicLong();
  private long retryMillis = RETRY_MILLIS_MIN;
  private volatile long sinceMillis;
  private volatile boolean away;

  Outage(JournalConfig config, JournalSource source) {
    this.config = config;
    this.source = source;
  }

  /** Whether there is one; who sees that there is may rely on what it refuses being refused. */
  boolean isOn() {
    return away;
  }

  long sinceMillis() {
    return sinceMillis;
  }

  long failures() {
    return failures.get();
  }

  /** How long to pause before the next try. */
  long retryMillis() {
    return retryMillis;
  }

  /** Whether nobody is to wait any more for its end. */
  boolean isLong(long nowMillis) {
    return away && nowMillis - sinceMillis >= PATIENCE_MILLIS;
  }

  /** Who has waited since then, has waited long enough. */
  static long patienceOver(long nowMillis) {
    return nowMillis - PATIENCE_MILLIS;
  }

  /**
   * The database did not take something.
   *
   * @param spent whether there are hardly any revisions left that are reserved
   */
  void onFailure(Exception e, long nowMillis, boolean spent) {
    failures.incrementAndGet();
    if (away) {
      retryMillis = Math.min(2 * retryMillis, RETRY_MILLIS_MAX);
    } else {
      sinceMillis = nowMillis;
      LOG.log(
          Level.ERROR,
          "the journal's database does not take changes: " + SqlErrors.reason(e),
          "place",
          config.place());
    }
    boolean full = config.hasLog() && source.recordedBytes() > config.backlogMax();
    if (config.isStrict() || spent || (full && nowMillis - sinceMillis > PATIENCE_MILLIS)) {
      refuse("the journal's database is away");
    }
    away = true;
  }

  /** It took everything. */
  void onSuccess() {
    if (away) {
      LOG.log(Level.WARNING, "the journal's database is back: nothing was lost");
      retryMillis = RETRY_MILLIS_MIN;
      source.refuseWrites(null);
    }
    away = false;
  }

  /** Nothing will be written any more. */
  void onEnd() {
    refuse("the journal has failed");
    away = true;
  }

  private void refuse(String why) {
    source.refuseWrites(new MayflyException(ErrorCode.UNAVAILABLE, why));
  }
}
