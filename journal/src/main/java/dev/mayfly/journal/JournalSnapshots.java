package dev.mayfly.journal;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SnapshotKeeper;
import dev.mayfly.store.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.List;

/** The snapshots of a journal, as its operators see them. Safe for concurrent use. */
final class JournalSnapshots implements SnapshotKeeper {
  private final Database database;
  private final long server;
  private final Snapshots snapshots;
  private final SnapshotFiles files;
  private final SnapshotMaker maker;
  private final TimeSource time;

  JournalSnapshots(Database database, long server, SnapshotMaker maker, TimeSource time) {
    this.database = database;
    this.server = server;
    this.maker = maker;
    this.time = time;
    snapshots = new Snapshots(database, server);
    files = new SnapshotFiles(database, server);
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

  @Override
  public Snapshot exportTo(long id, OutputStream out) {
    try {
      SnapshotInfo info =
          id == 0 ? snapshots.list().stream().findFirst().orElse(null) : snapshots.find(id);
      if (info == null) {
        throw new MayflyException(
            ErrorCode.NOT_FOUND,
            id == 0 ? "there is no snapshot yet" : "snapshot %d is not there".formatted(id));
      }
      files.export(info, out);
      return shown(info, snapshots.chosen());
    } catch (SQLException | JournalException e) {
      throw unavailable(e);
    } catch (IOException e) {
      throw new MayflyException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The log goes on from the newest snapshot: so that is made anew, and the one that came in is an
   * older one, which is chosen.
   */
  @Override
  public Snapshot importFrom(InputStream in) {
    synchronized (maker) {
      SnapshotInfo taken;
      try {
        taken = files.importFrom(in, time.millis());
      } catch (IOException e) {
        throw new MayflyException(ErrorCode.ARGUMENT_INVALID, String.valueOf(e.getMessage()), e);
      } catch (SQLException | JournalException e) {
        throw unavailable(e);
      }
      try {
        maker.make();
        return shown(taken, taken.id());
      } catch (JournalException e) {
        forget(taken.id(), e);
        throw unavailable(e);
      }
    }
  }

  private void forget(long id, Exception cause) {
    try {
      snapshots.delete(id);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
