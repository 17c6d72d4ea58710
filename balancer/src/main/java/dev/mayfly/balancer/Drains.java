package dev.mayfly.balancer;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Ends the connections of targets that drain, once they had their time. */
final class Drains implements TargetPool.Listener {
  private static final Logger LOG = Logger.getLogger(Drains.class.getName());

  private final Duration time;
  private final Transport transport;

  Drains(Duration time, Transport transport) {
    this.time = time;
    this.transport = transport;
  }

  @Override
  public void onArrival(Target target) {}

  @Override
  public void onDrain(Target target) {
    LOG.log(
        Level.INFO,
        "backend drains",
        new Object[] {"backend", target.id(), "connections", target.connections()});
    int drain = target.nextDrain();
    if (!transport.control().isShuttingDown()) {
      var _ =
          transport
              .control()
              .schedule(() -> end(target, drain), Millis.of(time), TimeUnit.MILLISECONDS);
    }
  }

  private static void end(Target target, int drain) {
    if (target.isDraining(drain)) {
      int left = target.connections();
      if (left > 0) {
        LOG.log(
            Level.WARNING,
            "connections cut at the end of the drain time",
            new Object[] {"backend", target.id(), "connections", left});
      }
      target.cut();
    }
  }
}
