package dev.mayfly.remote;

import dev.mayfly.api.v1.Entry;
import dev.mayfly.api.v1.Event;
import java.util.List;

/**
 * What a watch tells, in order. Whoever keeps a {@code token} together with what the message made
 * it do can go on exactly there later, in another process as well. Immutable.
 */
public sealed interface WatchMessage {
  /** Where a new watch goes on after this message; empty while the current state is told. */
  String token();

  /** Things that happened. */
  record Changes(List<Event> events, String token) implements WatchMessage {}

  /** Entries as they are, when the current state was asked for; before everything else. */
  record State(List<Entry> entries) implements WatchMessage {
    @Override
    public String token() {
      return "";
    }
  }

  /** All current entries have been told. */
  record StateComplete(String token) implements WatchMessage {}

  /**
   * The connection broke before the current state was complete: it is told again from the
   * beginning, and what was told of it before is void.
   */
  record StateAgain() implements WatchMessage {
    @Override
    public String token() {
      return "";
    }
  }

  /**
   * Events that nobody can have any more; where the current state was asked for it follows.
   *
   * @param revisions how many revisions were passed over, whether the watch wanted them or not; 0
   *     when they were of another life of the store
   * @param resumedRevision the revision with which the watch goes on
   */
  record Gap(long revisions, long resumedRevision, String token) implements WatchMessage {}
}
