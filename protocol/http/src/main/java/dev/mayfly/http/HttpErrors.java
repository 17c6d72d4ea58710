package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;

/** The wire forms of error codes: one exhaustive switch for each surface. Stateless. */
final class HttpErrors {
  private HttpErrors() {}

  /** The status of a refusal under {@code /v1}. */
  static int status(ErrorCode code) {
    return switch (code) {
      case EMPTY_KEY,
          RESERVED_KEY,
          KEY_TOO_LONG,
          LOCK_DURATION_INVALID,
          LOCK_DURATION_TOO_LONG,
          LIFESPAN_INVALID,
          ARGUMENT_INVALID,
          PATTERN_INVALID,
          VERSION_INVALID,
          CROSS_SCOPE ->
          400;
      case NOT_FOUND, VERSION_NOT_FOUND -> 404;
      case NOT_A_NUMBER, NUMBER_OVERFLOW, VERSIONING_OFF -> 409;
      case COMPACTED -> 410;
      case VALUE_TOO_LARGE -> 413;
      case LOCKED -> 423;
      case INTERNAL -> 500;
      case READ_ONLY, OVERLOADED, UNAVAILABLE -> 503;
      case STORE_FULL -> 507;
    };
  }

  /** The answer of the GET-only store. */
  static Reply getStore(ErrorCode code) {
    return switch (code) {
      case EMPTY_KEY -> getStore(400, "EMPTY_KEY");
      case RESERVED_KEY -> getStore(400, "RESERVED_KEY");
      case KEY_TOO_LONG -> getStore(400, "MAXIMUM_KEY_LENGTH_REACHED");
      case VALUE_TOO_LARGE -> getStore(400, "MAXIMUM_VALUE_LENGTH_REACHED");
      case LOCK_DURATION_INVALID,
          LOCK_DURATION_TOO_LONG,
          LIFESPAN_INVALID,
          ARGUMENT_INVALID,
          PATTERN_INVALID,
          NOT_A_NUMBER,
          NUMBER_OVERFLOW,
          VERSIONING_OFF,
          VERSION_INVALID,
          VERSION_NOT_FOUND,
          COMPACTED,
          CROSS_SCOPE ->
          getStore(400, code.name());
      case NOT_FOUND -> getStore(404, "MISSING_RECORD");
      case LOCKED -> getStore(423, "LOCKED_RECORD");
      case INTERNAL -> getStore(500, "INTERNAL_ERROR");
      case READ_ONLY -> getStore(503, "READ_ONLY");
      case OVERLOADED, UNAVAILABLE -> getStore(503, code.name());
      case STORE_FULL -> getStore(507, "MAXIMUM_KEYS_REACHED");
    };
  }

  private static Reply getStore(int status, String error) {
    return new Reply(status, Reply.TEXT_JSON, "{\"error\":\"" + error + "\"}");
  }

  /** The answer of the JSON cache. */
  static Reply jsonCache(ErrorCode code) {
    return switch (code) {
      case EMPTY_KEY -> jsonCache(405, "key cannot be nil/null/empty");
      case LIFESPAN_INVALID -> jsonCache(400, "ttl is out of range");
      case RESERVED_KEY,
          KEY_TOO_LONG,
          LOCK_DURATION_INVALID,
          LOCK_DURATION_TOO_LONG,
          ARGUMENT_INVALID,
          PATTERN_INVALID,
          NOT_A_NUMBER,
          NUMBER_OVERFLOW,
          VERSIONING_OFF,
          VERSION_INVALID,
          VERSION_NOT_FOUND,
          COMPACTED,
          CROSS_SCOPE ->
          jsonCache(400, code.summary());
      case NOT_FOUND -> jsonCache(404, code.summary());
      case VALUE_TOO_LARGE -> jsonCache(413, "body too large");
      case LOCKED -> jsonCache(423, code.summary());
      case INTERNAL -> jsonCache(500, code.summary());
      case READ_ONLY, OVERLOADED, UNAVAILABLE -> jsonCache(503, code.summary());
      case STORE_FULL -> jsonCache(507, code.summary());
    };
  }

  private static Reply jsonCache(int status, String message) {
    return new Reply(status, Reply.JSON_UTF8, "{\"message\":\"" + message + "\"}");
  }
}
