package dev.mayfly.grpc;

import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Stamp;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.function.Function;

/**
 * Runs the calls of one method that is answered at once, on the connection's event loop. Immutable.
 */
final class UnaryHandler<Q, R> implements ServerCallHandler<Q, R> {
  /** What the method does. */
  interface Method<Q, R> {
    /** Answers; a refusal is thrown. Returns at once. */
    R answer(Q request, Stamp stamp);
  }

  private final CallTerms terms;
  private final Function<MayflyException, Status> wording;
  private final boolean registers;
  private final Method<Q, R> method;
  private final ReplySize<Q> size;

  /**
   * A handler.
   *
   * @param wording the contract's words for refusals
   * @param registers whether the method is the one that registers
   * @param size how much it tells; see {@link ReplySize#SMALL}
   */
  UnaryHandler(
      CallTerms terms,
      Function<MayflyException, Status> wording,
      boolean registers,
      Method<Q, R> method,
      ReplySize<? super Q> size) {
    this.terms = terms;
    this.wording = wording;
    this.registers = registers;
    this.method = method;
    this.size = size::of;
  }

  @Override
  public ServerCall.Listener<Q> startCall(ServerCall<Q, R> call, Metadata headers) {
    return new Running(call, headers);
  }

  private final class Running extends RunningCall<Q, R> {
    private final Callers.Claim caller;

    Running(ServerCall<Q, R> call, Metadata headers) {
      super(terms, call, wording);
      caller = Callers.claim(headers);
    }

    @Override
    void onRequest(Q request) {
      String client = terms.callers().identify(caller, registers);
      R reply = method.answer(request, new Stamp(terms.time().millis(), client));
      answer(reply, new Metadata());
    }

    @Override
    long replyBytes(Q request) {
      return size.of(request, new Stamp(terms.time().millis(), ""));
    }

    @Override
    void onEnd() {}
  }
}
