package dev.mayfly.http;

import dev.mayfly.store.Counters;
import dev.mayfly.store.Durability;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.SnapshotKeeper;
import dev.mayfly.store.Spans;
import dev.mayfly.store.Watches;

/**
 * The contracts that the http door stands on.
 *
 * @param keyspace calls of it do not block
 * @param lockWaits waiting for its locks
 * @param watches what happens to its keys
 * @param reserved the keys that tell of the server itself
 * @param counters what the counter REST counts with
 * @param durability what answers wait for
 * @param snapshots those of the store, if it is on disk
 * @param spans told of each request that has ended
 */
public record HttpStore(
    Keyspace keyspace,
    LockWaits lockWaits,
    Watches watches,
    ReservedEntries reserved,
    Counters counters,
    Durability durability,
    SnapshotKeeper snapshots,
    Spans spans) {}
