package dev.mayfly.telemetry;

import java.util.Locale;

/** Whether a server should be given requests. */
public enum Readiness {
  /** Not yet. */
  STARTING,
  /** Yes. */
  READY,
  /** Yes, but what happens is not being kept: the journal's database is away. */
  JOURNAL_AWAY,
  /** No more: it answers what it has and stops. */
  DRAINING;

  /** Whether it should. */
  public boolean isReady() {
    return this == READY || this == JOURNAL_AWAY;
  }

  /** The words that {@code /readyz} answers with. */
  String word() {
    return this == JOURNAL_AWAY
        ? "ready, but the journal is away"
        : name().toLowerCase(Locale.ROOT);
  }
}
