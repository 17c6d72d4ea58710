package dev.mayfly.journal;

/**
 * What a journal did and how it is.
 *
 * @param isAway whether the database does not take what is written
 * @param backlogBytes what waits to be written
 * @param durableRevision the newest revision that is written
 * @param lagMillis for how long changes have been waiting
 * @param blocks how many blocks were written
 * @param blockBytes how many bytes
 * @param failures how often writing failed
 * @param snapshots how many were completed
 * @param snapshotFailures how many were not
 * @param snapshotMillis when the last one was completed, since the epoch; 0: never
 * @param snapshotTookMillis how long that took
 * @param snapshotEntries how many keys it has
 */
public record JournalStats(
    boolean isAway,
    long backlogBytes,
    long durableRevision,
    long lagMillis,
    long blocks,
    long blockBytes,
    long failures,
    long snapshots,
    long snapshotFailures,
    long snapshotMillis,
    long snapshotTookMillis,
    long snapshotEntries) {
  /** Of a server without a journal. */
  public static final JournalStats NONE = new JournalStats(false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
