package dev.mayfly.store;

/**
 * What happened to the keys, in order: every event of every mutation, kept as long as the log has
 * room for it.
 *
 * <p>The order is that of revisions, and for each key that of its mutations. Safe for concurrent
 * use; readers never hold up writers.
 */
public interface EventLog {
  /** Which life of the store this is; differs from that of every earlier one. */
  long incarnation();

  /** The revision of the newest mutation whose events, and those of all before, can be read. */
  long newestRevision();

  /** The revision of the oldest mutation whose events are held; one above newest when none are. */
  long oldestRevision();

  /** The place after all events that can be read now. */
  ResumeToken end();

  /** A reader of all events from here on. */
  EventReader readFromEnd();

  /**
   * A reader of all events after the token's place.
   *
   * @throws MayflyException COMPACTED when they are not held any more, or the token is of another
   *     incarnation; the message names the oldest revision held
   */
  EventReader readFrom(ResumeToken token);

  /**
   * A reader of all events of this revision and those after it.
   *
   * @param revision 1 to one above the newest
   * @throws MayflyException COMPACTED when they are not held any more; ARGUMENT_INVALID when the
   *     revision lies in the future
   */
  EventReader readFromRevision(long revision);

  /**
   * Calls back once, on some thread of the store, soon after an event is appended that was not
   * there when this call began. The callback must not block.
   *
   * @return what cancels it; closing again, or after the call, does nothing
   */
  Registration onAppend(Runnable callback);

  /** A callback that is waited for. */
  interface Registration extends AutoCloseable {
    /** Forgets the callback; one that is running goes on. */
    @Override
    void close();
  }
}
