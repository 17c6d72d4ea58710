package dev.mayfly.server;

import dev.mayfly.grpc.GrpcConfig;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Rules.UnstatedLifespan;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Turns the server's configuration into the grpc door's. */
final class GrpcParts {
  private GrpcParts() {}

  static GrpcConfig config(MayflyConfig config) {
    MayflyConfig.Grpc grpc = config.grpc();
    return new GrpcConfig(
        Runtime.getRuntime().availableProcessors(),
        grpc.callsMax(),
        grpc.scansMax(),
        grpc.inFlightMax().bytes(),
        config.events().sendTimeout(),
        grpc.registrationRequired(),
        config.privilegedClientId(),
        tls(grpc),
        rules(config, config.limits().lifespanMin().toMillis(), UnstatedLifespan.RENEW),
        rules(config, 1, UnstatedLifespan.CLEAR));
  }

  private static GrpcConfig.@Nullable Tls tls(MayflyConfig.Grpc grpc) {
    return grpc.certificate().isEmpty()
        ? null
        : new GrpcConfig.Tls(Path.of(grpc.certificate()), Path.of(grpc.key()));
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
