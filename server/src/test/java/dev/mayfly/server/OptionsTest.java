package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptionsTest {
  /** A right value of each option that is not its default. */
  private static final Map<String, String> OTHER =
      Map.ofEntries(
          Map.entry("name", "other"),
          Map.entry("data", "/var/lib/mayfly"),
          Map.entry("database", "postgres://u:p@h/d"),
          Map.entry("durability", "snapshot"),
          Map.entry("snapshot.interval", "1h"),
          Map.entry("snapshot.keep", "9"),
          Map.entry("snapshot.log-max", "1MiB"),
          Map.entry("fresh", "true"),
          Map.entry("http.address", ":1"),
          Map.entry("monitor.address", "off"),
          Map.entry("grpc.address", ":2"),
          Map.entry("resp.address", "unix:///x"),
          Map.entry("ratelimit.rules", "rules.yaml"),
          Map.entry("ratelimit.shadow", "true"),
          Map.entry("counter.address", "[::1]:3"),
          Map.entry("counter.tcp", ":4"),
          Map.entry("counter.http", ":3510"),
          Map.entry("counter.secret", "hush"),
          Map.entry("counter.secret-file", "/run/secret"),
          Map.entry("counter.peers", "10.0.0.1:3509,10.0.0.2"),
          Map.entry("counter.self", "10.0.0.1:3509"),
          Map.entry("counter.ttl", "10s"),
          Map.entry("counter.max-bytes", "10MiB"),
          Map.entry("counter.max-keys", "10"),
          Map.entry("counter.max-namespaces", "10"),
          Map.entry("counter.max-connections", "10"),
          Map.entry("counter.idle-timeout", "10s"),
          Map.entry("counter.max-input", "2MiB"),
          Map.entry("counter.output-memory", "2MiB"),
          Map.entry("counter.output-timeout", "2s"),
          Map.entry("stop-timeout", "1m30s"),
          Map.entry("log.level", "DEBUG"),
          Map.entry("log.format", "json"),
          Map.entry("metrics", "false"),
          Map.entry("trace", "true"),
          Map.entry("max-key-length", "10"),
          Map.entry("max-value-size", "10KiB"),
          Map.entry("max-keys", "10"),
          Map.entry("max-bytes", "10MiB"),
          Map.entry("min-lock-duration", "1s"),
          Map.entry("max-lock-duration", "1h"),
          Map.entry("min-lifespan", "1s"),
          Map.entry("readonly", "true"),
          Map.entry("privileged-client-id", "root"),
          Map.entry("key-metrics", "on"),
          Map.entry("revision-limit", "-1"),
          Map.entry("keep-deleted-key-history", "true"),
          Map.entry("deleted-key-history-max-age", "1h"),
          Map.entry("prune.interval", "1h"),
          Map.entry("prune.at", "10"),
          Map.entry("prune.to", "5"),
          Map.entry("prune.eager-at", "10"),
          Map.entry("prune.eager-to", "5"),
          Map.entry("events.max-bytes", "10MiB"),
          Map.entry("events.max-watchers", "10"),
          Map.entry("lock.max-waiters", "10"),
          Map.entry("lock.max-key-waiters", "10"),
          Map.entry("lease.max-leases", "10"),
          Map.entry("lease.max-keys", "10"),
          Map.entry("events.send-timeout", "2s"),
          Map.entry("events.backlog", "2MiB"),
          Map.entry("require-registration", "true"),
          Map.entry("tls.cert", "cert.pem"),
          Map.entry("tls.key", "key.pem"),
          Map.entry("grpc.max-connections", "10"),
          Map.entry("grpc.max-calls", "10"),
          Map.entry("http.max-pipelined", "10"),
          Map.entry("grpc.max-open-calls", "10"),
          Map.entry("grpc.max-input", "2MiB"),
          Map.entry("grpc.request-timeout", "10s"),
          Map.entry("http.output-memory", "2MiB"),
          Map.entry("http.output-timeout", "2s"),
          Map.entry("grpc.output-memory", "2MiB"),
          Map.entry("grpc.output-pause", "1MiB"),
          Map.entry("grpc.output-timeout", "2s"),
          Map.entry("grpc.max-reply", "2MiB"),
          Map.entry("grpc.max-scans", "10"),
          Map.entry("resp.max-connections", "10"),
          Map.entry("resp.max-arguments", "10"),
          Map.entry("resp.max-command", "128KiB"),
          Map.entry("resp.max-queued", "1KiB"),
          Map.entry("resp.max-input", "2MiB"),
          Map.entry("resp.output-pause", "2KiB"),
          Map.entry("resp.output-max", "4MiB"),
          Map.entry("resp.output-memory", "4MiB"),
          Map.entry("resp.output-timeout", "4s"),
          Map.entry("resp.max-subscriptions", "10"),
          Map.entry("resp.max-reply", "2MiB"),
          Map.entry("resp.max-watched-keys", "10"),
          Map.entry("resp.max-tracked-reads", "10"),
          Map.entry("resp.max-remembered", "1MiB"),
          Map.entry("resp.debug", "true"),
          Map.entry("resp.event-loops", "3"),
          Map.entry("resp.help-from", "32KiB"),
          Map.entry("grpc.max-in-flight", "10MiB"),
          Map.entry("engine.shards", "16"),
          Map.entry("engine.huge-pages", "off"),
          Map.entry("http.max-body", "10KiB"),
          Map.entry("http.max-header-size", "10KiB"),
          Map.entry("http.idle-timeout", "10s"),
          Map.entry("http.max-batch", "10"),
          Map.entry("http.max-connections", "10"),
          Map.entry("http.max-heads", "10MiB"),
          Map.entry("http.request-timeout", "10s"),
          Map.entry("http.max-in-flight", "10MiB"),
          Map.entry("get-store.max-key-length", "10"),
          Map.entry("get-store.max-value-length", "10"));

  static Stream<Option<?>> all() {
    return Options.all().stream().filter(option -> !option.equals(Options.CONFIG));
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyOption_setThroughTheEnvironment_reachesTheConfig(Option<?> option) {
    String text = OTHER.getOrDefault(option.name(), "");
    Map<String, String> also =
        switch (option.name()) {
          case "prune.to" -> Map.of("MAYFLY_PRUNE_AT", "10");
          case "prune.eager-to" -> Map.of("MAYFLY_PRUNE_EAGER_AT", "10");
          case "tls.cert" -> Map.of("MAYFLY_TLS_KEY", "key.pem");
          case "tls.key" -> Map.of("MAYFLY_TLS_CERT", "cert.pem");
          default -> Map.of();
        };
    // Certificate and key are refused without each other.
    LoadedConfig before = load(option.name().startsWith("tls.") ? Map.of() : also);

    LoadedConfig after = load(with(also, option.variable(), text));

    assertThat(text).as("a value that is not the default").isNotEmpty();
    assertThat(after.config()).isNotEqualTo(before.config());
    assertThat(ConfigReport.changes(after)).hasSize(also.size() + 1);
  }

  @Test
  void certificate_withoutKey_isRefused() {
    assertThatThrownBy(() -> load(Map.of("MAYFLY_TLS_CERT", "cert.pem")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("option 'tls.cert' needs 'tls.key' as well");
    assertThatThrownBy(() -> load(Map.of("MAYFLY_TLS_KEY", "key.pem")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("option 'tls.key' needs 'tls.cert' as well");
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyOption_default_isOfTheFormItExpects(Option<?> option) {
    String text = option.fallback().text().apply(TestSurroundings.of(Map.of()));

    assertThat(roundTrip(option, text)).isEqualTo(text);
  }

  @Test
  void names_inEverySource_areDistinct() {
    List<String> names = Options.all().stream().map(Option::name).toList();

    assertThat(names)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z-]+(\\.[a-z-]+)?"));
    assertThat(ConfigFlag.all().stream().flatMap(flag -> flag.names().stream()))
        .doesNotHaveDuplicates();
    assertThat(names.stream().map(Option::variable)).doesNotHaveDuplicates();
  }

  private static <T> String roundTrip(Option<T> option, String text) {
    return option.type().encoder().apply(option.type().decoder().apply(text));
  }

  private static LoadedConfig load(Map<String, String> environment) {
    return new ConfigLoader(TestSurroundings.of(environment)).load(Map.of());
  }

  private static Map<String, String> with(Map<String, String> map, String name, String value) {
    Map<String, String> both = new HashMap<>(map);
    both.put(name, value);
    return both;
  }
}
