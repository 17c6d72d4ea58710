package dev.mayfly.grpc;

import com.google.protobuf.Duration;
import dev.mayfly.api.keyquarry.LockRequest;
import dev.mayfly.api.keyquarry.LockResponse;
import dev.mayfly.api.keyquarry.UnlockRequest;
import dev.mayfly.api.keyquarry.UnlockResponse;
import dev.mayfly.store.Bounds;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Stamp;

/** The calls of {@code keyquarry} about locks. Immutable; safe for concurrent use. */
final class LockCalls {
  private static final LockResponse LOCKED = LockResponse.newBuilder().setSuccess(true).build();
  private static final UnlockResponse UNLOCKED =
      UnlockResponse.newBuilder().setSuccess(true).build();

  private final Keyspace keyspace;
  private final KeyWrites writes;
  private final Rules rules;

  LockCalls(Keyspace keyspace, Rules rules) {
    this.keyspace = keyspace;
    this.rules = rules;
    writes = new KeyWrites(keyspace);
  }

  LockResponse lock(LockRequest request, Stamp stamp) {
    byte[] key = KeyCalls.bytes(request.getKey());
    long millis = request.hasDuration() ? lockMillis(request.getDuration()) : -1;
    boolean create = request.getCreateIfMissing();
    try {
      writes.create(new dev.mayfly.store.LockRequest(key, millis, create, false, rules), stamp);
      return LOCKED;
    } catch (MayflyException e) {
      if (e.code() == ErrorCode.KEY_TOO_LONG && !create) {
        // Such a key cannot exist; what is wrong with the duration is said before that.
        requireDuration(millis);
        throw new RefusedException(GrpcErrors.KEY_NOT_FOUND);
      }
      throw e;
    }
  }

  UnlockResponse unlock(UnlockRequest request, Stamp stamp) {
    byte[] key = KeyCalls.bytes(request.getKey());
    writes.change(new dev.mayfly.store.UnlockRequest(key, 0), stamp);
    return UNLOCKED;
  }

  /** A duration that was given; one that is not positive is refused, and differs from none. */
  static long lockMillis(Duration duration) {
    long millis = WireTimes.millis(duration);
    return millis <= 0 ? -1 : millis;
  }

  private void requireDuration(long millis) {
    Bounds bounds = keyspace.bounds();
    if (millis > bounds.lockMillisMax()) {
      throw new MayflyException(
          ErrorCode.LOCK_DURATION_TOO_LONG, ErrorCode.LOCK_DURATION_TOO_LONG.summary());
    }
    if (millis < bounds.lockMillisMin()) {
      throw new MayflyException(
          ErrorCode.LOCK_DURATION_INVALID, ErrorCode.LOCK_DURATION_INVALID.summary());
    }
  }
}
