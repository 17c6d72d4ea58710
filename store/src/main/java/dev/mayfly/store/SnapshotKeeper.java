package dev.mayfly.store;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * The snapshots of this store, for operators. Calls block on a database: not for an event loop.
 *
 * <p>Safe for concurrent use; snapshots are made one at a time.
 */
public interface SnapshotKeeper {
  /** Of a store that is in memory only: refuses everything as UNAVAILABLE. */
  SnapshotKeeper NONE =
      new SnapshotKeeper() {
        @Override
        public long made() {
          return 0;
        }

        @Override
        public Snapshot make() {
          throw refusal();
        }

        @Override
        public List<Snapshot> list() {
          throw refusal();
        }

        @Override
        public void delete(long id) {
          throw refusal();
        }

        @Override
        public void chooseForStart(long id) {
          throw refusal();
        }

        @Override
        public Snapshot exportTo(long id, OutputStream out) {
          throw refusal();
        }

        @Override
        public Snapshot importFrom(InputStream in) {
          throw refusal();
        }

        private MayflyException refusal() {
          return new MayflyException(
              ErrorCode.UNAVAILABLE,
              "the store is in memory only: expected a server with --data or --database");
        }
      };

  /**
   * A complete snapshot.
   *
   * @param server the name of the server it is of
   * @param revision the revision at which it equals the store
   * @param entries how many keys
   * @param counters how many keys of counters and limits
   * @param bytes of keys and values
   * @param chosen whether the next start begins with it instead of the newest state
   */
  record Snapshot(
      long id,
      String server,
      long startedMillis,
      long completedMillis,
      long revision,
      long entries,
      long counters,
      long bytes,
      boolean chosen) {}

  /** How many were completed since the start. Does not block. */
  long made();

  /**
   * Makes one now.
   *
   * @throws MayflyException UNAVAILABLE when the database does not take it
   */
  Snapshot make();

  /**
   * All of them, newest first.
   *
   * @throws MayflyException UNAVAILABLE when the database does not answer
   */
  List<Snapshot> list();

  /**
   * Deletes one.
   *
   * @throws MayflyException NOT_FOUND; ARGUMENT_INVALID for the newest, on which the log of changes
   *     stands
   */
  void delete(long id);

  /**
   * Lets the next start begin with this one, and forget what came after it.
   *
   * @param id 0: the newest state, as ever
   * @throws MayflyException NOT_FOUND
   */
  void chooseForStart(long id);

  /**
   * Writes one out as a file, a piece at a time. The stream is not closed; what was written before
   * a failure is known for a part.
   *
   * @param id 0: the newest
   * @throws MayflyException NOT_FOUND; UNAVAILABLE when the database or the stream fails
   */
  Snapshot exportTo(long id, OutputStream out);

  /**
   * Takes one in from a file, a piece at a time; the next start begins with it, and forgets what
   * the store has now. Of a file that is damaged, nothing is taken in.
   *
   * @throws MayflyException ARGUMENT_INVALID when it is damaged or no snapshot, or cannot be read
   *     to its end
   */
  Snapshot importFrom(InputStream in);
}
