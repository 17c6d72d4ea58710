package dev.mayfly.server;

import dev.mayfly.engine.MemoryKeyspace;
import dev.mayfly.journal.Journal;
import dev.mayfly.store.Durability;
import dev.mayfly.store.DurableKeyspace;
import dev.mayfly.store.DurableLeases;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.Leases;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * The engine as doors see it: itself, or, where a journal may hold their answers, what tells it
 * what they are about to show.
 */
record ShownStore(
    Keyspace keyspace,
    Transactions transactions,
    LockWaits waits,
    Leases leases,
    Durability durability) {
  /** What to show of an engine; of its journal once it is restored. */
  static ShownStore of(MemoryKeyspace engine, @Nullable Journal journal) {
    Durability durability = journal == null ? Durability.NONE : journal.durability();
    if (!durability.mayHold()) {
      return new ShownStore(engine, engine, engine, engine.leases(), Durability.NONE);
    }
    DurableKeyspace shown = new DurableKeyspace(engine, engine, engine, durability);
    Leases leases = new DurableLeases(engine.leases(), durability);
    return new ShownStore(shown, shown, shown, leases, durability);
  }
}
