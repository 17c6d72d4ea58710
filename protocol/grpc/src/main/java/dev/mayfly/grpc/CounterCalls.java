package dev.mayfly.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.mayfly.api.v1.CounterPolicy.WhenFull;
import dev.mayfly.api.v1.GetCountRequest;
import dev.mayfly.api.v1.GetCountResponse;
import dev.mayfly.api.v1.GetPolicyRequest;
import dev.mayfly.api.v1.GetPolicyResponse;
import dev.mayfly.api.v1.HitManyRequest;
import dev.mayfly.api.v1.HitManyResponse;
import dev.mayfly.api.v1.HitRequest;
import dev.mayfly.api.v1.HitResponse;
import dev.mayfly.api.v1.ListKeysRequest;
import dev.mayfly.api.v1.ListKeysResponse;
import dev.mayfly.api.v1.ListNamespacesRequest;
import dev.mayfly.api.v1.ListNamespacesResponse;
import dev.mayfly.api.v1.SetPolicyRequest;
import dev.mayfly.api.v1.SetPolicyResponse;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.Counters;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Stamp;
import java.util.function.Function;

/** The calls of {@code mayfly.v1} about counters. Immutable; safe for concurrent use. */
final class CounterCalls {
  /** How many operations one call may have, and keys one listing. */
  static final int MANY_MAX = 10_000;

  private final Counters counters;

  CounterCalls(Counters counters) {
    this.counters = counters;
  }

  HitResponse hit(HitRequest request, Stamp stamp) {
    return HitResponse.newBuilder().setCount(hitOne(request, stamp)).build();
  }

  HitManyResponse hitMany(HitManyRequest request, Stamp stamp) {
    requireFew(request.getHitsCount());
    HitManyResponse.Builder response = HitManyResponse.newBuilder();
    for (HitRequest hit : request.getHitsList()) {
      HitManyResponse.Result.Builder result = HitManyResponse.Result.newBuilder();
      try {
        result.setCount(hitOne(hit, stamp));
      } catch (MayflyException e) {
        result.setError(error(e));
      }
      response.addResults(result);
    }
    return response.build();
  }

  /** What many hits tell. */
  static long bytes(HitManyRequest request, Stamp stamp) {
    return request.getHitsCount() * ReplySize.PART_BYTES;
  }

  private long hitOne(HitRequest request, Stamp stamp) {
    long times = request.getTimes() == 0 ? 1 : request.getTimes();
    return counters.hit(
        request.getNamespace().toByteArray(),
        request.getKey().toByteArray(),
        times,
        stamp.timeMillis());
  }

  GetCountResponse count(GetCountRequest request, Stamp stamp) {
    long now = stamp.timeMillis();
    if (request.hasKey() && !request.hasNamespace()) {
      throw invalid("a key without a namespace: expected both");
    }
    byte[] namespace = request.getNamespace().toByteArray();
    long count =
        request.hasKey()
            ? counters.count(namespace, request.getKey().toByteArray(), now)
            : request.hasNamespace()
                ? counters.countNamespace(namespace, now)
                : counters.countAll(now);
    return GetCountResponse.newBuilder().setCount(count).build();
  }

  SteppedHandler.Progress<ListKeysResponse> listKeys(ListKeysRequest request, Stamp stamp) {
    int limit = request.getLimit() == 0 ? MANY_MAX : request.getLimit();
    if (limit < 1 || limit > MANY_MAX) {
      throw invalid("limit %d: expected 0 to %d".formatted(limit, MANY_MAX));
    }
    byte[] prefix = request.getPrefix().toByteArray();
    KeyFilter filter =
        request.getPattern().isEmpty()
            ? KeyFilter.prefix(prefix)
            : KeyFilter.pattern(prefix, request.getPattern());
    byte[] namespace = request.getNamespace().toByteArray();
    return new Listing<>(
        now -> {
          ListKeysResponse.Builder response = ListKeysResponse.newBuilder();
          counters
              .keys(namespace, filter, limit, now.timeMillis())
              .forEach(key -> response.addKeys(UnsafeByteOperations.unsafeWrap(key)));
          return response.build();
        });
  }

  SteppedHandler.Progress<ListNamespacesResponse> listNamespaces(
      ListNamespacesRequest request, Stamp stamp) {
    return new Listing<>(
        now -> {
          ListNamespacesResponse.Builder response = ListNamespacesResponse.newBuilder();
          counters
              .namespaces(now.timeMillis())
              .forEach(name -> response.addNamespaces(UnsafeByteOperations.unsafeWrap(name)));
          return response.build();
        });
  }

  /** One that is made in one step, and whose length is not known before. */
  private record Listing<R>(Function<Stamp, R> made) implements SteppedHandler.Progress<R> {
    @Override
    public R step(Stamp stamp) {
      return made.apply(stamp);
    }

    @Override
    public long bytes() {
      return Long.MAX_VALUE;
    }
  }

  GetPolicyResponse policy(GetPolicyRequest request, Stamp stamp) {
    CounterPolicy policy = counters.policy(request.getNamespace().toByteArray());
    return GetPolicyResponse.newBuilder().setPolicy(told(policy)).build();
  }

  SetPolicyResponse setPolicy(SetPolicyRequest request, Stamp stamp) {
    byte[] namespace = request.getNamespace().toByteArray();
    if (request.hasPolicy()) {
      counters.policy(namespace, read(request.getPolicy()));
    } else {
      counters.clearPolicy(namespace);
    }
    return SetPolicyResponse.newBuilder().setPolicy(told(counters.policy(namespace))).build();
  }

  private static CounterPolicy read(dev.mayfly.api.v1.CounterPolicy policy) {
    long window = WireTimes.millis(policy.getWindow());
    CounterPolicy read = CounterPolicy.ofWindow(window);
    if (policy.hasResolution()) {
      read = read.withResolution(WireTimes.millis(policy.getResolution()));
    }
    if (policy.getExactThreshold() != 0) {
      read = read.withExactMax(policy.getExactThreshold());
    }
    CounterPolicy.WhenFull full =
        switch (policy.getWhenFull()) {
          case WHEN_FULL_REFUSE -> CounterPolicy.WhenFull.REFUSE;
          case WHEN_FULL_EVICT -> CounterPolicy.WhenFull.EVICT;
          case UNRECOGNIZED -> throw invalid("when_full: expected WHEN_FULL_REFUSE or _EVICT");
        };
    return read.withLimits(policy.getMaxKeys(), policy.getMaxBytes(), full);
  }

  private static dev.mayfly.api.v1.CounterPolicy told(CounterPolicy policy) {
    WhenFull full =
        switch (policy.whenFull()) {
          case REFUSE -> WhenFull.WHEN_FULL_REFUSE;
          case EVICT -> WhenFull.WHEN_FULL_EVICT;
        };
    return dev.mayfly.api.v1.CounterPolicy.newBuilder()
        .setWindow(WireTimes.duration(policy.windowMillis()))
        .setResolution(WireTimes.duration(policy.resolutionMillis()))
        .setExactThreshold(policy.exactMax())
        .setMaxKeys(policy.keysMax())
        .setMaxBytes(policy.bytesMax())
        .setWhenFull(full)
        .build();
  }

  static void requireFew(int count) {
    if (count > MANY_MAX) {
      throw invalid("%d operations: expected at most %d".formatted(count, MANY_MAX));
    }
  }

  /** A refusal of one operation among others; a fault of ours is the whole call's. */
  static String error(MayflyException refusal) {
    if (refusal.code().kind() == ErrorCode.Kind.BUG) {
      throw refusal;
    }
    String message = refusal.getMessage();
    return message == null || message.isEmpty() ? refusal.code().summary() : message;
  }

  static MayflyException invalid(String message) {
    return new MayflyException(ErrorCode.ARGUMENT_INVALID, message);
  }
}
