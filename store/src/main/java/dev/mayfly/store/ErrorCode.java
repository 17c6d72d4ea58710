package dev.mayfly.store;

/**
 * Every way in which the store refuses or fails, each with its kind, whether a retry may help, and
 * a summary for people.
 *
 * <p>Each door turns a code into its own wire form in exactly one exhaustive switch.
 */
public enum ErrorCode {
  /** The key has no bytes. */
  EMPTY_KEY(Kind.CALLER, false, "a key has at least one byte"),
  /** A write to a key below the reserved prefix. */
  RESERVED_KEY(Kind.CALLER, false, "the key is reserved"),
  /** The key has more bytes than allowed. */
  KEY_TOO_LONG(Kind.CALLER, false, "the key is too long"),
  /** The value has more bytes than the door or the store allows. */
  VALUE_TOO_LARGE(Kind.CALLER, false, "the value is too large"),
  /** A lock duration that is absent, not positive, or below the least one. */
  LOCK_DURATION_INVALID(Kind.CALLER, false, "the lock duration is too short"),
  /** A lock duration above the greatest one. */
  LOCK_DURATION_TOO_LONG(Kind.CALLER, false, "the lock duration is too long"),
  /** A lifespan that is not positive, below the least one, or beyond what a deadline can hold. */
  LIFESPAN_INVALID(Kind.CALLER, false, "the lifespan is out of range"),
  /** Any other argument outside its range. */
  ARGUMENT_INVALID(Kind.CALLER, false, "an argument is out of range"),
  /** A pattern that does not compile. */
  PATTERN_INVALID(Kind.CALLER, false, "the pattern is invalid"),
  /** The key does not exist, where that is an error. */
  NOT_FOUND(Kind.CALLER, false, "no such key"),
  /** The key is locked by another client. */
  LOCKED(Kind.CALLER, true, "the key is locked by another client"),
  /** Arithmetic on a value that is no number. */
  NOT_A_NUMBER(Kind.CALLER, false, "the value is not a number"),
  /** Arithmetic whose result does not fit. */
  NUMBER_OVERFLOW(Kind.CALLER, false, "the result is out of range"),
  /** History was asked for where none is kept. */
  VERSIONING_OFF(Kind.CALLER, false, "no history is kept"),
  /** Version 0 was asked for. */
  VERSION_INVALID(Kind.CALLER, false, "a version is above or below zero"),
  /** The version asked for is not held, or not any more. */
  VERSION_NOT_FOUND(Kind.CALLER, false, "no such version"),
  /** Events were asked for that the log does not hold any more. */
  COMPACTED(Kind.CALLER, false, "the position is not held any more"),
  /** Keys of one transaction that may live on different nodes. */
  CROSS_SCOPE(Kind.CALLER, false, "the keys do not share a scope"),
  /** The store takes no writes. */
  READ_ONLY(Kind.ENVIRONMENT, true, "the store is read-only"),
  /** The store is at its limit of keys or bytes, and nothing may be removed to make room. */
  STORE_FULL(Kind.ENVIRONMENT, true, "the store is full"),
  /** Too much is in flight. */
  OVERLOADED(Kind.ENVIRONMENT, true, "the server is overloaded"),
  /** The store is not serving now. */
  UNAVAILABLE(Kind.ENVIRONMENT, true, "the store is unavailable"),
  /** A fault of ours. */
  INTERNAL(Kind.BUG, false, "internal error");

  /** Whose fault an error is. */
  public enum Kind {
    /** The caller's: the same request will be refused again in the same state. */
    CALLER,
    /** The environment's: the request was fine. */
    ENVIRONMENT,
    /** Ours. */
    BUG
  }

  private final Kind kind;
  private final boolean retryable;
  private final String summary;

  ErrorCode(Kind kind, boolean retryable, String summary) {
    this.kind = kind;
    this.retryable = retryable;
    this.summary = summary;
  }

  /** Whose fault it is. */
  public Kind kind() {
    return kind;
  }

  /** Whether the same request may succeed later. */
  public boolean isRetryable() {
    return retryable;
  }

  /** A short sentence without a full stop; never contains data. */
  public String summary() {
    return summary;
  }
}
