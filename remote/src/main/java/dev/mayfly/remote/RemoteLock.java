package dev.mayfly.remote;

import dev.mayfly.api.v1.LockRequest;
import dev.mayfly.api.v1.LockResponse;
import dev.mayfly.api.v1.LocksGrpc;
import dev.mayfly.api.v1.UnlockRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A lock that is held and renews itself until it is closed or lost.
 *
 * <p>Whoever acts under it hands {@link #fencingToken} along to whatever it changes, so that what
 * comes too late can be told: no lock with a deadline can prevent that by itself. Safe for
 * concurrent use; {@link #close} blocks until the store has answered.
 */
public final class RemoteLock implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RemoteLock.class.getName());

  private final Calls calls;
  private final LockRequest request;
  private final long token;
  private final Renewal renewal;

  RemoteLock(Remote remote, LockRequest request, LockResponse held, long sentNanos) {
    calls = remote.calls();
    this.request = request.toBuilder().clearWait().clearExtend().build();
    token = held.getFencingToken();
    Duration length = Protos.duration(request.getDuration());
    renewal = new Renewal(length, sentNanos, remote.time(), remote.timer(), this::renew);
    renewal.begin();
  }

  private CompletableFuture<Boolean> renew() {
    return calls
        .call(LocksGrpc.getLockMethod(), request, Duration.ZERO)
        .thenApply(
            reply -> {
              if (reply.getFencingToken() == token) {
                return true;
              }
              // It had ended, and this took a new one: whoever acts under the old one must know.
              CompletableFuture<?> _ = giveBack(reply.getFencingToken());
              return false;
            });
  }

  private CompletableFuture<?> giveBack(long held) {
    UnlockRequest unlock =
        UnlockRequest.newBuilder().setKey(request.getKey()).setFencingToken(held).build();
    return calls
        .call(LocksGrpc.getUnlockMethod(), unlock, Duration.ZERO)
        .whenComplete(
            (reply, failure) -> {
              if (failure instanceof RemoteException refused && refused.isRetryable()) {
                LOG.log(
                    System.Logger.Level.WARNING, "could not unlock: it ends by itself", failure);
              }
            });
  }

  /** Rises with every acquisition anywhere in the store; above 0. */
  public long fencingToken() {
    return token;
  }

  /** Whether it is held now, as far as can be known here: never longer than the store holds it. */
  public boolean isHeld() {
    return renewal.isHeld();
  }

  /** Completes with the reason, on some thread, when the lock is lost; never, when it is closed. */
  public CompletableFuture<String> lost() {
    return renewal.lost();
  }

  /** Gives the lock back; again, or when it is lost, does nothing. */
  @Override
  public void close() {
    if (!renewal.stop()) {
      return;
    }
    try {
      Calls.await(giveBack(token));
    } catch (RemoteException e) {
      // Gone already, or it ends by itself.
      Status.Code code = e.code();
      LOG.log(System.Logger.Level.DEBUG, "the lock was not given back: {0}", code);
    }
  }
}
