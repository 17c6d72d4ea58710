package dev.mayfly.grpc;

import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import dev.mayfly.api.v1.CountersGrpc;
import dev.mayfly.api.v1.LimitsGrpc;
import io.grpc.ServerServiceDefinition;

/** The services about counters and limits, {@code mayfly.v1}'s and Envoy's. Immutable. */
final class CountingService {
  private final CallTerms terms;
  private final Steps steps;
  private final CounterCalls counters;
  private final LimitCalls limits;
  private final RateLimitCalls rateLimits;

  CountingService(CallTerms terms, Steps steps, CountingStore store) {
    this.terms = terms;
    this.steps = steps;
    counters = new CounterCalls(store.counters());
    limits = new LimitCalls(store.limits());
    rateLimits = new RateLimitCalls(store);
  }

  ServerServiceDefinition counters() {
    return new ServiceTable(CountersGrpc.getServiceDescriptor())
        .add(CountersGrpc.getHitMethod(), unary(counters::hit))
        .add(CountersGrpc.getHitManyMethod(), unary(counters::hitMany, CounterCalls::bytes))
        .add(CountersGrpc.getGetCountMethod(), unary(counters::count))
        .add(CountersGrpc.getListKeysMethod(), listing(counters::listKeys))
        .add(CountersGrpc.getListNamespacesMethod(), listing(counters::listNamespaces))
        .add(CountersGrpc.getGetPolicyMethod(), unary(counters::policy))
        .add(CountersGrpc.getSetPolicyMethod(), unary(counters::setPolicy))
        .build();
  }

  ServerServiceDefinition limits() {
    return new ServiceTable(LimitsGrpc.getServiceDescriptor())
        .add(LimitsGrpc.getTakeMethod(), unary(limits::take))
        .add(LimitsGrpc.getTakeManyMethod(), unary(limits::takeMany, LimitCalls::bytes))
        .add(LimitsGrpc.getReleaseMethod(), unary(limits::release))
        .add(LimitsGrpc.getListLimitsMethod(), unary(limits::list, limits::bytes))
        .add(LimitsGrpc.getSetLimitMethod(), unary(limits::set))
        .add(LimitsGrpc.getDeleteLimitMethod(), unary(limits::delete))
        .build();
  }

  /** Envoy says nothing about itself. */
  ServerServiceDefinition rateLimits() {
    return new ServiceTable(RateLimitServiceGrpc.getServiceDescriptor())
        .add(
            RateLimitServiceGrpc.getShouldRateLimitMethod(),
            new AnonymousHandler<>(terms, rateLimits::shouldRateLimit, RateLimitCalls::bytes))
        .build();
  }

  private <Q, R> UnaryHandler<Q, R> unary(UnaryHandler.Method<Q, R> method) {
    return unary(method, ReplySize.SMALL);
  }

  private <Q, R> UnaryHandler<Q, R> unary(
      UnaryHandler.Method<Q, R> method, ReplySize<? super Q> size) {
    return new UnaryHandler<>(terms, GrpcErrors::v1, false, method, size);
  }

  private <Q, R> SteppedHandler<Q, R> listing(SteppedHandler.Method<Q, R> method) {
    return new SteppedHandler<>(terms, GrpcErrors::v1, steps, method, ReplySize.UNKNOWN);
  }
}
