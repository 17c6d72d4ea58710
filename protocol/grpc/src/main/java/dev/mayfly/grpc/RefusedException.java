package dev.mayfly.grpc;

import io.grpc.Status;

/** A refusal that is the door's own, in its wire form. Without a stack trace: it is expected. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Status status;

  RefusedException(Status status) {
    super(status.getDescription(), null, false, false);
    this.status = status;
  }

  Status status() {
    return status;
  }
}
