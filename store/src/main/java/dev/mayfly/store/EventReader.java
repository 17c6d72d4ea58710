package dev.mayfly.store;

import java.util.function.Consumer;

/**
 * A place in the event log that moves on at its reader's pace. Confined to one thread at a time;
 * holds nothing that the log would have to keep.
 */
public interface EventReader {
  /**
   * Hands over the next events, whole mutations at a time, in order.
   *
   * @param eventsMax after how many events it stops, at least 1; a mutation that began is finished
   * @return how many; 0 when there are none yet
   * @throws MayflyException COMPACTED when the log has dropped what comes next; {@link
   *     #skipToOldest} goes on from what is left
   */
  int poll(int eventsMax, Consumer<Event> sink);

  /**
   * Moves to the oldest event held.
   *
   * @return how many revisions were passed over
   */
  long skipToOldest();

  /** Where it is: resuming from there continues after the last event handed over. */
  ResumeToken position();

  /** The revision of the last mutation handed over; of the one before the place, when none was. */
  long revision();
}
