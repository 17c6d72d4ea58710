package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * When a write is to happen at all. One that does not hold is a result, not an error.
 *
 * @param kind which test
 * @param revision for {@link Kind#IF_REVISION}, for {@link Kind#IF_LEASED} the lease, else 0
 * @param value for {@link Kind#IF_VALUE}, else null
 */
public record Condition(Kind kind, long revision, byte @Nullable [] value) {
  /** In every case. */
  public static final Condition ALWAYS = new Condition(Kind.ALWAYS, 0, null);

  /** Only when the key does not exist. */
  public static final Condition IF_ABSENT = new Condition(Kind.IF_ABSENT, 0, null);

  /** Only when the key exists. */
  public static final Condition IF_PRESENT = new Condition(Kind.IF_PRESENT, 0, null);

  /** Which test. */
  public enum Kind {
    /** None. */
    ALWAYS,
    /** The key does not exist. */
    IF_ABSENT,
    /** The key exists. */
    IF_PRESENT,
    /** The key exists and its modification revision is this one. */
    IF_REVISION,
    /** The key exists and its value is this one. */
    IF_VALUE,
    /** The key lives on this lease. */
    IF_LEASED
  }

  /** Only when the entry's modification revision is this one: compare and set. */
  public static Condition ifRevision(long revision) {
    return new Condition(Kind.IF_REVISION, revision, null);
  }

  /** Only when the value is this one. */
  public static Condition ifValue(byte[] value) {
    return new Condition(Kind.IF_VALUE, 0, value);
  }

  /** Only when the key lives on this lease. */
  public static Condition ifLeased(long lease) {
    return new Condition(Kind.IF_LEASED, lease, null);
  }

  boolean holds(@Nullable EntryView before) {
    return switch (kind) {
      case ALWAYS -> true;
      case IF_ABSENT -> before == null;
      case IF_PRESENT -> before != null;
      case IF_REVISION -> before != null && before.revision() == revision;
      case IF_LEASED -> before != null && before.lease() == revision;
      case IF_VALUE -> before != null && value != null && before.valueEquals(value);
    };
  }
}
