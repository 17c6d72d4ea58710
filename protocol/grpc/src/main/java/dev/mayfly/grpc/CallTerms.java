package dev.mayfly.grpc;

import dev.mayfly.store.Durability;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.TimeSource;
import io.grpc.Status;
import java.util.function.Function;

/**
 * What every call of the door is run with. Immutable; safe for concurrent use.
 *
 * @param callers says who calls
 * @param time the time that calls are stamped with
 * @param durability what answers wait for
 * @param open counts the calls that are open, for whose answers a stop waits
 * @param watching counts the watches that are open: a client that takes nothing would keep one open
 *     for ever
 * @param metrics told of each call
 */
record CallTerms(
    Callers callers,
    TimeSource time,
    Durability durability,
    OpenCalls open,
    OpenCalls watching,
    GrpcMetrics metrics) {
  private static final System.Logger LOG = System.getLogger(CallTerms.class.getName());

  /**
   * The answer to a failure. A fault of ours is logged, with its stack, and tells nothing.
   *
   * @param method the full name of the method
   * @param wording the contract's words for refusals
   */
  static Status status(
      String method, Function<MayflyException, Status> wording, RuntimeException failure) {
    if (failure instanceof RefusedException refused) {
      return refused.status();
    }
    Status status =
        failure instanceof MayflyException refused ? wording.apply(refused) : GrpcErrors.INTERNAL;
    if (status.getCode() == Status.Code.INTERNAL) {
      LOG.log(System.Logger.Level.ERROR, "call failed method=" + method, failure);
      return GrpcErrors.INTERNAL;
    }
    return status;
  }
}
