package dev.mayfly.server;

import dev.mayfly.resp.RespConfig;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Rules.UnstatedLifespan;

/** Turns the server's configuration into the resp door's. */
final class RespParts {
  private RespParts() {}

  static RespConfig config(MayflyConfig config) {
    MayflyConfig.Resp resp = config.resp();
    return new RespConfig(
        ServerVersion.text(),
        eventLoops(resp),
        resp.connectionsMax(),
        resp.argumentsMax(),
        resp.commandMax().bytes(),
        resp.queuedMax().bytes(),
        resp.outputPause().clampedToInt(),
        resp.outputMax().bytes(),
        resp.replyMax().clampedToInt(),
        resp.subscriptionsMax(),
        resp.watchedKeysMax(),
        resp.trackedReadsMax(),
        config.prune().eagerAt() > 0,
        resp.sleepAllowed(),
        rules(config));
  }

  /**
   * The half of the processors is left to clients, to the system's part of their traffic and to the
   * other doors: more loops than there are processors free take turns with what they wait for, and
   * then serve small batches.
   */
  private static int eventLoops(MayflyConfig.Resp resp) {
    return resp.eventLoops() > 0
        ? resp.eventLoops()
        : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  private static Rules rules(MayflyConfig config) {
    return new Rules(
        1,
        config.limits().valueBytesMax(),
        UnstatedLifespan.CLEAR,
        true,
        0,
        config.keyMetrics() == KeyMetrics.ON);
  }
}
