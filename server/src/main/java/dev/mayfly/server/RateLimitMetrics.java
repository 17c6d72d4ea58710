package dev.mayfly.server;

import dev.mayfly.grpc.RateLimitTraffic;
import dev.mayfly.telemetry.MetricSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

/** What Envoy's rate limit service decides, as metrics. Confined to the scrape. */
record RateLimitMetrics(RateLimitTraffic traffic, RateLimitReload rules) implements MetricSource {
  @Override
  public void refresh() {
    // Each meter reads its figure itself.
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("mayfly.ratelimit.requests", traffic, RateLimitTraffic::allowed)
        .tag("code", "OK")
        .description("Requests that Envoy's rate limit service answered.")
        .register(registry);
    FunctionCounter.builder("mayfly.ratelimit.requests", traffic, RateLimitTraffic::overLimit)
        .tag("code", "OVER_LIMIT")
        .description("Requests that Envoy's rate limit service answered.")
        .register(registry);
    FunctionCounter.builder("mayfly.ratelimit.shadowed", traffic, RateLimitTraffic::shadowed)
        .description("Descriptors over their limit that only shadow mode let go on.")
        .register(registry);
    FunctionCounter.builder("mayfly.ratelimit.unmatched", traffic, RateLimitTraffic::unmatched)
        .description("Descriptors for which there is no rule.")
        .register(registry);
    FunctionCounter.builder("mayfly.ratelimit.rules.loaded", rules, RateLimitReload::loaded)
        .description("Times that rate limit rules were read from their file.")
        .register(registry);
    FunctionCounter.builder("mayfly.ratelimit.rules.failed", rules, RateLimitReload::failed)
        .description("Times that they could not be, and stayed as they were.")
        .register(registry);
  }
}
