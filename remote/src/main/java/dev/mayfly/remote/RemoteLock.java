package dev.mayfly.remote;

import dev.mayfly.api.v1.LockRequest;
import dev.mayfly.api.v1.LockResponse;
import dev.mayfly.api.v1.LocksGrpc;
import dev.mayfly.api.v1.UnlockRequest;
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
    token = held.getFencingToken();
    // With its token: a renewal that is late must not take the lock again.
    this.request = request.toBuilder().clearWait().clearExtend().setFencingToken(token).build();
    Duration length = Protos.duration(request.getDuration());
    renewal =
        new Renewal(
            length, sentNanos, remote.time(), remote.timer(), remote.endings(), this::renew);
    renewal.begin();
  }

  private CompletableFuture<LockResponse> renew() {
    return calls.call(LocksGrpc.getLockMethod(), request, Duration.ZERO);
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
    UnlockRequest unlock =
        UnlockRequest.newBuilder().setKey(request.getKey()).setFencingToken(token).build();
    try {
      Calls.await(calls.call(LocksGrpc.getUnlockMethod(), unlock, Duration.ZERO));
    } catch (RemoteException e) {
      // Where the store has answered, the lock had ended before.
      System.Logger.Level level =
          e.isRetryable() ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
      LOG.log(level, "the lock was not given back: it ends by itself", e);
    }
  }
}
