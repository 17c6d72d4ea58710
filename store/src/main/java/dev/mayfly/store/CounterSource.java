package dev.mayfly.store;

import java.util.List;

/**
 * Counters and limits as a journal sees them: what they hold, in steps, and a way back.
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

  /**
   * Puts keys back that are not there. What has ended by now is left out.
   *
   * @throws MayflyException STORE_FULL when there is no room for them
   */
  void restoreCounters(List<SavedCounter> counters);
}
