package dev.mayfly.remote;

import dev.mayfly.api.v1.LeaseResponse;
import dev.mayfly.api.v1.LeasesGrpc;
import dev.mayfly.api.v1.Lifespan;
import dev.mayfly.api.v1.RenewLeaseRequest;
import dev.mayfly.api.v1.RevokeLeaseRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A lease that renews itself until it is closed or lost; the keys that were put on it live as long
 * as it does. Safe for concurrent use; {@link #close} blocks until the store has answered.
 */
public final class RemoteLease implements AutoCloseable {
  private final Calls calls;
  private final long number;
  private final Renewal renewal;

  RemoteLease(Remote remote, LeaseResponse granted, long sentNanos) {
    calls = remote.calls();
    number = granted.getLease();
    Duration length = Protos.duration(granted.getLength());
    renewal =
        new Renewal(
            length, sentNanos, remote.time(), remote.timer(), remote.endings(), this::renew);
    renewal.begin();
  }

  private CompletableFuture<LeaseResponse> renew() {
    RenewLeaseRequest request = RenewLeaseRequest.newBuilder().setLease(number).build();
    return calls.call(LeasesGrpc.getRenewLeaseMethod(), request, Duration.ZERO);
  }

  /** The lease's number. */
  public long number() {
    return number;
  }

  /** What puts a key on it, in a write's request. */
  public Lifespan lifespan() {
    return Lifespan.newBuilder().setLease(number).build();
  }

  /** Whether it lasts now, as far as can be known here: never longer than in the store. */
  public boolean isHeld() {
    return renewal.isHeld();
  }

  /** Completes with the reason, on some thread, when it is lost; never, when it is closed. */
  public CompletableFuture<String> lost() {
    return renewal.lost();
  }

  /**
   * Revokes it: its keys are removed. Again, or when it is lost, does nothing.
   *
   * @throws RemoteException when the store cannot be reached: the lease then ends by itself
   */
  @Override
  public void close() {
    if (renewal.stop()) {
      RevokeLeaseRequest request = RevokeLeaseRequest.newBuilder().setLease(number).build();
      try {
        Calls.await(calls.call(LeasesGrpc.getRevokeLeaseMethod(), request, Duration.ZERO));
      } catch (RemoteException e) {
        if (e.code() != io.grpc.Status.Code.NOT_FOUND) {
          throw e;
        }
      }
    }
  }
}
