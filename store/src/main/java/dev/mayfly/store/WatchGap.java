package dev.mayfly.store;

/**
 * What a watcher has missed.
 *
 * @param missedRevisions how many mutations, whether it wanted them or not; -1: unknown, since they
 *     were of another life of the store
 * @param oldestRevision the oldest revision that is held
 * @param resume the place where the watch goes on, or where another may
 */
public record WatchGap(long missedRevisions, long oldestRevision, ResumeToken resume) {}
