package dev.mayfly.grpc;

import dev.mayfly.api.v1.LockRequest;
import dev.mayfly.api.v1.LockResponse;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.LockWaiter;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.UnlockRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Runs the calls that may wait for a lock. Safe for concurrent use. */
final class LockHandler implements ServerCallHandler<LockRequest, LockResponse> {
  private static final System.Logger LOG = System.getLogger(LockHandler.class.getName());

  private static final Status TOO_LATE =
      Status.DEADLINE_EXCEEDED.withDescription("the wait was over before the lock was free");

  private final CallTerms terms;
  private final V1LockCalls locks;
  private final Set<Running> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  LockHandler(CallTerms terms, V1LockCalls locks) {
    this.terms = terms;
    this.locks = locks;
  }

  @Override
  public ServerCall.Listener<LockRequest> startCall(
      ServerCall<LockRequest, LockResponse> call, Metadata headers) {
    return new Running(call, headers);
  }

  /** Ends the calls that wait, now and from now on. */
  void stop() {
    stopping = true;
    waiting.forEach(Running::stop);
  }

  private final class Running extends RunningCall<LockRequest, LockResponse> implements LockWaiter {
    private final Callers.Claim caller;
    private boolean waits;
    private String client = "";
    private byte[] key = new byte[0];
    private volatile LockWaits.@Nullable Ticket ticket;

    Running(ServerCall<LockRequest, LockResponse> call, Metadata headers) {
      super(terms, call, GrpcErrors::v1);
      caller = Callers.claim(headers);
    }

    @Override
    void onRequest(LockRequest request) {
      client = terms.callers().identify(caller, false);
      key = request.getKey().toByteArray();
      waits = V1LockCalls.waitMillis(request) > 0;
      ticket = locks.lock(request, new Stamp(terms.time().millis(), client), this);
      if (waits) {
        waiting.add(this);
      }
      if (stopping) {
        stop();
      }
    }

    private void stop() {
      LockWaits.Ticket held = ticket;
      if (held != null && held.cancel()) {
        close(GrpcErrors.STOPPING, new Metadata());
      }
    }

    @Override
    public void onGranted(LockResult result) {
      if (call().isCancelled() && ticket != null) {
        // Nobody would know of it, and the next in line need not wait for its end.
        giveBack(result.token());
        return;
      }
      terms.durability().seeAll();
      answer(V1LockCalls.locked(result), new Metadata());
    }

    private void giveBack(long token) {
      try {
        locks.release(new UnlockRequest(key, token), new Stamp(terms.time().millis(), client));
      } catch (MayflyException e) {
        LOG.log(System.Logger.Level.DEBUG, "the lock had ended before it was given back", e);
      }
    }

    @Override
    public void onRefused(MayflyException refusal) {
      terms.durability().seeAll();
      if (refusal.code() == ErrorCode.LOCKED && waits) {
        refuse(new RefusedException(TOO_LATE));
      } else {
        refuse(refusal);
      }
    }

    @Override
    void onEnd() {
      waiting.remove(this);
      LockWaits.Ticket held = ticket;
      if (held != null) {
        held.cancel();
      }
    }
  }
}
