package dev.mayfly.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.util.function.ToLongFunction;

/**
 * Runs the calls of one method that is answered at once, and whose callers do not say who they are,
 * on the connection's event loop. Immutable.
 */
final class AnonymousHandler<Q, R> implements ServerCallHandler<Q, R> {
  /** What the method does. */
  interface Method<Q, R> {
    /** Answers; a refusal is thrown. Returns at once. */
    R answer(Q request, long nowMillis);
  }

  private final CallTerms terms;
  private final Method<Q, R> method;
  private final ToLongFunction<Q> size;

  /**
   * A handler.
   *
   * @param size how many bytes it tells: an estimate from above
   */
  AnonymousHandler(CallTerms terms, Method<Q, R> method, ToLongFunction<Q> size) {
    this.terms = terms;
    this.method = method;
    this.size = size;
  }

  @Override
  public ServerCall.Listener<Q> startCall(ServerCall<Q, R> call, Metadata headers) {
    return new Running(call);
  }

  private final class Running extends RunningCall<Q, R> {
    Running(ServerCall<Q, R> call) {
      super(terms, call, GrpcErrors::v1);
    }

    @Override
    void onRequest(Q request) {
      answer(method.answer(request, terms().time().millis()), new Metadata());
    }

    @Override
    long replyBytes(Q request) {
      return size.applyAsLong(request);
    }

    @Override
    void onEnd() {}
  }
}
