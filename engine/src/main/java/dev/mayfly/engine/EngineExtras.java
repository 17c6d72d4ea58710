package dev.mayfly.engine;

import dev.mayfly.store.CounterSource;
import dev.mayfly.store.SavedCounter;
import java.util.List;

/**
 * What lives beside the keys, the leases and the clients that registered, as a journal sees them.
 * There are few of them, so they are handed over in one step. Safe for concurrent use.
 */
final class EngineExtras implements CounterSource {
  private static final int LEASE_BYTES = 40;

  private final LeaseTable leases;
  private final Clients clients;

  EngineExtras(LeaseTable leases, Clients clients) {
    this.leases = leases;
    this.clients = clients;
  }

  @Override
  public long saveCounters(long cursor, int keysMax, List<SavedCounter> into) {
    leases.save(into);
    clients.save(into);
    return CounterSource.END;
  }

  @Override
  public long changes() {
    return leases.changes() + clients.size();
  }

  @Override
  public void recordChanges() {
    leases.recordChanges();
    clients.recordChanges();
  }

  @Override
  public void takeChanged(long bytesMax, List<SavedCounter> into) {
    leases.takeChanged((int) Math.min(Integer.MAX_VALUE, bytesMax / LEASE_BYTES), into);
    clients.takeChanged(into);
  }

  @Override
  public void restoreCounters(List<SavedCounter> counters) {
    replaceCounters(counters);
  }

  @Override
  public void replaceCounters(List<SavedCounter> counters) {
    for (SavedCounter saved : counters) {
      if (saved.kind() == SavedCounter.Kind.CLIENT) {
        clients.restore(saved);
      } else {
        leases.replace(saved);
      }
    }
  }
}
