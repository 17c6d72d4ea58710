package dev.mayfly.resp;

import dev.mayfly.store.Bounds;
import dev.mayfly.store.Lifespan;

/** Times as commands give them. Stateless. */
final class Expiry {
  private static final long MILLIS = 1000;

  private Expiry() {}

  /** What the option says of the number behind it. */
  enum Unit {
    /** Seconds from now. */
    EX(true, false),
    /** Milliseconds from now. */
    PX(false, false),
    /** Seconds since the epoch. */
    EXAT(true, true),
    /** Milliseconds since the epoch. */
    PXAT(false, true);

    private final boolean seconds;
    private final boolean absolute;

    Unit(boolean seconds, boolean absolute) {
      this.seconds = seconds;
      this.absolute = absolute;
    }
  }

  /** The lifespan of a command that sets a value: above zero. */
  static Lifespan positive(long number, Unit unit, String command) {
    if (number <= 0) {
      throw invalid(command);
    }
    return any(number, unit, 0, command);
  }

  /** The lifespan of a command that only sets a deadline, which may be past. */
  static Lifespan any(long number, Unit unit, long nowMillis, String command) {
    if (unit.seconds && (number > Long.MAX_VALUE / MILLIS || number < Long.MIN_VALUE / MILLIS)) {
      throw invalid(command);
    }
    long millis = unit.seconds ? number * MILLIS : number;
    if (millis > (unit.absolute ? Bounds.DEADLINE_MILLIS_MAX : Bounds.DEADLINE_MILLIS_MAX / 2)) {
      throw invalid(command);
    }
    if (unit.absolute) {
      return Lifespan.until(Math.max(0, millis));
    }
    return millis > 0 ? Lifespan.ofMillis(millis) : Lifespan.until(Math.max(0, nowMillis + millis));
  }

  private static RespException invalid(String command) {
    return new RespException("ERR invalid expire time in '" + command + "' command");
  }
}
