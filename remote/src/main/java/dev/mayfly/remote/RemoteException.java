package dev.mayfly.remote;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** A call that the store refused, or that did not reach it. */
public final class RemoteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status.Code code;

  RemoteException(Status.Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  static RemoteException ofClosedStore(@Nullable Throwable cause) {
    return new RemoteException(Status.Code.CANCELLED, "the store was closed", cause);
  }

  static RemoteException of(Status status) {
    String description = status.getDescription();
    String message = description == null ? status.getCode().name() : description;
    return new RemoteException(status.getCode(), message, status.getCause());
  }

  /** What the contract calls the reason. */
  public Status.Code code() {
    return code;
  }

  /**
   * Whether the same call may succeed later. Whether one that failed so has changed anything is not
   * known, unless the code is RESOURCE_EXHAUSTED.
   */
  public boolean isRetryable() {
    return switch (code) {
      case UNAVAILABLE, RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED -> true;
      default -> false;
    };
  }
}
