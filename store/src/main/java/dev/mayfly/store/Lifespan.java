package dev.mayfly.store;

/**
 * What a request says of a key's lifespan.
 *
 * @param kind what is said
 * @param millis for {@link Kind#FOR} a length, for {@link Kind#UNTIL} a time since the epoch, for
 *     {@link Kind#LEASE} the lease, else 0
 */
public record Lifespan(Kind kind, long millis) {
  /** Nothing was said: {@link Rules#unstatedLifespan} decides. */
  public static final Lifespan UNSTATED = new Lifespan(Kind.UNSTATED, 0);

  /** The deadline stays as it is. */
  public static final Lifespan KEEP = new Lifespan(Kind.KEEP, 0);

  /** The key does not expire any more. */
  public static final Lifespan CLEAR = new Lifespan(Kind.CLEAR, 0);

  /** What is said. */
  public enum Kind {
    /** Nothing. */
    UNSTATED,
    /** As it is. */
    KEEP,
    /** None. */
    CLEAR,
    /** This long from the time of the request on. */
    FOR,
    /** Until this time; one that is past removes the key. */
    UNTIL,
    /** As long as a lease lasts; see {@link Leases}. */
    LEASE
  }

  /** This many milliseconds from the time of the request on. */
  public static Lifespan ofMillis(long millis) {
    return new Lifespan(Kind.FOR, millis);
  }

  /** Until this time, milliseconds since the epoch. */
  public static Lifespan until(long deadlineMillis) {
    return new Lifespan(Kind.UNTIL, deadlineMillis);
  }

  /** As long as this lease lasts. */
  public static Lifespan ofLease(long lease) {
    return new Lifespan(Kind.LEASE, lease);
  }

  /** The lease it names; 0: none. */
  long lease() {
    return kind == Kind.LEASE ? millis : 0;
  }

  /**
   * The deadline it gives at this time, at least 1, since 0 stands for none; only for {@code FOR}
   * and {@code UNTIL}.
   */
  long deadlineMillis(long timeMillis) {
    return kind == Kind.FOR ? timeMillis + millis : Math.max(1, millis);
  }

  void requireValid(Rules rules) {
    if (kind == Kind.FOR) {
      long max = Bounds.DEADLINE_MILLIS_MAX / 2;
      if (millis < rules.lifespanMillisMin() || millis > max) {
        throw new MayflyException(
            ErrorCode.LIFESPAN_INVALID,
            "lifespan %dms: expected %dms to %dms"
                .formatted(millis, rules.lifespanMillisMin(), max));
      }
    } else if (kind == Kind.UNTIL && (millis < 0 || millis > Bounds.DEADLINE_MILLIS_MAX)) {
      throw new MayflyException(
          ErrorCode.LIFESPAN_INVALID,
          "deadline %d: expected 0 to %d milliseconds since the epoch"
              .formatted(millis, Bounds.DEADLINE_MILLIS_MAX));
    } else if (kind == Kind.LEASE && (millis < 1 || millis > Leases.LEASE_MAX)) {
      throw new MayflyException(
          ErrorCode.LIFESPAN_INVALID,
          "lease %d: expected 1 to %d".formatted(millis, Leases.LEASE_MAX));
    }
  }
}
