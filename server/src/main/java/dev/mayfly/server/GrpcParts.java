package dev.mayfly.server;

import dev.mayfly.grpc.GrpcConfig;
import dev.mayfly.grpc.GrpcListener;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Rules.UnstatedLifespan;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
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

  /** The door, whose calls to start and to stop block. */
  static Door door(Vertx vertx, GrpcListener listener) {
    return new Door(
        "grpc",
        address ->
            vertx
                .executeBlocking(() -> listener.start(address(address)))
                .map(Objects::requireNonNull),
        drain ->
            vertx
                .executeBlocking(
                    () -> {
                      listener.stop(drain);
                      return true;
                    })
                .mapEmpty(),
        false);
  }

  private static java.net.SocketAddress address(SocketAddress address) {
    return address.isInetSocket()
        ? new InetSocketAddress(address.host(), address.port())
        : UnixDomainSocketAddress.of(address.path());
  }
}
