package dev.mayfly.journal;

import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** Brings the tables to this version's form, or refuses a newer or a broken one. Stateless. */
final class Schema {
  private static final String HISTORY = "mayfly_schema_history";

  /** Held, so that its level stays: what Flyway tells of normal work is of no use to operators. */
  private static final Logger TALK = Logger.getLogger("org.flywaydb");

  private Schema() {}

  /** Brings the tables up to date. */
  static void migrate(DataSource connections, JournalPlace place) {
    Flyway flyway = flyway(connections, place);
    requireKnown(flyway.info().all(), place);
    flyway.migrate();
  }

  /** Requires that the tables are up to date, and changes nothing. */
  static void requireCurrent(DataSource connections, JournalPlace place) {
    Flyway flyway = flyway(connections, place);
    MigrationInfo[] all = flyway.info().all();
    requireKnown(all, place);
    if (Arrays.stream(all).anyMatch(info -> info.getState() == MigrationState.PENDING)) {
      throw new JournalException(
          "the journal at %s has no tables, or those of an older mayfly: expected version %s;"
                  .formatted(place, newestKnown(all))
              + " start its server once with this mayfly");
    }
  }

  private static Flyway flyway(DataSource connections, JournalPlace place) {
    TALK.setLevel(Level.SEVERE);
    String dialect = place instanceof JournalPlace.File ? "sqlite" : "postgresql";
    return Flyway.configure(Schema.class.getClassLoader())
        .dataSource(connections)
        .locations("classpath:dev/mayfly/journal/" + dialect)
        .table(HISTORY)
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load();
  }

  private static void requireKnown(MigrationInfo[] all, JournalPlace place) {
    Arrays.stream(all)
        .filter(info -> info.getState() == MigrationState.FUTURE_SUCCESS)
        .findFirst()
        .ifPresent(
            future -> {
              throw new JournalException(
                  "the journal at %s was written by a newer mayfly (tables of version %s): expected"
                          .formatted(place, future.getVersion())
                      + " at most version "
                      + newestKnown(all)
                      + "; nothing was changed");
            });
    for (MigrationInfo info : all) {
      if (info.getState() == MigrationState.MISSING_SUCCESS
          || info.getState() == MigrationState.FAILED) {
        throw new JournalException(
            "the journal at %s has tables of version %s that this mayfly does not know (%s)"
                .formatted(place, info.getVersion(), info.getState().getDisplayName()));
      }
      requireOwn(info, place);
    }
  }

  private static void requireOwn(MigrationInfo info, JournalPlace place) {
    Integer expected = info.getResolvedChecksum();
    if (expected != null && info.isApplied() && !info.isChecksumMatching()) {
      throw new JournalException(
          """
          the journal at %s has tables of version %s that other steps made (checksum %d, expected \
          %d); nothing was changed; restore it from a backup, or start the mayfly that made it"""
              .formatted(place, info.getVersion(), info.getAppliedChecksum(), expected));
    }
  }

  private static String newestKnown(MigrationInfo[] all) {
    return Arrays.stream(all)
        .filter(info -> info.getState().isResolved() && info.getVersion() != null)
        .map(info -> info.getVersion().getVersion())
        .reduce("0", (older, newer) -> newer);
  }
}
