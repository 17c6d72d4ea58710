package dev.mayfly.journal;

/** Hears how far a restore is. Called on several threads, now and then. */
public interface RestoreProgress {
  /** So many entries of the snapshot are loaded. */
  void onEntries(long loaded, long all);

  /** So many changes are replayed. */
  void onChanges(long replayed);
}
