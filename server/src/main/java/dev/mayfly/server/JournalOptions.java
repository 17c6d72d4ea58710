package dev.mayfly.server;

import static dev.mayfly.server.Option.Trait.SECRET;
import static dev.mayfly.server.Option.Trait.SWITCH;

import dev.mayfly.store.ByteSize;
import java.time.Duration;
import java.util.List;

/** The options of the journal, each declared once; a part of {@link Options}. */
final class JournalOptions {
  static final OptionList LIST = new OptionList();

  private static final Duration LONG = Duration.ofDays(36_500);

  static final Option<String> DATA =
      LIST.add(
          "data",
          "",
          OptionType.text(4096),
          "",
          "The folder that the store is kept in, in a SQLite file; made if it is not there. Empty:"
              + " in memory only, unless database is given.");
  static final Option<String> DATABASE =
      LIST.add(
          "database",
          "",
          OptionType.text(4096),
          "",
          "The database that the store is kept in, instead of data:"
              + " postgres://user:password@host/database?sslmode=require, or sqlite:///path.",
          SECRET);
  static final Option<JournalMode> DURABILITY =
      LIST.add(
          "durability",
          "",
          OptionType.choice(JournalMode.class, false),
          "relaxed",
          "What a crash may take back, where data or database is given: snapshot, what came after"
              + " the last snapshot; relaxed, a tenth of a second; strict, nothing that was"
              + " answered: answers wait for the disk, and writes are refused while the database"
              + " is away.");
  static final Option<Duration> SNAPSHOT_INTERVAL =
      LIST.add(
          "snapshot.interval",
          "",
          OptionType.duration(Duration.ZERO, LONG),
          "5m",
          "How often a snapshot is made if anything has changed; 0: only when asked for and when"
              + " the server stops.");
  static final Option<ByteSize> SNAPSHOT_LOG_MAX =
      LIST.add(
          "snapshot.log-max",
          "",
          OptionType.size(new ByteSize(0), new ByteSize(1L << 40)),
          "256MiB",
          "By how much the log of changes may grow before a snapshot is made, whatever the time; it"
              + " bounds what a start has to replay. 0: without a bound.");
  static final Option<Long> SNAPSHOT_KEEP =
      LIST.add(
          "snapshot.keep",
          "",
          OptionType.number(1, 1000),
          "3",
          "How many snapshots are kept; older ones are deleted.");
  static final Option<Boolean> FRESH =
      LIST.add(
          "fresh",
          "",
          OptionType.flag(),
          "false",
          "Starts empty, whatever data or database has; nothing in it is deleted.",
          SWITCH);

  private JournalOptions() {}

  /** What makes no sense together. */
  static void check(Values values, List<String> problems, List<String> warnings) {
    boolean data = !values.get(DATA).isEmpty();
    boolean database = !values.get(DATABASE).isEmpty();
    if (data && database) {
      problems.add(
          "options 'data' and 'database' are two places: expected one of them (%s, %s)"
              .formatted(values.source(DATA), values.source(DATABASE)));
    }
    if (database && !JournalParts.isPlace(values.get(DATABASE))) {
      problems.add(
          "option 'database' is wrong: expected postgres://user:password@host/database or"
              + " sqlite:///path (%s)".formatted(values.source(DATABASE)));
    }
    if (!data && !database) {
      for (Option<?> option :
          List.of(DURABILITY, SNAPSHOT_INTERVAL, SNAPSHOT_LOG_MAX, SNAPSHOT_KEEP, FRESH)) {
        if (!values.source(option).equals(Setting.DEFAULT)) {
          warnings.add(option.name() + " has no effect without data or database");
        }
      }
    }
  }

  static MayflyConfig.Journal config(Values values) {
    boolean named = !values.source(Options.NAME).equals(Setting.DEFAULT);
    return new MayflyConfig.Journal(
        values.get(DATA),
        values.get(DATABASE),
        named,
        values.get(DURABILITY),
        values.get(SNAPSHOT_INTERVAL),
        values.get(SNAPSHOT_LOG_MAX).bytes(),
        values.get(SNAPSHOT_KEEP).intValue(),
        values.get(FRESH));
  }
}
