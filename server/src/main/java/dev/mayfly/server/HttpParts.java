package dev.mayfly.server;

import dev.mayfly.http.HttpConfig;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Rules.UnstatedLifespan;
import org.jspecify.annotations.Nullable;

/**
 * Turns the server's configuration into the http door's, with the rules of each of its surfaces.
 */
final class HttpParts {
  private static final long JSON_CACHE_LIFESPAN_MILLIS_MIN = 1000;

  private HttpParts() {}

  static HttpConfig config(MayflyConfig config, int eventLoops) {
    MayflyConfig.Http http = config.http();
    return new HttpConfig(
        ServerVersion.text(),
        eventLoops,
        http.bodyMax().clampedToInt(),
        http.headerMax().clampedToInt(),
        http.idleTimeout(),
        http.connectionsMax(),
        http.batchMax(),
        input(http),
        new HttpConfig.Output(http.outputMemory().bytes(), http.outputTimeout()),
        config.getStore().keyLengthMax(),
        config.getStore().valueLengthMax(),
        v1(config),
        getStore(config),
        jsonCache(config),
        config.privilegedClientId(),
        tls(TlsFiles.of(config.grpc())));
  }

  private static HttpConfig.Input input(MayflyConfig.Http http) {
    return new HttpConfig.Input(
        http.pipelinedMax(),
        http.headsMax().bytes(),
        http.inFlightMax().bytes(),
        http.requestTimeout());
  }

  /** All doors that speak TLS share certificate and key. */
  private static HttpConfig.@Nullable Tls tls(@Nullable TlsFiles files) {
    return files == null ? null : new HttpConfig.Tls(files.certificate(), files.key());
  }

  private static Rules v1(MayflyConfig config) {
    boolean metrics = config.keyMetrics() != KeyMetrics.OFF;
    return rules(config, 1, false, config.history().versionsMax(), metrics);
  }

  private static Rules getStore(MayflyConfig config) {
    return rules(config, 1, true, 0, config.keyMetrics() == KeyMetrics.ON);
  }

  private static Rules jsonCache(MayflyConfig config) {
    boolean metrics = config.keyMetrics() == KeyMetrics.ON;
    return rules(config, JSON_CACHE_LIFESPAN_MILLIS_MIN, false, 0, metrics);
  }

  private static Rules rules(
      MayflyConfig config,
      long lifespanMillisMin,
      boolean equalValueChanges,
      int historyMax,
      boolean keepsMetrics) {
    return new Rules(
        lifespanMillisMin,
        config.limits().valueBytesMax(),
        UnstatedLifespan.CLEAR,
        equalValueChanges,
        historyMax,
        keepsMetrics);
  }
}
