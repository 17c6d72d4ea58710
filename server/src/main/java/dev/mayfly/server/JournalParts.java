package dev.mayfly.server;

import dev.mayfly.engine.MemoryKeyspace;
import dev.mayfly.journal.Journal;
import dev.mayfly.journal.JournalConfig;
import dev.mayfly.journal.JournalException;
import dev.mayfly.journal.JournalPlace;
import dev.mayfly.journal.RestoreProgress;
import dev.mayfly.journal.RestoreReport;
import dev.mayfly.store.Spans;
import dev.mayfly.store.TimeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Turns the server's configuration into a journal. Nothing of the journal, nor of JDBC, is loaded
 * where none is configured.
 */
final class JournalParts {
  private static final System.Logger LOG = System.getLogger(JournalParts.class.getName());

  /** A part of the heap, which is small: changes wait there while a database is slow. */
  private static final long BACKLOG_SHARE = 8;

  private static final long BACKLOG_BYTES_MAX = 64 << 20;

  private JournalParts() {}

  static boolean isPlace(String url) {
    try {
      return JournalPlace.parse(url) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static JournalConfig config(MayflyConfig config) {
    MayflyConfig.Journal journal = config.journal();
    JournalPlace place =
        journal.data().isEmpty()
            ? JournalPlace.parse(journal.database())
            : JournalPlace.folder(Path.of(journal.data()));
    return new JournalConfig(
        place,
        journal.isNamed() ? config.name() : "",
        config.name(),
        switch (journal.mode()) {
          case SNAPSHOT -> JournalConfig.Mode.SNAPSHOT;
          case RELAXED -> JournalConfig.Mode.RELAXED;
          case STRICT -> JournalConfig.Mode.STRICT;
        },
        journal.interval(),
        journal.keep(),
        journal.fresh(),
        Math.min(Runtime.getRuntime().maxMemory() / BACKLOG_SHARE, BACKLOG_BYTES_MAX),
        journal.logBytesMax());
  }

  /**
   * Opens the journal.
   *
   * @throws StartException when it cannot be used
   */
  static Journal open(MayflyConfig config, TimeSource time, Spans spans) {
    try {
      return Journal.open(config(config), time, MemoryKeyspace.revisionByClock(time), spans);
    } catch (JournalException e) {
      throw failed(e);
    }
  }

  static StartException failed(JournalException e) {
    return StartException.circumstance(String.valueOf(e.getMessage()), e);
  }

  /** Tells of a restore in the log, at each tenth of it. */
  static final class Progress implements RestoreProgress {
    private static final long CHANGES_STEP = 1_000_000;

    private final AtomicLong told = new AtomicLong();

    @Override
    public void onEntries(long loaded, long all) {
      long tenth = loaded * 10 / Math.max(1, all);
      if (tenth > told.get() && told.getAndSet(tenth) < tenth && all > 100_000) {
        LOG.log(
            System.Logger.Level.INFO,
            "loading the snapshot: %d of %d entries".formatted(loaded, all));
      }
    }

    @Override
    public void onChanges(long replayed) {
      long step = 100 + replayed / CHANGES_STEP;
      if (told.getAndSet(step) < step && replayed > CHANGES_STEP) {
        LOG.log(System.Logger.Level.INFO, "replaying changes: %d so far".formatted(replayed));
      }
    }
  }

  /** What the store began with, for people. */
  static String shown(RestoreReport report, boolean fresh) {
    if (fresh) {
      return "begun empty, as fresh asks";
    }
    List<String> parts = new ArrayList<>();
    if (report.snapshot() != null) {
      long keys = report.snapshot().entries();
      parts.add("snapshot %d of %s".formatted(report.snapshot().id(), count(keys, "key")));
    }
    if (report.changes() > 0) {
      parts.add(count(report.changes(), parts.isEmpty() ? "change" : "later change"));
    }
    return parts.isEmpty()
        ? "nothing to restore"
        : "restored %s in %d ms".formatted(String.join(" and ", parts), report.tookMillis());
  }

  private static String count(long number, String what) {
    return "%d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }
}
