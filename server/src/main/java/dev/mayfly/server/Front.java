package dev.mayfly.server;

import dev.mayfly.telemetry.MonitorListener;
import dev.mayfly.telemetry.Readiness;
import dev.mayfly.telemetry.ScrapedMetrics;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a server shows from its first moment on: event loops and, on them, the monitor listener,
 * which answers probes while the rest starts and what was kept is restored.
 *
 * <p>Owns both; safe for concurrent use, but for the doors, which one thread opens.
 */
final class Front {
  private final Vertx vertx = EventLoops.open();
  private final Doors doors = new Doors();
  private volatile Readiness readiness = Readiness.STARTING;
  private volatile @Nullable ScrapedMetrics metrics;
  private volatile BooleanSupplier journalAway = () -> false;

  private Front() {}

  /** With the monitor listener about to open: {@link Doors#awaitOpen} tells of its failure. */
  static Front open(MayflyConfig config) {
    Front front = new Front();
    MonitorListener monitor =
        new MonitorListener(
            front.vertx, front::readiness, config.metrics() ? () -> front.metrics : null);
    front.doors.begin(
        config.addresses().monitor(), new Door("monitor", monitor::start, drain -> monitor.stop()));
    return front;
  }

  Vertx vertx() {
    return vertx;
  }

  /** All doors of the server; the monitor is the first of them. */
  Doors doors() {
    return doors;
  }

  Readiness readiness() {
    Readiness now = readiness;
    boolean away = now == Readiness.READY && journalAway.getAsBoolean();
    return away ? Readiness.JOURNAL_AWAY : now;
  }

  /** Asked for each probe of a server that is ready. */
  void journalAway(BooleanSupplier away) {
    journalAway = away;
  }

  /** From now on. */
  void readiness(Readiness now) {
    readiness = now;
  }

  /** What {@code /metrics} gives from now on. */
  void metrics(ScrapedMetrics all) {
    metrics = all;
  }

  /** Ends the event loops, and with them what still listens on them; answers whether they have. */
  boolean close() {
    return Doors.await("event loops", vertx.close(), Duration.ZERO);
  }
}
