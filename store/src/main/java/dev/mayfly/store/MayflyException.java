package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * A refusal or a failure, told by its {@link ErrorCode}.
 *
 * <p>Refusals of the kinds {@code CALLER} and {@code ENVIRONMENT} carry no stack trace: they are
 * expected, and cheap enough for a hot path. Immutable.
 */
public final class MayflyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** A refusal: {@code message} says what, the offending value, and what was expected. */
  public MayflyException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** A failure with its cause. */
  public MayflyException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause, false, code.kind() == ErrorCode.Kind.BUG);
    this.code = code;
  }

  /** What kind of refusal it is. */
  public ErrorCode code() {
    return code;
  }
}
