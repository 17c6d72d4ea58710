package dev.mayfly.server;

import dev.mayfly.resp.RespConfig;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Rules.UnstatedLifespan;

/** Turns the server's configuration into the resp door's. */
final class RespParts {
  private static final long INPUT_BYTES_MIN = 192 << 20;

  private RespParts() {}

  /**
   * Half of the processors is left to clients, to the system's part of their traffic and to the
   * other doors: more loops than there are processors free take turns with what they wait for, and
   * then serve small batches. What is free all the same is used by the helpers of the loops, as
   * soon as turns are large.
   */
  static RespConfig config(MayflyConfig config) {
    MayflyConfig.Resp resp = config.resp();
    int processors = Runtime.getRuntime().availableProcessors();
    int loops = resp.eventLoops() > 0 ? resp.eventLoops() : Math.max(1, processors / 2);
    return new RespConfig(
        ServerVersion.text(),
        loops,
        loops < processors ? resp.helpFrom().clampedToInt() : 0,
        resp.connectionsMax(),
        resp.argumentsMax(),
        resp.commandMax().bytes(),
        resp.queuedMax().bytes(),
        inputBytesMax(resp),
        resp.outputPause().clampedToInt(),
        resp.outputMax().bytes(),
        resp.outputMemory().bytes(),
        resp.outputTimeout().toMillis(),
        resp.replyMax().clampedToInt(),
        resp.subscriptionsMax(),
        resp.watchedKeysMax(),
        resp.trackedReadsMax(),
        resp.rememberedMax().bytes(),
        config.prune().eagerAt() > 0,
        resp.sleepAllowed(),
        rules(config));
  }

  /** At least what the largest command takes while it arrives, in an array that grows. */
  private static long inputBytesMax(MayflyConfig.Resp resp) {
    long stated = resp.inputMax().bytes();
    return stated > 0 ? stated : Math.max(INPUT_BYTES_MIN, 3 * resp.commandMax().bytes());
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
