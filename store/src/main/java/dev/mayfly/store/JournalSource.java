package dev.mayfly.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An engine as a journal sees it: what it holds, in steps; what changes, as it changes; and a way
 * back for both.
 *
 * <p>Safe for concurrent use, but for {@link #cut}, {@link #record} and {@link #endRecording},
 * which one thread at a time may call. A scan together with the changes that were recorded from
 * before it began until after it ended gives the store at the revision of the last cut: restore the
 * entries in any order, then replay the changes in theirs.
 */
public interface JournalSource {
  /** The cursor to begin a scan with. */
  long START = ScanRequest.START;

  /** The cursor after the last step of a scan. */
  long END = ScanPage.END;

  /** No call that has returned made a later revision. */
  long claimedRevision();

  /**
   * While changes are recorded: no call that has returned and did not find this key, saw a later
   * removal.
   */
  long removedRevision(byte[] key);

  /** The newest revision that can be read, as can all before. */
  long newestRevision();

  /**
   * Records changes from here on.
   *
   * @param bytesMax how many bytes of changes are kept for {@link #cut}, and what writers have
   *     under way
   * @param refusing beyond that, whether writes are refused as OVERLOADED until there is room; else
   *     recording ends, and {@link #cut} says so
   */
  void record(long bytesMax, boolean refusing);

  /** Records no more, and forgets what was not taken. */
  void endRecording();

  /**
   * Takes what was recorded.
   *
   * @throws MayflyException OVERLOADED when recording ended because it was too much
   */
  ChangeCut cut();

  /** How many bytes wait to be taken, about. */
  long recordedBytes();

  /** Refuses writes with this from here on; null: takes them. Expiry goes on. */
  void refuseWrites(@Nullable MayflyException refusal);

  /**
   * Hands over some entries. Holds no lock for long.
   *
   * @param cursor {@link #START}, or what the last step returned
   * @param entriesMax about how many
   * @return the cursor to go on from, or {@link #END}
   */
  long save(long cursor, int entriesMax, List<SavedEntry> into);

  /**
   * Puts entries back, without events and revisions of their own. To be called before the store is
   * in use.
   *
   * @throws MayflyException STORE_FULL when they find no room
   */
  void restore(List<SavedEntry> entries);

  /**
   * Applies changes to what was restored, without events; those that an entry has in it already are
   * passed over. Changes of one key must come in their order, by one thread at a time.
   *
   * @throws MayflyException STORE_FULL when they find no room
   */
  void replay(List<Change> changes);

  /** Ends a restore: what is past its deadline goes, without events. */
  void endRestore(long nowMillis);
}
