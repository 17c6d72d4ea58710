package dev.mayfly.journal;

/**
 * A complete snapshot.
 *
 * @param server the name of the server it is of
 * @param startedMillis when it was begun, milliseconds since the epoch
 * @param firstRevision copying began after this one
 * @param revision the revision at which it equals the store
 * @param entries how many keys, those included of which only history is left
 * @param counters how many keys of counters and limits, leases and registered clients
 * @param bytes of keys and values
 * @param counterBlock it has the blocks of counters up to this one in it
 */
public record SnapshotInfo(
    long id,
    String server,
    long startedMillis,
    long completedMillis,
    long firstRevision,
    long revision,
    long entries,
    long history,
    long locks,
    long metrics,
    long counters,
    long bytes,
    long checksum,
    long counterBlock) {}
