package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * One comparison of a transaction, of a key's entry with something given. A missing key has
 * revision 0, version 0 and an empty value.
 *
 * @param number for {@code REVISION} and {@code VERSION}
 * @param value for {@code VALUE}, which knows only {@code EQUAL} and {@code NOT_EQUAL}
 */
public record Compare(
    byte[] key, Field field, Relation relation, long number, byte @Nullable [] value) {
  /** What is compared. */
  public enum Field {
    /** The modification revision; 0 means: does not exist. */
    REVISION,
    /** The version. */
    VERSION,
    /** The value. */
    VALUE
  }

  /** How the entry's stands to the one given. */
  public enum Relation {
    /** The same. */
    EQUAL,
    /** Another. */
    NOT_EQUAL,
    /** Below. */
    LESS,
    /** Above. */
    GREATER
  }

  /** Checks that field and relation fit. */
  public Compare {
    boolean ordered = relation == Relation.LESS || relation == Relation.GREATER;
    if (field == Field.VALUE && (ordered || value == null)) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "a value is compared for equality with a value");
    }
  }

  /** Whether the key's modification revision is still this one; 0: does not exist. */
  public static Compare revision(byte[] key, long revision) {
    return new Compare(key, Field.REVISION, Relation.EQUAL, revision, null);
  }

  /** Whether it holds. */
  public boolean holds(@Nullable EntryView entry) {
    return switch (field) {
      case REVISION -> holds(entry == null ? 0 : entry.revision());
      case VERSION -> holds(entry == null ? 0 : entry.version());
      case VALUE -> (relation == Relation.EQUAL) == hasValue(entry);
    };
  }

  private boolean hasValue(@Nullable EntryView entry) {
    return value != null && (entry == null ? value.length == 0 : entry.valueEquals(value));
  }

  private boolean holds(long actual) {
    return switch (relation) {
      case EQUAL -> actual == number;
      case NOT_EQUAL -> actual != number;
      case LESS -> actual < number;
      case GREATER -> actual > number;
    };
  }
}
