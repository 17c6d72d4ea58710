package dev.mayfly.grpc;

import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitResponse;
import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import dev.mayfly.store.TakeResult;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was decided for one descriptor. Immutable.
 *
 * @param limit null: it has none
 * @param matched whether there is a rule for it, or a limit of its own
 * @param over whether it must not go on
 * @param shadowed whether it goes on only because the limit is tried out
 * @param capacity the most that can be taken at once
 * @param retryMillis how long until it may go on; -1: never
 * @param headers what its rule adds to a refusal
 */
record RateLimitDecision(
    @Nullable RateLimit limit,
    boolean matched,
    boolean over,
    boolean shadowed,
    long capacity,
    long remaining,
    long retryMillis,
    long resetMillis,
    Map<String, String> headers) {
  private static final long UINT32_MAX = 0xFFFF_FFFFL;

  static RateLimitDecision unlimited(boolean matched) {
    return new RateLimitDecision(null, matched, false, false, 0, 0, 0, 0, Map.of());
  }

  /** Nothing is allowed. */
  static RateLimitDecision banned(RateLimit limit, boolean shadow, Map<String, String> headers) {
    long millis = limit.unit().millis();
    return new RateLimitDecision(
        limit, true, !shadow, shadow, 0, 0, TakeResult.NEVER, millis, headers);
  }

  static RateLimitDecision of(
      RateLimit limit, boolean shadow, Map<String, String> headers, TakeResult result) {
    return new RateLimitDecision(
        limit,
        true,
        result.exceeded() && !shadow,
        result.exceeded() && shadow,
        result.limit(),
        result.remaining(),
        result.retryAfterMillis(),
        result.resetAfterMillis(),
        headers);
  }

  /** Whether its limit ends sooner: what is over ends before what is not. */
  boolean isNearerThan(RateLimitDecision other) {
    return over != other.over ? over : remaining < other.remaining;
  }

  DescriptorStatus status() {
    DescriptorStatus.Builder status =
        DescriptorStatus.newBuilder().setCode(over ? Code.OVER_LIMIT : Code.OK);
    if (limit != null) {
      status
          .setCurrentLimit(
              RateLimitResponse.RateLimit.newBuilder()
                  .setName(limit.name())
                  .setRequestsPerUnit((int) limit.requests())
                  .setUnit(unit(limit.unit())))
          .setLimitRemaining((int) Math.min(remaining, UINT32_MAX))
          .setDurationUntilReset(WireTimes.duration(resetMillis));
    }
    return status.build();
  }

  private static RateLimitResponse.RateLimit.Unit unit(RateLimit.Unit unit) {
    return switch (unit) {
      case SECOND -> RateLimitResponse.RateLimit.Unit.SECOND;
      case MINUTE -> RateLimitResponse.RateLimit.Unit.MINUTE;
      case HOUR -> RateLimitResponse.RateLimit.Unit.HOUR;
      case DAY -> RateLimitResponse.RateLimit.Unit.DAY;
      case WEEK -> RateLimitResponse.RateLimit.Unit.WEEK;
      case MONTH -> RateLimitResponse.RateLimit.Unit.MONTH;
      case YEAR -> RateLimitResponse.RateLimit.Unit.YEAR;
    };
  }
}
