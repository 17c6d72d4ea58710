package dev.mayfly.journal;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SnapshotKeeper;
import java.sql.SQLException;
import java.util.List;

/** The snapshots of a journal, as its operators see them. Safe for concurrent use. */
final class JournalSnapshots implements SnapshotKeeper {
  private final Database database;
  private final long server;
  private final Snapshots snapshots;
  private final SnapshotMaker maker;

  JournalSnapshots(Database database, long server, SnapshotMaker maker) {
    this.database = database;
    this.server = server;
    this.maker = maker;
    snapshots = new Snapshots(database, server);
  }

  private MayflyException unavailable(Exception e) {
    return new MayflyException(
        ErrorCode.UNAVAILABLE, "the journal's database: " + SqlErrors.reason(e));
  }

  @Override
  public long made() {
    return maker.made();
  }

  @Override
  public Snapshot make() {
    try {
      return shown(maker.make(), 0);
    } catch (JournalException e) {
      throw unavailable(e);
    }
  }

  @Override
  public List<Snapshot> list() {
    try {
      long chosen = snapshots.chosen();
      return snapshots.list().stream().map(info -> shown(info, chosen)).toList();
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static Snapshot shown(SnapshotInfo info, long chosen) {
    return new Snapshot(
        info.id(),
        info.server(),
        info.startedMillis(),
        info.completedMillis(),
        info.revision(),
        info.entries(),
        info.counters(),
        info.bytes(),
        info.id() == chosen);
  }

  @Override
  public void delete(long id) {
    try {
      synchronized (maker) {
        List<SnapshotInfo> all = snapshots.list();
        require(all, id);
        if (all.getFirst().id() == id) {
          throw new MayflyException(
              ErrorCode.ARGUMENT_INVALID,
              "snapshot %d is the newest, and the log of changes begins with it: make another first"
                  .formatted(id));
        }
        snapshots.delete(id);
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static void require(List<SnapshotInfo> all, long id) {
    if (all.stream().noneMatch(info -> info.id() == id)) {
      throw new MayflyException(ErrorCode.NOT_FOUND, "snapshot %d is not there".formatted(id));
    }
  }

  @Override
  public void chooseForStart(long id) {
    try {
      synchronized (maker) {
        if (id != 0) {
          require(snapshots.list(), id);
        }
        database.write(connection -> ServerRow.restoreFrom(connection, server, id));
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }
}
