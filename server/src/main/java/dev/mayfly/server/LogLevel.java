package dev.mayfly.server;

import java.util.logging.Level;

/**
 * How grave a log line is, and the least grave one that is printed.
 *
 * <p>Java's finer levels fall into these by range: below INFO is {@link #DEBUG}.
 */
public enum LogLevel {
  /** For those who look for a fault. */
  DEBUG(Level.FINE),
  /** What happens in normal service. */
  INFO(Level.INFO),
  /** What an operator wants to see of normal service: start, ready, drain. */
  NOTICE(new NoticeLevel()),
  /** Something is wrong, and the server goes on. */
  WARN(Level.WARNING),
  /** Something failed. */
  ERROR(Level.SEVERE);

  @SuppressWarnings("ImmutableEnumChecker") // A Level never changes; its class does not say so.
  private final Level level;

  LogLevel(Level level) {
    this.level = level;
  }

  /** The level of {@code java.util.logging} that stands for this one. */
  public Level level() {
    return level;
  }

  /** The level that a record of {@code java.util.logging} falls into. */
  static LogLevel of(Level level) {
    LogLevel found = DEBUG;
    for (LogLevel candidate : values()) {
      if (candidate.level.intValue() <= level.intValue()) {
        found = candidate;
      }
    }
    return found;
  }

  private static final class NoticeLevel extends Level {
    private static final long serialVersionUID = 1L;

    NoticeLevel() {
      super("NOTICE", 850);
    }
  }
}
