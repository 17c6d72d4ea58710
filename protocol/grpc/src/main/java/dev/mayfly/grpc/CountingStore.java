package dev.mayfly.grpc;

import dev.mayfly.store.Counters;
import dev.mayfly.store.Limits;
import java.util.function.Supplier;

/**
 * Counters and limits as the door sees them. Immutable; every part is safe for concurrent use, does
 * not block, and is its host's.
 *
 * @param rules those that hold now, for Envoy's rate limit service
 * @param traffic told of each of its decisions
 */
public record CountingStore(
    Counters counters, Limits limits, Supplier<RateLimitRules> rules, RateLimitTraffic traffic) {}
