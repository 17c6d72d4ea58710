package dev.mayfly.counter;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;

/** How refusals look on the counter door. Static. */
final class CounterErrors {
  private CounterErrors() {}

  /** The data of an E packet. */
  static String text(MayflyException refusal) {
    return refusal.code() == ErrorCode.INTERNAL
        ? ErrorCode.INTERNAL.summary()
        : refusal.getMessage() == null ? refusal.code().summary() : refusal.getMessage();
  }

  /** The status of an operation in a frame. */
  static int status(ErrorCode code) {
    return switch (code) {
      case KEY_TOO_LONG, EMPTY_KEY, RESERVED_KEY -> Frame.BAD_KEY;
      case STORE_FULL -> Frame.FULL;
      case OVERLOADED -> Frame.OVERLOADED;
      case UNAVAILABLE, READ_ONLY -> Frame.UNAVAILABLE;
      case NOT_FOUND -> Frame.NO_SUCH_LIMIT;
      case VALUE_TOO_LARGE,
          LOCK_DURATION_INVALID,
          LOCK_DURATION_TOO_LONG,
          LIFESPAN_INVALID,
          ARGUMENT_INVALID,
          PATTERN_INVALID,
          LOCKED,
          NOT_A_NUMBER,
          NUMBER_OVERFLOW,
          VERSIONING_OFF,
          VERSION_INVALID,
          VERSION_NOT_FOUND,
          COMPACTED,
          CROSS_SCOPE ->
          Frame.BAD_ARGUMENT;
      case INTERNAL -> Frame.INTERNAL;
    };
  }
}
