package dev.mayfly.resp;

/** An error reply. Carries no stack trace. */
final class RespException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final String SYNTAX = "ERR syntax error";
  static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";

  /**
   * An error with its whole text.
   *
   * @param text without the leading minus
   */
  RespException(String text) {
    super(text, null, false, false);
  }

  String text() {
    return String.valueOf(getMessage());
  }

  static RespException syntax() {
    return new RespException(SYNTAX);
  }
}
