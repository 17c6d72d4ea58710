package dev.mayfly.engine;

import dev.mayfly.store.CounterSource;
import dev.mayfly.store.CounterStats;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Counters and limits as a journal sees them. Safe for concurrent use. */
final class CounterJournal implements CounterSource {
  private static final long TAKEN_PER_STEP = 64 << 10;

  private final MemoryCounters counters;
  private final CounterShard[] shards;
  private final CounterNamespaces namespaces;
  private final KeyHash hash;
  private final TimeSource time;

  CounterJournal(
      MemoryCounters counters, CounterNamespaces namespaces, KeyHash hash, TimeSource time) {
    this.counters = counters;
    this.shards = counters.shards();
    this.namespaces = namespaces;
    this.hash = hash;
    this.time = time;
  }

  @Override
  public long saveCounters(long cursor, int keysMax, List<SavedCounter> into) {
    int shard = (int) (cursor >>> Integer.SIZE);
    long hashFrom = cursor & 0xFFFF_FFFFL;
    long next = shards[shard].copies().save(hashFrom, keysMax, time.millis(), into);
    if (next >= 0) {
      return (long) shard << Integer.SIZE | next;
    }
    return shard + 1 == shards.length ? CounterSource.END : (shard + 1L) << Integer.SIZE;
  }

  @Override
  public long changes() {
    CounterStats stats = counters.stats();
    return stats.hits() + stats.takes() + stats.evicted();
  }

  @Override
  public void recordChanges() {
    for (CounterShard shard : shards) {
      shard.copies().recordChanges();
    }
  }

  /** Begins with another shard each time, so that none is passed over where there is much. */
  @Override
  public void takeChanged(long bytesMax, List<SavedCounter> into) {
    int first = ThreadLocalRandom.current().nextInt(shards.length);
    long left = bytesMax;
    for (int i = 0; i < shards.length && left > 0; i++) {
      CounterShard shard = shards[(first + i) & (shards.length - 1)];
      takeGone(shard, into);
      long taken;
      do {
        taken = shard.copies().takeChanged(Math.min(left, TAKEN_PER_STEP), time.millis(), into);
        left -= taken;
      } while (taken > 0 && left > 0);
    }
  }

  /**
   * A key that is there again may be in another shard by now, since its namespace is another one;
   * what it is goes over from there, before or after this.
   */
  private void takeGone(CounterShard shard, List<SavedCounter> into) {
    List<SavedCounter> gone = new ArrayList<>();
    shard.copies().takeGone(gone);
    for (SavedCounter nothing : gone) {
      CounterNamespace open = namespaces.find(nothing.kind().number(), nothing.namespace());
      long whole = open == null ? 0 : hash.hash(nothing.key()) ^ open.salt();
      if (open == null || !counters.shard(whole).copies().has(open, whole, nothing.key())) {
        into.add(nothing);
      }
    }
  }

  @Override
  public void replaceCounters(List<SavedCounter> all) {
    long now = time.millis();
    for (SavedCounter saved : all) {
      if (CounterRestore.endMillis(saved) <= now) {
        replaceByNothing(saved);
      } else {
        replace(saved);
      }
    }
    counters.expire(now);
  }

  private void replaceByNothing(SavedCounter saved) {
    CounterNamespace open = namespaces.find(saved.kind().number(), saved.namespace());
    if (open != null) {
      long whole = hash.hash(saved.key()) ^ open.salt();
      var _ =
          counters
              .shard(whole)
              .copies()
              .replace(open, whole, CounterRestore.gone(open.name(), saved.key()));
    }
  }

  private void replace(SavedCounter saved) {
    counters.requireLength("namespace", saved.namespace());
    counters.requireLength("key", saved.key());
    boolean done = false;
    for (int evictions = 0; !done; ) {
      CounterNamespace open = namespaces.open(saved.kind().number(), saved.namespace());
      long whole = hash.hash(saved.key()) ^ open.salt();
      try {
        done = counters.shard(whole).copies().replace(open, whole, saved);
      } catch (MayflyException e) {
        evictions++;
        if (evictions > MemoryCounters.EVICTIONS_MAX || !counters.evictElsewhere(e, open)) {
          throw e;
        }
      }
    }
  }

  @Override
  public void restoreCounters(List<SavedCounter> all) {
    long now = time.millis();
    for (SavedCounter saved : all) {
      counters.requireLength("namespace", saved.namespace());
      counters.requireLength("key", saved.key());
      if (saved.ends().length == 0) {
        continue;
      }
      boolean done = false;
      while (!done) {
        CounterNamespace open = namespaces.open(saved.kind().number(), saved.namespace());
        long whole = hash.hash(saved.key()) ^ open.salt();
        done = counters.shard(whole).copies().restore(open, whole, saved);
      }
    }
    counters.expire(now);
  }
}
