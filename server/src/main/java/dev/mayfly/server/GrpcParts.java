package dev.mayfly.server;

import dev.mayfly.grpc.GrpcConfig;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Rules.UnstatedLifespan;
import org.jspecify.annotations.Nullable;

/** Turns the server's configuration into the grpc door's. */
final class GrpcParts {
  private static final long INPUT_BYTES_MIN = 64 << 20;

  private GrpcParts() {}

  static GrpcConfig config(MayflyConfig config) {
    MayflyConfig.Grpc grpc = config.grpc();
    return new GrpcConfig(
        Runtime.getRuntime().availableProcessors(),
        grpc.connectionsMax(),
        grpc.callsMax(),
        new GrpcConfig.Incoming(grpc.openCallsMax(), inputBytesMax(config), grpc.requestTimeout()),
        new GrpcConfig.Outgoing(
            grpc.outputMemory().bytes(),
            grpc.outputPause().bytes(),
            grpc.outputTimeout(),
            Math.max(grpc.replyMax().bytes(), config.limits().valueBytesMax())),
        grpc.scansMax(),
        grpc.inFlightMax().bytes(),
        config.events().sendTimeout(),
        Math.min(config.events().backlog().bytes(), config.events().memoryMax().bytes()),
        grpc.registrationRequired(),
        config.privilegedClientId(),
        tls(TlsFiles.of(grpc)),
        rules(config, config.limits().lifespanMin().toMillis(), UnstatedLifespan.RENEW),
        rules(config, 1, UnstatedLifespan.CLEAR));
  }

  private static long inputBytesMax(MayflyConfig config) {
    long stated = config.grpc().inputMax().bytes();
    return stated > 0 ? stated : Math.max(INPUT_BYTES_MIN, 4L * config.limits().valueBytesMax());
  }

  private static GrpcConfig.@Nullable Tls tls(@Nullable TlsFiles files) {
    return files == null ? null : new GrpcConfig.Tls(files.certificate(), files.key());
  }

  private static Rules rules(
      MayflyConfig config, long lifespanMillisMin, UnstatedLifespan unstated) {
    return new Rules(
        lifespanMillisMin,
        config.limits().valueBytesMax(),
        unstated,
        false,
        config.history().versionsMax(),
        config.keyMetrics() != KeyMetrics.OFF);
  }
}
