package dev.mayfly.counter;

import java.util.HashMap;
import java.util.Map;

/**
 * Which signed frames were seen: each is accepted once. A sender names its session and numbers its
 * frames; of each session the last 1024 numbers are remembered. A session is forgotten when all its
 * frames are too old by their timestamps, never earlier: if there are too many sessions, new ones
 * are refused.
 *
 * <p>Safe for concurrent use. References: RFC 4303, section 3.4.3.
 */
final class ReplayWindow {
  /** How far a timestamp may be from now. */
  static final long SKEW_MILLIS_MAX = 30_000;

  static final int SESSIONS_MAX = 65_536;
  static final int NUMBERS = 1024;

  private static final long SWEEP_MILLIS = 1_000;

  /** The last numbers of a sender. */
  private static final class Session {
    private final long[] seen = new long[NUMBERS / Long.SIZE];
    private long highest;
    private long lastMillis;

    boolean accept(long number) {
      if (number > highest) {
        long steps = Math.min(number - highest, NUMBERS);
        for (long i = 1; i <= steps; i++) {
          clear(number - steps + i);
        }
        highest = number;
      } else if (highest - number >= NUMBERS || isSet(number)) {
        return false;
      }
      int place = (int) (number & (NUMBERS - 1));
      seen[place >>> 6] |= 1L << place;
      return true;
    }

    private void clear(long number) {
      int place = (int) (number & (NUMBERS - 1));
      seen[place >>> 6] &= ~(1L << place);
    }

    private boolean isSet(long number) {
      int place = (int) (number & (NUMBERS - 1));
      return (seen[place >>> 6] >>> place & 1) != 0;
    }
  }

  private final Map<Long, Session> sessions = new HashMap<>();
  private final long startedMillis;
  private long sweptMillis;

  /**
   * @param startedMillis frames from before are refused, since they may have been seen by a server
   *     that was here earlier
   */
  ReplayWindow(long startedMillis) {
    this.startedMillis = startedMillis;
  }

  /** Whether a frame, whose signature is right, is a new one. Numbers are positive. */
  synchronized boolean accept(long session, long number, long timestampMillis, long nowMillis) {
    boolean timely =
        timestampMillis >= startedMillis
            && timestampMillis >= nowMillis - SKEW_MILLIS_MAX
            && timestampMillis <= nowMillis + SKEW_MILLIS_MAX;
    if (!timely || number <= 0) {
      return false;
    }
    Session known = sessions.get(session);
    if (known == null) {
      if (sessions.size() >= SESSIONS_MAX && !sweep(nowMillis)) {
        return false;
      }
      known = new Session();
      sessions.put(session, known);
    }
    known.lastMillis = Math.max(known.lastMillis, timestampMillis);
    return known.accept(number);
  }

  /** Forgets sessions that could not be replayed any more; returns whether there is room now. */
  private boolean sweep(long nowMillis) {
    if (nowMillis - sweptMillis >= SWEEP_MILLIS) {
      sweptMillis = nowMillis;
      long oldest = nowMillis - SKEW_MILLIS_MAX;
      sessions.values().removeIf(session -> session.lastMillis < oldest);
    }
    return sessions.size() < SESSIONS_MAX;
  }
}
