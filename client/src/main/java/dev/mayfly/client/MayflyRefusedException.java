package dev.mayfly.client;

/**
 * The server answered that it does not do what was asked; nothing was changed.
 *
 * <p>Immutable; safe for concurrent use.
 */
public final class MayflyRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  MayflyRefusedException(int status, String code, String detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }

  /** The HTTP status, 300 to 599. */
  public int status() {
    return status;
  }

  /** The server's word for the reason, such as {@code locked}; empty if it gave none. */
  public String code() {
    return code;
  }

  /** The reason as a sentence for people. */
  public String detail() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
