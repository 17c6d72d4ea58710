package dev.mayfly.resp;

import dev.mayfly.store.MayflyException;

/** The wire form of error codes. Stateless. */
final class RespErrors {
  private static final String FLOAT_COMMAND = "incrbyfloat";

  private RespErrors() {}

  /**
   * The text of an error reply, without the leading minus.
   *
   * @param command the name of the command that was refused, lower-case
   */
  static String text(MayflyException e, String command) {
    boolean isFloat = command.equals(FLOAT_COMMAND);
    return switch (e.code()) {
      case LOCKED -> "LOCKED " + e.code().summary();
      case READ_ONLY -> "READONLY You can't write against a read only server.";
      case STORE_FULL -> "OOM command not allowed: " + e.getMessage();
      case NOT_FOUND -> "ERR no such key";
      case NOT_A_NUMBER ->
          isFloat ? "ERR value is not a valid float" : RespException.NOT_AN_INTEGER;
      case NUMBER_OVERFLOW ->
          isFloat
              ? "ERR increment would produce NaN or Infinity"
              : "ERR increment or decrement would overflow";
      case VALUE_TOO_LARGE -> "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
      case LIFESPAN_INVALID -> "ERR invalid expire time in '" + command + "' command";
      case COMPACTED -> "COMPACTED " + e.getMessage();
      case OVERLOADED, UNAVAILABLE -> "TRYAGAIN " + e.getMessage();
      case EMPTY_KEY,
          RESERVED_KEY,
          KEY_TOO_LONG,
          LOCK_DURATION_INVALID,
          LOCK_DURATION_TOO_LONG,
          ARGUMENT_INVALID,
          PATTERN_INVALID,
          VERSIONING_OFF,
          VERSION_INVALID,
          VERSION_NOT_FOUND,
          CROSS_SCOPE ->
          "ERR " + e.getMessage();
      case INTERNAL -> "ERR internal error";
    };
  }
}
