package dev.mayfly.grpc;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.StoreStats;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Writes under the contract {@code keyquarry}, where what it refuses, or its words, differ from the
 * store's. Immutable; safe for concurrent use.
 */
final class KeyWrites {
  private static final Status KEYS_MAX =
      Status.RESOURCE_EXHAUSTED.withDescription("maximum number of keys reached");

  private final Keyspace keyspace;

  KeyWrites(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /** A write that may create its key: the limit on keys has words of its own. */
  <R extends @Nullable Object> R create(KeyMutation<R> request, Stamp stamp) {
    try {
      return keyspace.apply(request, stamp);
    } catch (MayflyException e) {
      if (e.code() == ErrorCode.STORE_FULL && isFullOfKeys()) {
        throw new RefusedException(KEYS_MAX);
      }
      throw e;
    }
  }

  private boolean isFullOfKeys() {
    StoreStats stats = keyspace.stats();
    return stats.keysMax() > 0 && stats.keys() >= stats.keysMax();
  }

  /** A write to a key that exists: one that cannot exist is missing, and no worse. */
  <R extends @Nullable Object> R change(KeyMutation<R> request, Stamp stamp) {
    try {
      return keyspace.apply(request, stamp);
    } catch (MayflyException e) {
      throw switch (e.code()) {
        case EMPTY_KEY ->
            new RefusedException(
                keyspace.isReadOnly() ? GrpcErrors.READ_ONLY : GrpcErrors.KEY_NOT_FOUND);
        case KEY_TOO_LONG -> new RefusedException(GrpcErrors.KEY_NOT_FOUND);
        default -> e;
      };
    }
  }
}
