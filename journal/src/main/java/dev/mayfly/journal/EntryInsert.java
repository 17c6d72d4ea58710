package dev.mayfly.journal;

import dev.mayfly.store.SavedEntry;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * How an entry's row is written. Every value that is bound costs some hundred nanoseconds on its
 * way to the database, and what most entries have alike is in the statement's text: each
 * combination of that is a shape with a statement of its own. Stateless.
 */
final class EntryInsert {
  /** How many shapes there are. */
  static final int SHAPES = 16;

  private static final int TRACKED = 1;
  private static final int GONE = 2;
  private static final int LEASED = 4;
  private static final int TYPED = 8;

  private EntryInsert() {}

  /** The shape of an entry, from 0 on. */
  static int shape(SavedEntry saved) {
    return (saved.tracked() ? TRACKED : 0)
        | (saved.gone() ? GONE : 0)
        | (saved.lease() != 0 ? LEASED : 0)
        | (saved.contentType() != null ? TYPED : 0);
  }

  /** The statement that writes rows of a shape to a snapshot. */
  static String sql(int shape, long snapshot) {
    return "INSERT INTO mayfly_snapshot_entries (snapshot, tracked, gone, id, key, value, revision,"
        + " version, created, updated, deadline, lifespan_set"
        + ((shape & LEASED) != 0 ? ", lease" : "")
        + ((shape & TYPED) != 0 ? ", content_type" : "")
        + ") VALUES (%d,%d,%d,?,?,?,?,?,?,?,?,?"
            .formatted(snapshot, shape & TRACKED, (shape & GONE) != 0 ? 1 : 0)
        + ((shape & LEASED) != 0 ? ",?" : "")
        + ((shape & TYPED) != 0 ? ",?" : "")
        + ")";
  }

  static void bind(PreparedStatement into, int shape, long row, SavedEntry saved)
      throws SQLException {
    into.setLong(1, row);
    into.setBytes(2, saved.key());
    into.setBytes(3, saved.value());
    into.setLong(4, saved.revision());
    into.setLong(5, saved.version());
    into.setLong(6, saved.createdMillis());
    into.setLong(7, saved.updatedMillis());
    into.setLong(8, saved.deadlineMillis());
    into.setLong(9, saved.lifespanSetMillis());
    int next = 10;
    if ((shape & LEASED) != 0) {
      into.setLong(next++, saved.lease());
    }
    if ((shape & TYPED) != 0) {
      into.setString(next, saved.contentType());
    }
  }
}
