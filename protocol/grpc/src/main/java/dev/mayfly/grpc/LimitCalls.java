package dev.mayfly.grpc;

import dev.mayfly.api.v1.DeleteLimitRequest;
import dev.mayfly.api.v1.DeleteLimitResponse;
import dev.mayfly.api.v1.ListLimitsRequest;
import dev.mayfly.api.v1.ListLimitsResponse;
import dev.mayfly.api.v1.ReleaseRequest;
import dev.mayfly.api.v1.ReleaseResponse;
import dev.mayfly.api.v1.SetLimitRequest;
import dev.mayfly.api.v1.SetLimitResponse;
import dev.mayfly.api.v1.TakeManyRequest;
import dev.mayfly.api.v1.TakeManyResponse;
import dev.mayfly.api.v1.TakeRequest;
import dev.mayfly.api.v1.TakeResponse;
import dev.mayfly.store.Limit;
import dev.mayfly.store.Limits;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TakeRequest.Mode;
import dev.mayfly.store.TakeResult;

/** The calls of {@code mayfly.v1} about limits. Immutable; safe for concurrent use. */
final class LimitCalls {
  private final Limits limits;

  LimitCalls(Limits limits) {
    this.limits = limits;
  }

  TakeResponse take(TakeRequest request, Stamp stamp) {
    Limit limit =
        switch (request.getTermsCase()) {
          case LIMIT -> limit(request.getLimit());
          case NAME -> limits.named(request.getName());
          case TERMS_NOT_SET -> throw CounterCalls.invalid("no limit: expected it, or its name");
        };
    Mode mode =
        switch (request.getMode()) {
          case MODE_TAKE -> Mode.TAKE;
          case MODE_PEEK -> Mode.PEEK;
          case MODE_SHADOW -> Mode.SHADOW;
          case UNRECOGNIZED -> throw CounterCalls.invalid("mode: expected one that there is");
        };
    var take =
        new dev.mayfly.store.TakeRequest(
            request.getNamespace().toByteArray(),
            request.getKey().toByteArray(),
            request.getQuantity() == 0 ? 1 : request.getQuantity(),
            limit,
            mode);
    return told(limits.take(take, stamp.timeMillis()));
  }

  private static TakeResponse told(TakeResult result) {
    TakeResponse.Builder response =
        TakeResponse.newBuilder()
            .setAllowed(result.allowed())
            .setExceeded(result.exceeded())
            .setLimit(result.limit())
            .setRemaining(result.remaining())
            .setResetAfter(WireTimes.duration(result.resetAfterMillis()))
            .setLease(result.lease());
    if (result.retryAfterMillis() != TakeResult.NEVER) {
      response.setRetryAfter(WireTimes.duration(result.retryAfterMillis()));
    }
    return response.build();
  }

  TakeManyResponse takeMany(TakeManyRequest request, Stamp stamp) {
    CounterCalls.requireFew(request.getTakesCount());
    TakeManyResponse.Builder response = TakeManyResponse.newBuilder();
    for (TakeRequest take : request.getTakesList()) {
      TakeManyResponse.Result.Builder result = TakeManyResponse.Result.newBuilder();
      try {
        result.setDecision(take(take, stamp));
      } catch (MayflyException e) {
        result.setError(CounterCalls.error(e));
      }
      response.addResults(result);
    }
    return response.build();
  }

  /** What many takes tell. */
  static long bytes(TakeManyRequest request, Stamp stamp) {
    return request.getTakesCount() * ReplySize.PART_BYTES;
  }

  ReleaseResponse release(ReleaseRequest request, Stamp stamp) {
    boolean released =
        limits.release(
            request.getNamespace().toByteArray(),
            request.getKey().toByteArray(),
            request.getLease(),
            stamp.timeMillis());
    return ReleaseResponse.newBuilder().setReleased(released).build();
  }

  ListLimitsResponse list(ListLimitsRequest request, Stamp stamp) {
    ListLimitsResponse.Builder response = ListLimitsResponse.newBuilder();
    limits
        .named()
        .forEach(
            (name, limit) ->
                response.addLimits(
                    ListLimitsResponse.Named.newBuilder().setName(name).setLimit(told(limit))));
    return response.build();
  }

  /** What the list of limits tells. */
  long bytes(ListLimitsRequest request, Stamp stamp) {
    long bytes = 0;
    for (String name : limits.named().keySet()) {
      bytes += name.length() + ReplySize.PART_BYTES;
    }
    return bytes;
  }

  SetLimitResponse set(SetLimitRequest request, Stamp stamp) {
    if (!request.hasLimit()) {
      throw CounterCalls.invalid("no limit: expected one");
    }
    limits.name(request.getName(), limit(request.getLimit()));
    return SetLimitResponse.getDefaultInstance();
  }

  DeleteLimitResponse delete(DeleteLimitRequest request, Stamp stamp) {
    limits.forget(request.getName());
    return DeleteLimitResponse.getDefaultInstance();
  }

  private static Limit limit(dev.mayfly.api.v1.Limit limit) {
    Limit.Kind kind =
        switch (limit.getKind()) {
          case KIND_SLIDING_WINDOW -> Limit.Kind.SLIDING_WINDOW;
          case KIND_GCRA -> Limit.Kind.GCRA;
          case KIND_TOKEN_BUCKET -> Limit.Kind.TOKEN_BUCKET;
          case KIND_CONCURRENCY -> Limit.Kind.CONCURRENCY;
          case UNRECOGNIZED -> throw CounterCalls.invalid("kind: expected one that there is");
        };
    return new Limit(
        kind, limit.getQuantity(), WireTimes.millis(limit.getPeriod()), limit.getBurst());
  }

  private static dev.mayfly.api.v1.Limit told(Limit limit) {
    dev.mayfly.api.v1.Limit.Kind kind =
        switch (limit.kind()) {
          case SLIDING_WINDOW -> dev.mayfly.api.v1.Limit.Kind.KIND_SLIDING_WINDOW;
          case GCRA -> dev.mayfly.api.v1.Limit.Kind.KIND_GCRA;
          case TOKEN_BUCKET -> dev.mayfly.api.v1.Limit.Kind.KIND_TOKEN_BUCKET;
          case CONCURRENCY -> dev.mayfly.api.v1.Limit.Kind.KIND_CONCURRENCY;
        };
    return dev.mayfly.api.v1.Limit.newBuilder()
        .setKind(kind)
        .setQuantity(limit.quantity())
        .setPeriod(WireTimes.duration(limit.periodMillis()))
        .setBurst(limit.burst())
        .build();
  }
}
