package dev.mayfly.grpc;

import dev.mayfly.api.v1.LockRequest;
import dev.mayfly.api.v1.LockResponse;
import dev.mayfly.api.v1.UnlockRequest;
import dev.mayfly.api.v1.UnlockResponse;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.LockWaiter;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.UnlockResult;

/** The calls of {@code mayfly.v1} about locks. Immutable; safe for concurrent use. */
final class V1LockCalls {
  private final GrpcStore store;
  private final Rules rules;

  V1LockCalls(GrpcStore store, Rules rules) {
    this.store = store;
    this.rules = rules;
  }

  /** Takes the lock, or waits for it. */
  LockWaits.Ticket lock(LockRequest request, Stamp stamp, LockWaiter waiter) {
    var lock =
        new dev.mayfly.store.LockRequest(
            request.getKey().toByteArray(),
            request.hasDuration() ? LockCalls.lockMillis(request.getDuration()) : -1,
            request.getCreateIfMissing(),
            request.getExtend(),
            request.getFencingToken(),
            rules);
    return store.waits().await(lock, waitMillis(request), stamp, waiter);
  }

  /** How long the caller waits; the store checks the range. Nobody waits to renew. */
  static long waitMillis(LockRequest request) {
    boolean waits = request.hasWait() && request.getFencingToken() == 0;
    return waits ? WireTimes.millis(request.getWait()) : 0;
  }

  static LockResponse locked(LockResult result) {
    return LockResponse.newBuilder()
        .setFencingToken(result.token())
        .setDeadline(WireTimes.timestamp(result.deadlineMillis()))
        .setCreated(result.created())
        .setRevision(result.revision())
        .build();
  }

  /** Gives back a lock that was taken for somebody who went away. */
  void release(dev.mayfly.store.UnlockRequest request, Stamp stamp) {
    store.keyspace().apply(request, stamp);
  }

  UnlockResponse unlock(UnlockRequest request, Stamp stamp) {
    var unlock =
        new dev.mayfly.store.UnlockRequest(
            request.getKey().toByteArray(), request.getFencingToken());
    UnlockResult result = store.keyspace().apply(unlock, stamp);
    return UnlockResponse.newBuilder()
        .setUnlocked(result.unlocked())
        .setRevision(result.revision())
        .build();
  }
}
