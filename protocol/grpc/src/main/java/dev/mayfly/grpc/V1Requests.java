package dev.mayfly.grpc;

import dev.mayfly.api.v1.DeleteRequest;
import dev.mayfly.api.v1.GetRequest;
import dev.mayfly.api.v1.IncrementRequest;
import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.store.Condition;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import org.jspecify.annotations.Nullable;

/** Requests of {@code mayfly.v1} as the store takes them. Immutable. */
record V1Requests(Rules rules) {
  static ReadRequest read(GetRequest request) {
    byte[] key = request.getKey().toByteArray();
    return request.getMetadataOnly() ? ReadRequest.metadata(key) : ReadRequest.value(key);
  }

  dev.mayfly.store.SetRequest set(SetRequest request) {
    return new dev.mayfly.store.SetRequest(
        request.getKey().toByteArray(),
        request.getValue().toByteArray(),
        contentType(request.getContentType()),
        condition(request.getCondition()),
        request.hasLifespan() ? lifespan(request.getLifespan()) : Lifespan.UNSTATED,
        request.hasLockDuration() ? LockCalls.lockMillis(request.getLockDuration()) : 0,
        request.getPreviousWanted(),
        rules);
  }

  static dev.mayfly.store.DeleteRequest delete(DeleteRequest request) {
    return new dev.mayfly.store.DeleteRequest(
        request.getKey().toByteArray(), condition(request.getCondition()), false);
  }

  dev.mayfly.store.IncrementRequest increment(IncrementRequest request) {
    return new dev.mayfly.store.IncrementRequest(
        request.getKey().toByteArray(),
        request.hasBy() ? request.getBy() : 1,
        request.hasLifespan() ? lifespan(request.getLifespan()) : Lifespan.UNSTATED,
        rules);
  }

  static @Nullable String contentType(String given) {
    return given.isEmpty() ? null : given;
  }

  static Lifespan lifespan(dev.mayfly.api.v1.Lifespan lifespan) {
    return switch (lifespan.getKindCase()) {
      case LENGTH -> Lifespan.ofMillis(WireTimes.millis(lifespan.getLength()));
      case DEADLINE -> Lifespan.until(WireTimes.millis(lifespan.getDeadline()));
      case KEEP -> lifespan.getKeep() ? Lifespan.KEEP : Lifespan.UNSTATED;
      case CLEAR -> lifespan.getClear() ? Lifespan.CLEAR : Lifespan.UNSTATED;
      case LEASE -> Lifespan.ofLease(lifespan.getLease());
      case KIND_NOT_SET -> Lifespan.UNSTATED;
    };
  }

  static Condition condition(dev.mayfly.api.v1.Condition condition) {
    return switch (condition.getKindCase()) {
      case ABSENT -> condition.getAbsent() ? Condition.IF_ABSENT : Condition.IF_PRESENT;
      case REVISION -> Condition.ifRevision(condition.getRevision());
      case VALUE -> Condition.ifValue(condition.getValue().toByteArray());
      case KIND_NOT_SET -> Condition.ALWAYS;
    };
  }
}
