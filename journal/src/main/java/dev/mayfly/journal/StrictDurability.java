package dev.mayfly.journal;

import dev.mayfly.store.Durability;
import dev.mayfly.store.JournalSource;
import dev.mayfly.store.TimeSource;

/** Answers wait until what they show is written. Safe for concurrent use. */
final class StrictDurability implements Durability {
  private final JournalSource source;
  private final DurableWaiters waiters;
  private final Outage outage;
  private final TimeSource time;
  private final ThreadLocal<long[]> seen = ThreadLocal.withInitial(() -> new long[1]);

  StrictDurability(JournalSource source, DurableWaiters waiters, Outage outage, TimeSource time) {
    this.source = source;
    this.waiters = waiters;
    this.outage = outage;
    this.time = time;
  }

  @Override
  public boolean mayHold() {
    return true;
  }

  @Override
  public long revision() {
    return source.claimedRevision();
  }

  @Override
  public boolean isDurable(long revision) {
    return revision <= waiters.durable();
  }

  @Override
  public void onDurable(long revision, Runnable callback) {
    long now = time.millis();
    if (outage.isLong(now) || !waiters.tryAdd(revision, callback, now)) {
      callback.run();
    }
  }

  @Override
  public void see(long revision) {
    long[] mine = seen.get();
    mine[0] = Math.max(mine[0], revision);
  }

  @Override
  public void seeAbsent(byte[] key) {
    see(source.removedRevision(key));
  }

  @Override
  public long seen() {
    long[] mine = seen.get();
    long newest = mine[0];
    mine[0] = 0;
    return newest;
  }
}
