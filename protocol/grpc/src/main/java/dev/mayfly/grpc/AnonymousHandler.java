package dev.mayfly.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;

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

  AnonymousHandler(CallTerms terms, Method<Q, R> method) {
    this.terms = terms;
    this.method = method;
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
    void onEnd() {}
  }
}
