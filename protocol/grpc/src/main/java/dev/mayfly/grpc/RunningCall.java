package dev.mayfly.grpc;

import com.google.protobuf.MessageLite;
import dev.mayfly.store.Durability;
import dev.mayfly.store.MayflyException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of the door on its way: keeps count of it and turns failures into its answer.
 *
 * <p>Callbacks come on the connection's event loop, one at a time. Whoever answers does so from one
 * thread at a time.
 */
abstract class RunningCall<Q, R> extends ServerCall.Listener<Q> {
  private static final Status NO_REQUEST =
      Status.INTERNAL.withDescription("the call was closed without a request");
  private static final Status TOO_MANY =
      Status.INTERNAL.withDescription("more than one request for a call that takes one");

  private final CallTerms terms;
  private final OpenCalls open;
  private final ServerCall<Q, R> call;
  private final Function<MayflyException, Status> wording;
  private final long startNanos;
  private final ConnectionReplies connection;
  private final @Nullable IncomingCall incoming = IncomingCalls.current();
  private final CallReplies replies;
  private @Nullable Q request;

  /** Runs the request when there is room for its reply. */
  private @Nullable Runnable waiting;

  private boolean refused;
  private volatile boolean closed;

  /** What it counts as when its stream ends without an answer. */
  private Status.Code cancelled = Status.Code.CANCELLED;

  private volatile Status.Code outcome = Status.Code.CANCELLED;

  /** A call for whose answer a stop waits. */
  RunningCall(CallTerms terms, ServerCall<Q, R> call, Function<MayflyException, Status> wording) {
    this(terms, terms.open(), call, wording);
  }

  /**
   * A call.
   *
   * @param open counts it
   */
  RunningCall(
      CallTerms terms,
      OpenCalls open,
      ServerCall<Q, R> call,
      Function<MayflyException, Status> wording) {
    this.terms = terms;
    this.open = open;
    this.call = call;
    this.wording = wording;
    connection = Objects.requireNonNull(call.getAttributes().get(ConnectionReplies.KEY));
    replies = new CallReplies(connection, incoming);
    startNanos = terms.time().nanos();
    open.onOpened();
    // One more than a right call has, so that a second one is noticed.
    call.request(2);
  }

  /** The whole request has come; never called for a call that is refused already. */
  abstract void onRequest(Q request);

  /** The call is over, answered or not. */
  abstract void onEnd();

  /** How many bytes the reply may tell: an estimate from above, by what there is now. */
  long replyBytes(Q request) {
    return 0;
  }

  /** What its client was told and has not taken. */
  final CallReplies replies() {
    return replies;
  }

  final CallTerms terms() {
    return terms;
  }

  final ServerCall<Q, R> call() {
    return call;
  }

  /** Answers with a refusal, unless the call is over. */
  final void refuse(RuntimeException failure) {
    Status status =
        CallTerms.status(call.getMethodDescriptor().getFullMethodName(), wording, failure);
    whenDurable(0, () -> close(status, new Metadata()));
  }

  /** Answers with one message. */
  final void answer(R reply, Metadata trailers) {
    long bytes = bytes(reply);
    whenDurable(
        bytes,
        () -> {
          if (!call.isCancelled()) {
            call.sendHeaders(new Metadata());
            replies.add(bytes);
            call.sendMessage(reply);
          }
          close(Status.OK, trailers);
        });
  }

  private static long bytes(Object message) {
    return message instanceof MessageLite encodable ? encodable.getSerializedSize() : 0;
  }

  /**
   * Answers when what this thread has seen is durable; refuses when the journal gives up.
   *
   * @param bytes of the reply, which is kept until then
   */
  private void whenDurable(long bytes, Runnable answer) {
    Durability durability = terms.durability();
    long seen = durability.seen();
    if (durability.isDurable(seen)) {
      answer.run();
      return;
    }
    refused = true;
    replies.expect(bytes);
    durability.onDurable(
        seen,
        () -> {
          if (durability.isDurable(seen)) {
            answer.run();
          } else {
            close(GrpcErrors.NOT_DURABLE, new Metadata());
          }
        });
  }

  /** Ends the call, whose stream is reset then: that looks as if its client had gone away. */
  final void reject(Status status) {
    cancelled = status.getCode();
    close(status, new Metadata());
  }

  /** Ends the call, unless it has ended. */
  final void close(Status status, Metadata trailers) {
    refused = true;
    replies.expect(0);
    if (!closed && !call.isCancelled()) {
      closed = true;
      outcome = status.getCode();
      call.close(status, trailers);
    }
  }

  @Override
  public final void onMessage(Q message) {
    if (refused) {
      return;
    }
    if (request != null) {
      close(TOO_MANY, new Metadata());
      return;
    }
    request = message;
  }

  @Override
  public final void onHalfClose() {
    Q whole = request;
    request = null;
    if (refused) {
      return;
    }
    if (whole == null) {
      close(NO_REQUEST, new Metadata());
      return;
    }
    try {
      if (!connection.isFree() && !connection.hasRoom(replyBytes(whole))) {
        await(whole);
        return;
      }
    } catch (RuntimeException e) {
      refuse(e);
      return;
    }
    run(whole);
  }

  private void await(Q whole) {
    Runnable turn =
        () -> {
          endWait();
          if (!refused && !call.isCancelled()) {
            run(whole);
          }
        };
    waiting = turn;
    if (incoming != null) {
      incoming.keep();
    }
    connection.await(turn);
  }

  private void endWait() {
    Runnable turn = waiting;
    if (turn != null) {
      waiting = null;
      connection.leave(turn);
      if (incoming != null) {
        incoming.onRun();
      }
    }
  }

  private void run(Q whole) {
    try {
      onRequest(whole);
    } catch (RuntimeException e) {
      refuse(e);
    }
  }

  @Override
  public final void onCancel() {
    end(cancelled);
  }

  @Override
  public final void onComplete() {
    end(outcome);
  }

  private void end(Status.Code ended) {
    Status.Code code = replies.wasCut() ? Status.Code.RESOURCE_EXHAUSTED : ended;
    endWait();
    replies.end();
    open.onClosed();
    terms
        .metrics()
        .onCall(
            call.getMethodDescriptor().getFullMethodName(),
            code.name(),
            terms.time().nanos() - startNanos);
    onEnd();
  }
}
