package dev.mayfly.grpc;

import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way in: what has come of its request, until that is whole. Confined to the event
 * loop of its connection; see {@link IncomingCalls}.
 */
final class IncomingCall extends ServerStreamTracer {
  /** Calls that hold no more are not refused for it, so that small ones go on beside large ones. */
  private static final int SMALL_BYTES = 1024;

  private final IncomingCalls calls;
  private final Set<IncomingCall> awaiting;
  private final long startNanos;
  private Context.@Nullable CancellableContext own;
  private @Nullable Guard<?> guard;
  private long held;
  private boolean isEnded;
  private boolean isKept;

  /**
   * @param awaiting the calls of its loop whose requests are not whole, in the order in which they
   *     began
   */
  IncomingCall(IncomingCalls calls, Set<IncomingCall> awaiting, long startNanos) {
    this.calls = calls;
    this.awaiting = awaiting;
    this.startNanos = startNanos;
  }

  void begin() {
    calls.onBegun();
    awaiting.add(this);
  }

  long startNanos() {
    return startNanos;
  }

  @Override
  public Context filterContext(Context context) {
    Context.CancellableContext mine = IncomingCalls.with(this, context);
    own = mine;
    return mine;
  }

  /** Part of a message has come, or the whole of it. */
  @Override
  public void inboundWireSize(long bytes) {
    hold(bytes);
  }

  private void hold(long bytes) {
    held += bytes;
    Status refusal = calls.take(bytes);
    if (refusal != null && held > SMALL_BYTES) {
      refuse(refusal);
    }
  }

  @Override
  public void inboundMessageRead(int number, long wireBytes, long bytes) {
    // Who may send many is answered message by message; else it is kept until no other can come.
    if (guard == null || !guard.takesOne()) {
      onWhole();
    }
  }

  @Override
  public void streamClosed(Status status) {
    if (!isEnded) {
      isEnded = true;
      onWhole();
      calls.onEnded();
    }
  }

  /** Its whole request waits: what it holds is counted until it is run. */
  void keep() {
    isKept = true;
  }

  /** It is run, or has ended. */
  void onRun() {
    isKept = false;
    onWhole();
  }

  private void onWhole() {
    awaiting.remove(this);
    calls.giveBack(held);
    held = 0;
  }

  /** Ends the call, which cannot have been answered, since its request is not whole. */
  void refuse(Status refusal) {
    awaiting.remove(this);
    if (guard != null) {
      guard.refuse(refusal);
    }
    reset();
  }

  /**
   * Ends the stream of a call that was refused before its client had sent all: an answer alone
   * would leave half of it open, and what that holds, for as long as the client likes. grpc-java
   * ends the stream of a call whose context ran out of time, and has no other way to ask for that.
   */
  void reset() {
    if (own != null) {
      own.cancel(new TimeoutException("the call was refused"));
    }
  }

  /** The listener of the call, which hears of no request once it is refused. */
  <Q, R> ServerCall.Listener<Q> guard(ServerCall<Q, R> call, ServerCall.Listener<Q> listener) {
    Guard<Q> guarded = new Guard<>(call, listener);
    guard = guarded;
    return guarded;
  }

  private final class Guard<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private boolean isRefused;

    Guard(ServerCall<Q, ?> call, ServerCall.Listener<Q> listener) {
      super(listener);
      this.call = call;
    }

    boolean takesOne() {
      return call.getMethodDescriptor().getType().clientSendsOneMessage();
    }

    void refuse(Status refusal) {
      if (isRefused) {
        return;
      }
      isRefused = true;
      if (delegate() instanceof RunningCall<?, ?> own) {
        own.reject(refusal);
      } else if (!call.isCancelled()) {
        call.close(refusal, new Metadata());
      }
    }

    @Override
    public void onMessage(Q message) {
      if (takesOne() && held > SMALL_BYTES) {
        hold(MessageObjects.bytes(message));
      }
      if (!isRefused) {
        super.onMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      awaiting.remove(IncomingCall.this);
      if (!isRefused) {
        super.onHalfClose();
      }
      if (!isKept) {
        onWhole();
      }
    }
  }
}
