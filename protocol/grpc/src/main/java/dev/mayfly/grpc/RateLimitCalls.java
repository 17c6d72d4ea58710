package dev.mayfly.grpc;

import dev.mayfly.api.envoy.config.core.v3.HeaderValue;
import dev.mayfly.api.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import dev.mayfly.api.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.RateLimitOverride;
import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitRequest;
import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitResponse;
import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import dev.mayfly.grpc.RateLimitRule.Branch;
import dev.mayfly.grpc.RateLimitRule.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Limit;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.TakeRequest.Mode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Envoy's rate limit service. Immutable; safe for concurrent use. */
final class RateLimitCalls {
  /** The most that a request's hits can say. */
  private static final long HITS_MAX = 0xFFFF_FFFFL;

  private static final int DESCRIPTORS_MAX = 1000;
  private static final int ENTRIES_MAX = 100;

  private final CountingStore store;

  RateLimitCalls(CountingStore store) {
    this.store = store;
  }

  RateLimitResponse shouldRateLimit(RateLimitRequest request, long nowMillis) {
    if (request.getDomain().isEmpty()) {
      throw invalid("rate limit domain must not be empty");
    }
    int count = request.getDescriptorsCount();
    if (count == 0 || count > DESCRIPTORS_MAX) {
      throw invalid(
          "%d rate limit descriptors: expected 1 to %d".formatted(count, DESCRIPTORS_MAX));
    }
    RateLimitRules rules = store.rules().get();
    RateLimitRules.Domain domain =
        rules
            .domains()
            .getOrDefault(
                request.getDomain(),
                new RateLimitRules.Domain(false, RateLimitRules.Headers.NONE, Branch.NONE));
    boolean shadow = rules.shadow() || domain.shadow();
    List<RateLimitDecision> decisions = new ArrayList<>();
    byte[] namespace = ("envoy/" + request.getDomain()).getBytes(StandardCharsets.UTF_8);
    for (Asked asked : asked(request, domain)) {
      decisions.add(asked.decide(store.limits(), namespace, shadow, nowMillis));
    }
    return answer(decisions, domain.headers());
  }

  /** What the decisions tell. */
  static long bytes(RateLimitRequest request) {
    return request.getDescriptorsCount() * ReplySize.PART_BYTES;
  }

  /** What each descriptor asks for, limits that others replace left out. */
  private static List<Asked> asked(RateLimitRequest request, RateLimitRules.Domain domain) {
    List<Asked> all = new ArrayList<>();
    Set<String> replaced = new HashSet<>();
    for (RateLimitDescriptor descriptor : request.getDescriptorsList()) {
      List<Entry> entries = entries(descriptor);
      RateLimitRule rule = domain.find(entries);
      if (rule != null) {
        replaced.addAll(rule.replaces());
      }
      RateLimit limit = rule == null ? null : rule.limit();
      if (descriptor.hasLimit()) {
        limit = override(descriptor.getLimit());
      }
      all.add(new Asked(entries, rule, limit, hits(request, descriptor)));
    }
    all.replaceAll(
        asked -> {
          RateLimit limit = asked.limit();
          return limit != null && replaced.contains(limit.name()) ? asked.unlimited() : asked;
        });
    return all;
  }

  private static List<Entry> entries(RateLimitDescriptor descriptor) {
    int count = descriptor.getEntriesCount();
    if (count == 0 || count > ENTRIES_MAX) {
      throw invalid(
          "%d entries of a rate limit descriptor: expected 1 to %d".formatted(count, ENTRIES_MAX));
    }
    return descriptor.getEntriesList().stream()
        .map(entry -> new Entry(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static RateLimit override(RateLimitOverride override) {
    RateLimit.Unit unit =
        switch (override.getUnit()) {
          case SECOND -> RateLimit.Unit.SECOND;
          case MINUTE -> RateLimit.Unit.MINUTE;
          case HOUR -> RateLimit.Unit.HOUR;
          case DAY -> RateLimit.Unit.DAY;
          case MONTH -> RateLimit.Unit.MONTH;
          case YEAR -> RateLimit.Unit.YEAR;
          case UNKNOWN, UNRECOGNIZED ->
              throw invalid("unit of a rate limit override: expected SECOND to YEAR");
        };
    long requests = Integer.toUnsignedLong(override.getRequestsPerUnit());
    return RateLimit.of("", Math.min(requests, Limit.QUANTITY_MAX), unit);
  }

  /** How much it counts; 0 only where the descriptor itself says so: then it only asks. */
  private static long hits(RateLimitRequest request, RateLimitDescriptor descriptor) {
    if (descriptor.hasHitsAddend()) {
      long hits = descriptor.getHitsAddend().getValue();
      return hits < 0 ? HITS_MAX : Math.min(hits, HITS_MAX);
    }
    return Math.max(1, Integer.toUnsignedLong(request.getHitsAddend()));
  }

  private RateLimitResponse answer(
      List<RateLimitDecision> decisions, RateLimitRules.Headers headers) {
    RateLimitResponse.Builder response = RateLimitResponse.newBuilder();
    boolean over = false;
    RateLimitDecision nearest = null;
    for (RateLimitDecision decision : decisions) {
      response.addStatuses(decision.status());
      over |= decision.over();
      tell(decision);
      if (decision.limit() != null && (nearest == null || decision.isNearerThan(nearest))) {
        nearest = decision;
      }
      if (decision.over()) {
        decision.headers().forEach((name, value) -> header(response, name, value));
      }
    }
    if (nearest != null) {
      figures(response, nearest, headers, over);
    }
    store.traffic().onRequest(over);
    return response.setOverallCode(over ? Code.OVER_LIMIT : Code.OK).build();
  }

  private void tell(RateLimitDecision decision) {
    if (decision.shadowed()) {
      store.traffic().onShadowed();
    }
    if (!decision.matched()) {
      store.traffic().onUnmatched();
    }
  }

  private static void figures(
      RateLimitResponse.Builder response,
      RateLimitDecision nearest,
      RateLimitRules.Headers headers,
      boolean over) {
    header(response, headers.limit(), Long.toString(nearest.capacity()));
    header(response, headers.remaining(), Long.toString(nearest.remaining()));
    header(response, headers.reset(), seconds(nearest.resetMillis()));
    if (over && nearest.retryMillis() >= 0) {
      header(response, headers.retryAfter(), seconds(nearest.retryMillis()));
    }
  }

  private static String seconds(long millis) {
    return Long.toString(Math.ceilDiv(millis, 1000L));
  }

  private static void header(
      RateLimitResponse.Builder response, @Nullable String name, String value) {
    if (name != null) {
      response.addResponseHeadersToAdd(HeaderValue.newBuilder().setKey(name).setValue(value));
    }
  }

  private static MayflyException invalid(String message) {
    return new MayflyException(ErrorCode.ARGUMENT_INVALID, message);
  }

  /** What one descriptor asks for. */
  private record Asked(
      List<Entry> entries, @Nullable RateLimitRule rule, @Nullable RateLimit limit, long hits) {
    Asked unlimited() {
      return new Asked(entries, rule, null, hits);
    }

    RateLimitDecision decide(
        dev.mayfly.store.Limits limits, byte[] namespace, boolean allShadow, long nowMillis) {
      RateLimit asked = limit;
      if (asked == null) {
        return RateLimitDecision.unlimited(rule != null);
      }
      boolean shadow = allShadow || (rule != null && rule.shadow());
      Map<String, String> headers = rule == null ? Map.of() : rule.headers();
      Limit terms = asked.limit();
      if (terms == null) {
        return RateLimitDecision.banned(asked, shadow, headers);
      }
      Mode mode = hits == 0 ? Mode.PEEK : shadow ? Mode.SHADOW : Mode.TAKE;
      long quantity = Math.clamp(hits, 1, Limit.QUANTITY_MAX);
      byte[] key = DescriptorKeys.of(entries);
      return RateLimitDecision.of(
          asked,
          shadow,
          headers,
          limits.take(
              new dev.mayfly.store.TakeRequest(namespace, key, quantity, terms, mode), nowMillis));
    }
  }
}
