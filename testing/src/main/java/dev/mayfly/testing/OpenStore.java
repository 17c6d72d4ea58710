package dev.mayfly.testing;

import dev.mayfly.store.Accesses;
import dev.mayfly.store.EventLog;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.Transactions;

/**
 * A store that a contract is tried on.
 *
 * @param maintenance does what is due at the time of the store: ends lifespans and locks, prunes
 * @param closing gives everything back
 */
public record OpenStore(
    Keyspace keyspace,
    Transactions transactions,
    EventLog events,
    LockWaits waits,
    Accesses accesses,
    Runnable maintenance,
    Runnable closing) {}
