package dev.mayfly.grpc;

import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Stamp;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the calls of one method that takes long: in steps, on threads of their own, between which
 * other calls have their turn. Immutable.
 */
final class SteppedHandler<Q, R> implements ServerCallHandler<Q, R> {
  /** What the method does. */
  interface Method<Q, R> {
    /** Begins, on the event loop; what can be refused at once is thrown. */
    Progress<R> begin(Q request, Stamp stamp);
  }

  /** One call's work. Confined to one thread at a time. */
  interface Progress<R> {
    /** Does one step; a refusal is thrown. Gives the reply after the last step, null before. */
    @Nullable R step(Stamp stamp);

    /** Whether the work goes on to its end though nobody waits for it any more. */
    default boolean isCompletedAlone() {
      return false;
    }

    /** How many bytes its reply is going to have, or has already where that cannot be known. */
    default long bytes() {
      return 0;
    }

    /** What the trailers of the reply tell. */
    default Metadata trailers() {
      return new Metadata();
    }

    /** The call is over: gives back what it holds. Called at any time, and again after a step. */
    default void release() {}
  }

  private final CallTerms terms;
  private final Function<MayflyException, Status> wording;
  private final Steps steps;
  private final Method<Q, R> method;
  private final ReplySize<Q> size;

  /**
   * A handler.
   *
   * @param wording the contract's words for refusals
   * @param size how much it tells; see {@link ReplySize#SMALL}
   */
  SteppedHandler(
      CallTerms terms,
      Function<MayflyException, Status> wording,
      Steps steps,
      Method<Q, R> method,
      ReplySize<? super Q> size) {
    this.terms = terms;
    this.wording = wording;
    this.steps = steps;
    this.method = method;
    this.size = size::of;
  }

  @Override
  public ServerCall.Listener<Q> startCall(ServerCall<Q, R> call, Metadata headers) {
    return new Running(call, headers);
  }

  private final class Running extends RunningCall<Q, R> implements Steps.Work {
    private final Callers.Claim caller;
    private String client = "";
    private volatile boolean ended;
    private volatile @Nullable Progress<R> progress;

    Running(ServerCall<Q, R> call, Metadata headers) {
      super(terms, call, wording);
      caller = Callers.claim(headers);
    }

    @Override
    void onRequest(Q request) {
      client = terms.callers().identify(caller, false);
      Progress<R> begun = method.begin(request, stamp());
      progress = begun;
      replies().expect(begun.bytes());
      steps.begin(this);
    }

    @Override
    long replyBytes(Q request) {
      return size.of(request, new Stamp(terms.time().millis(), ""));
    }

    @Override
    public boolean step() {
      Progress<R> current = progress;
      if (current == null || (ended && !current.isCompletedAlone())) {
        return false;
      }
      boolean more = false;
      try {
        R reply = current.step(stamp());
        if (reply == null) {
          more = true;
          replies().expect(current.bytes());
        } else {
          // Steps before were perhaps another thread's.
          terms.durability().seeAll();
          answer(reply, current.trailers());
        }
      } catch (RuntimeException e) {
        refuse(e);
      }
      if (!more) {
        // What it made is told, and counted as that.
        progress = null;
        current.release();
      } else if (ended) {
        // Its client may have gone away during the step, which held more than was given back then.
        current.release();
      }
      return more;
    }

    private Stamp stamp() {
      return new Stamp(terms.time().millis(), client);
    }

    @Override
    void onEnd() {
      ended = true;
      Progress<R> current = progress;
      if (current != null) {
        current.release();
      }
    }
  }
}
