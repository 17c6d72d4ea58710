package dev.mayfly.grpc;

import dev.mayfly.store.Accesses;
import dev.mayfly.store.Durability;
import dev.mayfly.store.EventLog;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.Leases;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.SnapshotKeeper;
import dev.mayfly.store.Spans;
import dev.mayfly.store.TimeSource;
import dev.mayfly.store.Transactions;
import dev.mayfly.store.Watches;

/**
 * The store as the door sees it: its contracts, which may all be one object. Immutable; every part
 * is safe for concurrent use, and its host's.
 */
public record GrpcStore(
    Keyspace keyspace,
    Transactions transactions,
    LockWaits waits,
    Leases leases,
    EventLog log,
    Watches watches,
    Accesses accesses,
    ReservedEntries reserved,
    Durability durability,
    TimeSource time,
    CountingStore counting,
    SnapshotKeeper snapshots,
    Spans spans) {}
