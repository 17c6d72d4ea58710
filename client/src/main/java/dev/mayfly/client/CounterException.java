package dev.mayfly.client;

import org.jspecify.annotations.Nullable;

/**
 * An operation on counters or limits was not done, or nobody knows whether it was: {@link #reason}
 * tells. Immutable; safe for concurrent use.
 */
public final class CounterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** The server did not understand the operation. */
    MALFORMED,
    /** The server expects another secret, or none, or one at all. */
    UNAUTHENTICATED,
    /** The clocks of client and server differ by more than 30 s, or too many clients are new. */
    STALE,
    /** The key or the namespace is too long. */
    BAD_KEY,
    /** A number is out of its range. */
    BAD_ARGUMENT,
    /** The server has no room for a new key. */
    FULL,
    /** The server has too much to do. */
    OVERLOADED,
    /** The server does not take it now. */
    UNAVAILABLE,
    /** No limit has this name. */
    NO_SUCH_LIMIT,
    /** The server has a fault. */
    INTERNAL,
    /** Too many operations wait in this client; this one was never sent. */
    QUEUE_FULL,
    /** No answer came in time: it may or may not have been done. */
    TIMED_OUT,
    /** No server could be reached; if the connection broke, it may or may not have been done. */
    UNREACHABLE,
    /** The client is closed. */
    CLOSED
  }

  private static final Reason[] BY_STATUS = {
    Reason.INTERNAL,
    Reason.MALFORMED,
    Reason.UNAUTHENTICATED,
    Reason.STALE,
    Reason.BAD_KEY,
    Reason.BAD_ARGUMENT,
    Reason.FULL,
    Reason.OVERLOADED,
    Reason.UNAVAILABLE,
    Reason.NO_SUCH_LIMIT,
    Reason.INTERNAL
  };

  private final Reason reason;

  CounterException(Reason reason, String message) {
    this(reason, message, null);
  }

  CounterException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What the server says with this status, which is not 0. */
  static CounterException ofStatus(int status) {
    Reason reason = status < BY_STATUS.length ? BY_STATUS[status] : Reason.INTERNAL;
    return new CounterException(reason, text(reason));
  }

  private static String text(Reason reason) {
    return switch (reason) {
      case MALFORMED -> "the server does not understand this operation";
      case UNAUTHENTICATED -> "the server expects another secret, or none";
      case STALE -> "the server takes this for a repetition: its clock or ours is off by 30 s";
      case BAD_KEY -> "the key or the namespace is too long";
      case BAD_ARGUMENT -> "a number is out of its range";
      case FULL -> "the server has no room for a new key";
      case OVERLOADED -> "the server has too much to do";
      case UNAVAILABLE -> "the server does not take this now";
      case NO_SUCH_LIMIT -> "no limit has this name";
      case INTERNAL -> "the server has a fault";
      case QUEUE_FULL -> "too many operations wait";
      case TIMED_OUT -> "no answer in time";
      case UNREACHABLE -> "no server can be reached";
      case CLOSED -> "the client is closed";
    };
  }

  static CounterException of(Reason reason) {
    return new CounterException(reason, text(reason));
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
