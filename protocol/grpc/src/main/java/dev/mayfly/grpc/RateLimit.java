package dev.mayfly.grpc;

import dev.mayfly.store.Limit;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A limit of the rules for Envoy's rate limit service. Immutable.
 *
 * @param name what the rules call it; may be empty
 * @param requests how many in each unit, at most {@link Limit#QUANTITY_MAX}; 0: none at all
 * @param unit the unit of time
 * @param kind how it is decided; not concurrency
 * @param burst as in {@link Limit}
 */
public record RateLimit(String name, long requests, Unit unit, Limit.Kind kind, long burst) {
  /** A unit of time, as the rules and Envoy call it. */
  public enum Unit {
    /** A second. */
    SECOND(Duration.ofSeconds(1)),
    /** A minute. */
    MINUTE(Duration.ofMinutes(1)),
    /** An hour. */
    HOUR(Duration.ofHours(1)),
    /** A day. */
    DAY(Duration.ofDays(1)),
    /** Seven days. */
    WEEK(Duration.ofDays(7)),
    /** Thirty days. */
    MONTH(Duration.ofDays(30)),
    /** 365 days. */
    YEAR(Duration.ofDays(365));

    private final long millis;

    Unit(Duration length) {
      millis = length.toMillis();
    }

    /** How long it is. */
    public long millis() {
      return millis;
    }

    /** The unit of this name, in either case; null if there is none. */
    public static @Nullable Unit of(String text) {
      for (Unit unit : values()) {
        if (unit.name().equals(text.toUpperCase(Locale.ROOT))) {
          return unit;
        }
      }
      return null;
    }
  }

  /**
   * Checks the ranges.
   *
   * @throws dev.mayfly.store.MayflyException ARGUMENT_INVALID
   */
  public RateLimit {
    if (requests != 0) {
      var _ = new Limit(kind, requests, unit.millis(), burst);
    }
  }

  /** So many in any time as long as the unit. */
  public static RateLimit of(String name, long requests, Unit unit) {
    return new RateLimit(name, requests, unit, Limit.Kind.SLIDING_WINDOW, 0);
  }

  /** The limit to take from; null where nothing is allowed. */
  @Nullable Limit limit() {
    return requests == 0 ? null : new Limit(kind, requests, unit.millis(), burst);
  }
}
