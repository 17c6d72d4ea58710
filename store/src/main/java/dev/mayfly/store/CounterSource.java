package dev.mayfly.store;

import java.util.List;

/**
 * Counters and limits, or what else lives beside the keys, as a journal sees them: what they hold,
 * in steps, and a way back.
 *
 * <p>Safe for concurrent use. No lock is held between steps, so that hits go on; a key that is
 * there throughout is found once.
 */
public interface CounterSource {
  /** The cursor to begin with. */
  long START = 0;

  /** The cursor after the last step. */
  long END = -1;

  /**
   * Hands over some keys.
   *
   * @param keysMax about how many
   * @return the cursor to go on from, or {@link #END}
   */
  long saveCounters(long cursor, int keysMax, List<SavedCounter> into);

  /** A number that differs whenever something was counted or taken meanwhile. */
  long changes();

  /** Notes from here on which keys change, for {@link #takeChanged}. */
  void recordChanges();

  /**
   * Hands over what keys have become that have changed since they were handed over last. A key that
   * ended by itself is not told of; one that was ended otherwise may be.
   *
   * @param bytesMax about how much; the rest is for the next time
   */
  void takeChanged(long bytesMax, List<SavedCounter> into);

  /**
   * Puts keys back that are not there. What has ended by now is left out.
   *
   * @throws MayflyException STORE_FULL when there is no room for them
   */
  void restoreCounters(List<SavedCounter> counters);

  /**
   * Puts keys in the place of what they were, if they were there.
   *
   * @throws MayflyException STORE_FULL when there is no room for them
   */
  void replaceCounters(List<SavedCounter> counters);
}
