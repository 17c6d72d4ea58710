package dev.mayfly.journal;

import dev.mayfly.store.Change;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a server, for operators and without the server: snapshots go out to files and come
 * in from files, and changes are shown.
 *
 * <p>What only reads may be done beside a running server. What writes takes the server's place: it
 * is refused while a server runs. Confined to one thread; it owns its connections and the lock.
 */
public final class JournalArchive implements AutoCloseable {
  private final Database database;
  private final @Nullable JournalLock lock;
  private final ServerRow server;

  private JournalArchive(Database database, @Nullable JournalLock lock, ServerRow server) {
    this.database = database;
    this.lock = lock;
    this.server = server;
  }

  /**
   * Opens a journal that is there, to read it.
   *
   * @param name of the server; empty: the only one
   * @throws JournalException when it is not there, or has tables of another version
   */
  public static JournalArchive toRead(JournalPlace place, String name) {
    Database database = Database.openAsIs(place);
    try {
      return new JournalArchive(database, null, onlyServer(database, name));
    } catch (SQLException | JournalException e) {
      database.close();
      throw e instanceof JournalException known ? known : SqlErrors.cannotOpen(place, e);
    }
  }

  private static ServerRow onlyServer(Database database, String name) throws SQLException {
    List<ServerRow> all = ServerRow.list(database);
    ServerRow found = name.isEmpty() && all.size() == 1 ? all.getFirst() : null;
    found = found == null ? ServerRow.named(all, name) : found;
    if (found == null) {
      String names = all.stream().map(ServerRow::name).collect(Collectors.joining("', '"));
      throw new JournalException(
          "the journal at %s has no server named '%s': expected one of '%s'"
              .formatted(database.place(), name, names));
    }
    return found;
  }

  /**
   * Opens a journal to write to it, and makes it if it is not there.
   *
   * @param name of the server; empty: the one kept there, else the default
   * @throws JournalException when it cannot be used, or a server uses it
   */
  public static JournalArchive toWrite(JournalPlace place, String name, String defaultName) {
    Database database = null;
    JournalLock lock = null;
    try {
      if (place instanceof JournalPlace.File file) {
        lock = JournalLock.ofFile(file.path());
      }
      database = Database.open(place, true, true);
      ServerRow server = ServerRow.find(database, name, defaultName);
      if (lock == null) {
        lock = JournalLock.ofServer(database, server.name());
      }
      return new JournalArchive(database, lock, server);
    } catch (SQLException | RuntimeException e) {
      if (database != null) {
        database.close();
      }
      if (lock != null) {
        lock.close();
      }
      throw e instanceof JournalException known ? known : SqlErrors.cannotOpen(place, e);
    }
  }

  /** The name of the server. */
  public String server() {
    return server.name();
  }

  /** The complete snapshots, newest first. */
  public List<SnapshotInfo> snapshots() {
    try {
      return new Snapshots(database, server.id()).list();
    } catch (SQLException e) {
      throw SqlErrors.failed("listing the journal's snapshots", database.place(), e);
    }
  }

  private SnapshotFiles files() {
    return new SnapshotFiles(database, server.id());
  }

  /**
   * Writes a snapshot to a file, which is there when all of it is.
   *
   * @param id 0: the newest
   * @throws JournalException when there is none, or it is damaged
   * @throws IOException when the file is there already, or cannot be written
   */
  public SnapshotInfo exportTo(long id, Path file) throws IOException {
    List<SnapshotInfo> all = snapshots();
    SnapshotInfo info =
        all.stream().filter(each -> id == 0 || each.id() == id).findFirst().orElse(null);
    if (info == null) {
      throw new JournalException(
          id == 0
              ? "the journal at %s has no snapshot yet: make one with 'mayfly snapshot now'"
                  .formatted(database.place())
              : "snapshot %d is not there".formatted(id));
    }
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file + " is there already: expected a new file");
    }
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try (FileChannel channel =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
      files().export(info, out);
      channel.force(true);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (SQLException e) {
      throw SqlErrors.failed("reading snapshot %d".formatted(info.id()), database.place(), e);
    } finally {
      Files.deleteIfExists(partial);
    }
    return info;
  }

  /**
   * Takes a snapshot in from a file; the next start begins with it, and forgets what the journal
   * has now. Of a file that is damaged nothing is kept.
   *
   * @throws JournalException when the database does not take it
   * @throws IOException when the file is damaged, or cannot be read
   */
  public SnapshotInfo importFrom(Path file, long nowMillis) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return files().importFrom(in, nowMillis);
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(file + " is not there");
    } catch (SQLException e) {
      throw SqlErrors.failed("the import", database.place(), e);
    }
  }

  /** What came in from a server of the old kind. */
  public record OldImport(SnapshotInfo snapshot, String server, long ended) {}

  /**
   * Takes in the newest snapshot of a server of the old kind; the next start begins with it.
   *
   * @param source a JSON file, a SQLite file, {@code sqlite://path} or {@code postgres://…}
   * @param name of the old server; empty: the only one
   * @throws IOException when it cannot be read or is none
   */
  public OldImport importOld(String source, String name, long nowMillis) throws IOException {
    OldDocument document = OldDocument.find(source, name);
    long newest = snapshots().stream().mapToLong(SnapshotInfo::revision).max().orElse(0);
    long begun = Math.max(server.reserved(), newest);
    SnapshotImport into = null;
    try {
      OldSnapshot old = OldSnapshot.read(document, begun, nowMillis);
      into = SnapshotImport.begin(database, server.id(), begun, nowMillis);
      SnapshotImport sink = into;
      old.entries(sink::entries);
      sink.counters(old.clients());
      long end = old.revision();
      return new OldImport(sink.complete(end, true, nowMillis), document.server(), old.ended());
    } catch (SQLException e) {
      giveUp(into, e);
      throw SqlErrors.failed("the import", database.place(), e);
    } catch (IOException | RuntimeException e) {
      giveUp(into, e);
      throw e;
    }
  }

  private static void giveUp(@Nullable SnapshotImport into, Exception cause) {
    if (into != null) {
      into.giveUp(cause);
    }
  }

  /**
   * Shows the log, oldest first: for each block a line that begins with a hash, then a line for
   * each change.
   *
   * @param after shows no change with this or an earlier revision
   * @param counters whether blocks of counters, limits and leases are shown as well
   * @throws JournalException when it is damaged; what comes before was shown
   */
  public void show(long after, boolean counters, Consumer<String> lines) {
    try {
      for (SnapshotInfo info : snapshots().reversed()) {
        lines.accept(
            "# snapshot %d: revision %d, %d keys, %s"
                .formatted(
                    info.id(),
                    info.revision(),
                    info.entries(),
                    ChangeText.time(info.completedMillis())));
      }
      ChangeLog.Sink<JournalException> sink = block -> show(block, after, lines);
      new ChangeLog(database, server.id()).read(after, 0, Long.MAX_VALUE, sink);
      if (counters) {
        new CounterLog(database, server.id()).read(0, block -> show(block, lines));
      }
    } catch (SQLException e) {
      throw SqlErrors.failed("reading the journal", database.place(), e);
    }
  }

  private static void show(ChangeBlock block, long after, Consumer<String> lines) {
    lines.accept(
        "# block of revisions %d to %d, part %d of %d: %d changes, %d bytes, %s"
            .formatted(
                block.after() + 1,
                block.revision(),
                block.part() + 1,
                block.parts(),
                block.changes(),
                block.data().length,
                ChangeText.time(block.writtenMillis())));
    block.decode().stream()
        .filter(change -> change.revision() > after)
        .sorted(Comparator.comparingLong(Change::revision))
        .map(ChangeText::line)
        .forEach(lines);
  }

  private static void show(CounterBlock block, Consumer<String> lines) {
    lines.accept(
        "# block %d of counters: %d keys, %d bytes, %s"
            .formatted(
                block.number(),
                block.changes(),
                block.data().length,
                ChangeText.time(block.writtenMillis())));
    block.decode().stream().map(ChangeText::line).forEach(lines);
  }

  @Override
  public void close() {
    try {
      if (lock != null) {
        lock.close();
      }
    } finally {
      database.close();
    }
  }
}
