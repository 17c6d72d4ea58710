package dev.mayfly.server;

import dev.mayfly.journal.JournalArchive;
import dev.mayfly.journal.JournalConfig;
import dev.mayfly.journal.JournalException;
import dev.mayfly.journal.SnapshotInfo;
import dev.mayfly.store.SnapshotKeeper.Snapshot;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The journal that a server's options name, for operators and without the server. What only reads
 * may be done while the server runs; what writes is refused then.
 *
 * <p>Each call opens the journal and closes it again. Confined to one thread.
 */
public final class JournalOperator {
  private final JournalConfig config;
  private final TimeSource time = new SystemTime();

  private JournalOperator(JournalConfig config) {
    this.config = config;
  }

  /**
   * The journal of a server with these flags, whose other options come from its environment and
   * file as ever.
   *
   * @throws ConfigException when they cannot be used, or name no place
   */
  public static JournalOperator of(Map<String, String> flags) {
    MayflyConfig loaded = new ConfigLoader(Surroundings.ofProcess()).load(flags).config();
    if (!loaded.journal().isOn()) {
      throw new ConfigException(
          List.of(
              "the journal's place is missing: expected --data DIR or --database URL, or the"
                  + " server's environment or file with one of them"));
    }
    return new JournalOperator(JournalParts.config(loaded));
  }

  /** What came in, and from where. */
  public record Imported(Snapshot snapshot, String oldServer, long ended) {}

  /** Something that is done with an open journal. */
  private interface Work<R> {
    R run(JournalArchive archive) throws IOException;
  }

  private <R> R with(boolean writing, Work<R> work) throws IOException {
    try (JournalArchive archive =
        writing
            ? JournalArchive.toWrite(config.place(), config.name(), config.defaultName())
            : JournalArchive.toRead(config.place(), config.name())) {
      return work.run(archive);
    } catch (JournalException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Writes a snapshot to a file that is not there yet.
   *
   * @param id 0: the newest
   * @throws IOException when there is none, or the file cannot be written; there is no file then
   */
  public Snapshot exportSnapshot(long id, Path file) throws IOException {
    return shown(with(false, archive -> archive.exportTo(id, file)), false);
  }

  /**
   * Takes a snapshot in from a file; the next start begins with it.
   *
   * @throws IOException when it cannot be read or is damaged; nothing has changed then
   */
  public Snapshot importSnapshot(Path file) throws IOException {
    return shown(with(true, archive -> archive.importFrom(file, time.millis())), true);
  }

  /**
   * Takes in the newest snapshot of a keyquarry server; the next start begins with it.
   *
   * @param source a JSON file, a SQLite file, {@code sqlite:///path} or {@code postgres://…}
   * @param oldName of the old server; empty: the only one
   * @throws IOException when it cannot be read or is none; nothing has changed then
   */
  public Imported importOld(String source, String oldName) throws IOException {
    JournalArchive.OldImport old =
        with(true, archive -> archive.importOld(source, oldName, time.millis()));
    return new Imported(shown(old.snapshot(), true), old.server(), old.ended());
  }

  /**
   * Shows what the journal has, a line for each block and for each change, oldest first.
   *
   * @param after shows no change with this or an earlier revision
   * @param counters whether counters, limits and leases are shown as well
   * @throws IOException when it cannot be read, or from some line on is damaged
   */
  public void show(long after, boolean counters, Consumer<String> lines) throws IOException {
    var _ =
        with(
            false,
            archive -> {
              archive.show(after, counters, lines);
              return archive.server();
            });
  }

  private static Snapshot shown(SnapshotInfo info, boolean chosen) {
    return new Snapshot(
        info.id(),
        info.server(),
        info.startedMillis(),
        info.completedMillis(),
        info.revision(),
        info.entries(),
        info.counters(),
        info.bytes(),
        chosen);
  }
}
