package dev.mayfly.telemetry;

import java.util.Locale;

/** Whether a server should be given requests. */
public enum Readiness {
  /** Not yet. */
  STARTING,
  /** Yes. */
  READY,
  /** No more: it answers what it has and stops. */
  DRAINING;

  /** The word that {@code /readyz} answers with. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
