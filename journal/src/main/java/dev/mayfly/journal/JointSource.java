package dev.mayfly.journal;

import dev.mayfly.store.CounterSource;
import dev.mayfly.store.SavedCounter;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Counters and limits, and what else lives beside the keys, as one. Safe for concurrent use as far
 * as the two are.
 */
final class JointSource implements CounterSource {
  /** After all counters. */
  private static final long EXTRAS = -2;

  private final CounterSource counters;
  private final CounterSource extras;

  JointSource(CounterSource counters, CounterSource extras) {
    this.counters = counters;
    this.extras = extras;
  }

  @Override
  public long saveCounters(long cursor, int keysMax, List<SavedCounter> into) {
    if (cursor == EXTRAS) {
      return extras.saveCounters(START, keysMax, into);
    }
    long next = counters.saveCounters(cursor, keysMax, into);
    return next == END ? EXTRAS : next;
  }

  @Override
  public long changes() {
    return counters.changes() + extras.changes();
  }

  @Override
  public void recordChanges() {
    counters.recordChanges();
    extras.recordChanges();
  }

  /** Leases first: keys that are written in the same moment are on them. */
  @Override
  public void takeChanged(long bytesMax, List<SavedCounter> into) {
    extras.takeChanged(bytesMax, into);
    counters.takeChanged(bytesMax, into);
  }

  /** Those of the extras alone, which are told of with each block of changes. */
  void takeExtras(List<SavedCounter> into) {
    extras.takeChanged(Long.MAX_VALUE, into);
  }

  @Override
  public void restoreCounters(List<SavedCounter> saved) {
    part(saved, CounterSource::restoreCounters);
  }

  @Override
  public void replaceCounters(List<SavedCounter> saved) {
    part(saved, CounterSource::replaceCounters);
  }

  private void part(List<SavedCounter> saved, BiConsumer<CounterSource, List<SavedCounter>> put) {
    put.accept(counters, saved.stream().filter(one -> one.kind().isCounted()).toList());
    put.accept(extras, saved.stream().filter(one -> !one.kind().isCounted()).toList());
  }
}
