package dev.mayfly.cli;

import dev.mayfly.balancer.Backend;
import dev.mayfly.balancer.BalancerConfig;
import dev.mayfly.balancer.Discovery;
import dev.mayfly.balancer.DnsDiscovery;
import dev.mayfly.balancer.DockerConfig;
import dev.mayfly.balancer.DockerDiscovery;
import dev.mayfly.balancer.FileDiscovery;
import dev.mayfly.balancer.HealthCheck;
import dev.mayfly.balancer.HostPort;
import dev.mayfly.balancer.Policy;
import dev.mayfly.store.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the words and the environment of {@code mayfly balance} ask for. Immutable.
 *
 * <p>Whatever makes no sense is a {@code UsageException}.
 */
record BalanceSettings(BalanceWords words, Map<String, String> environment) {
  private static final HostPort LISTEN = new HostPort("127.0.0.1", 8000);
  private static final Duration REFRESH = Duration.ofSeconds(1);
  private static final Duration LIST_INTERVAL = Duration.ofSeconds(5);
  private static final List<Option> SOURCES =
      List.of(
          BalanceOptions.BACKEND, BalanceOptions.DNS, BalanceOptions.FILE, BalanceOptions.DOCKER);
  private static final List<Option> OF_DOCKER =
      List.of(
          BalanceOptions.SERVICE,
          BalanceOptions.LABEL,
          BalanceOptions.PORT,
          BalanceOptions.NETWORK,
          BalanceOptions.DOCKER_CERTS);
  private static final int NUMBER_MAX = 1_000_000;
  private static final int THRESHOLD_MAX = 100;

  BalancerConfig config() {
    BalancerConfig config =
        BalancerConfig.listeningAt(listen())
            .withHealth(health())
            .withLimits(limits())
            .withProxyHeaders(
                words.has(BalanceOptions.ACCEPT_PROXY), words.has(BalanceOptions.PROXY_PROTOCOL));
    String policy = words.value(BalanceOptions.POLICY);
    if (policy != null) {
      config = config.withPolicy(read(policy, Policy::parse));
    }
    String udp = words.value(BalanceOptions.UDP);
    if (udp != null) {
      config =
          config.withUdp(read(udp, HostPort::parse), number(BalanceOptions.UDP_PORT, 0, 1, 65535));
    } else if (words.has(BalanceOptions.UDP_PORT)) {
      throw new UsageException("--udp-port without --udp");
    }
    String monitor = words.value(BalanceOptions.MONITOR);
    return monitor == null ? config : config.withMonitor(read(monitor, HostPort::parse));
  }

  private HostPort listen() {
    String text = words.value(BalanceOptions.LISTEN);
    if (text != null) {
      return read(text, HostPort::parse);
    }
    String port = environment.get("SERVICE_PORT");
    return port == null || port.isEmpty() ? LISTEN : read(":" + port, HostPort::parse);
  }

  private HealthCheck health() {
    String text = words.value(BalanceOptions.HEALTH);
    HealthCheck check = text == null ? HealthCheck.tcp() : read(text, HealthCheck::parse);
    if (words.has(BalanceOptions.HEALTH_PORT)) {
      check = check.atPort(number(BalanceOptions.HEALTH_PORT, 0, 1, 65535));
    }
    check =
        check.withThresholds(
            number(BalanceOptions.HEALTH_RISE, check.rise(), 1, THRESHOLD_MAX),
            number(BalanceOptions.HEALTH_FALL, check.fall(), 1, THRESHOLD_MAX));
    return check.every(duration(BalanceOptions.HEALTH_INTERVAL, check.interval()));
  }

  private BalancerConfig.Limits limits() {
    BalancerConfig.Limits limits = BalancerConfig.Limits.defaults();
    return limits
        .withConnectionsMax(
            number(BalanceOptions.MAX_CONNECTIONS, limits.connectionsMax(), 1, NUMBER_MAX))
        .withUnsentMax(size(BalanceOptions.MAX_UNSENT, limits.unsentMax()))
        .withRetriesMax(number(BalanceOptions.RETRIES, limits.retriesMax(), 0, THRESHOLD_MAX))
        .withEjection(
            number(BalanceOptions.EJECT_AFTER, limits.ejectionFailures(), 1, NUMBER_MAX),
            duration(BalanceOptions.EJECT_TIME, limits.ejectionTime()))
        .withUdp(
            number(BalanceOptions.UDP_CLIENTS, limits.udpClientsMax(), 1, NUMBER_MAX),
            duration(BalanceOptions.UDP_IDLE, limits.udpIdleTimeout()))
        .withConnectTimeout(duration(BalanceOptions.CONNECT_TIMEOUT, limits.connectTimeout()))
        .withIdleTimeout(duration(BalanceOptions.IDLE_TIMEOUT, limits.idleTimeout()))
        .withDrainTime(duration(BalanceOptions.DRAIN_TIME, limits.drainTime()));
  }

  /**
   * Where the backends come from; nothing runs yet.
   *
   * @throws IOException if certificates cannot be read
   */
  Discovery discovery() throws IOException {
    long sources = SOURCES.stream().filter(words::has).count();
    boolean named = !environment("GROUP_NAME", "").isEmpty();
    if (sources > 1 || (sources == 0 && !named)) {
      throw new UsageException(
          (sources == 0 ? "no backends" : "backends from several places")
              + ": expected one of --backend, --dns, --file and --docker");
    }
    if (sources == 0 || words.has(BalanceOptions.DOCKER)) {
      return new DockerDiscovery(docker());
    }
    for (Option option : OF_DOCKER) {
      if (words.has(option)) {
        throw new UsageException(option.key() + " without --docker");
      }
    }
    Duration refresh = duration(BalanceOptions.REFRESH, REFRESH);
    String file = words.value(BalanceOptions.FILE);
    if (file != null) {
      return new DnsDiscovery(new FileDiscovery(Path.of(file), refresh), refresh);
    }
    String name = words.value(BalanceOptions.DNS);
    List<String> texts = name == null ? words.all(BalanceOptions.BACKEND) : List.of(name);
    List<Backend> backends = texts.stream().map(text -> read(text, Backend::parse)).toList();
    return new DnsDiscovery(Discovery.of(backends), refresh);
  }

  DockerConfig docker() {
    String given = words.value(BalanceOptions.DOCKER);
    String api =
        given == null ? environment("DOCKER_API_LOCATION", DockerConfig.DEFAULT_API) : given;
    String name = words.value(BalanceOptions.SERVICE);
    String service = name == null ? environment("GROUP_NAME", "") : name;
    if (service.isEmpty()) {
      throw new UsageException("--docker: expected --service NAME, or GROUP_NAME");
    }
    String label = words.value(BalanceOptions.LABEL);
    String group = environment("GROUP_PORT", "0");
    int port = number(BalanceOptions.PORT, words.value(BalanceOptions.PORT), 1, 65535);
    String certificates = words.value(BalanceOptions.DOCKER_CERTS);
    Duration interval = duration(BalanceOptions.REFRESH, LIST_INTERVAL);
    String self = environment("HOSTNAME", "");
    try {
      return new DockerConfig(
          api,
          certificates == null ? null : Path.of(certificates),
          label == null ? DockerConfig.DEFAULT_LABEL : label,
          service,
          port >= 0 ? port : number(BalanceOptions.PORT, group, 0, 65535),
          words.value(BalanceOptions.NETWORK),
          self.isEmpty() ? null : self,
          interval);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  private String environment(String name, String fallback) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? fallback : value;
  }

  private Duration duration(Option option, Duration fallback) {
    String text = words.value(option);
    return text == null ? fallback : Durations.positive(option.key().substring(2), text);
  }

  private long size(Option option, long fallback) {
    String text = words.value(option);
    if (text == null) {
      return fallback;
    }
    ByteSize size = read(text, ByteSize::parse);
    if (size.bytes() < 1) {
      throw new UsageException(
          "invalid size '" + text + "' for " + option.key() + ": expected 1B or more");
    }
    return size.bytes();
  }

  private int number(Option option, int fallback, int min, int max) {
    int number = number(option, words.value(option), min, max);
    return number < 0 ? fallback : number;
  }

  /** A number that is not negative, or -1 where there is no text. */
  private static int number(Option option, @Nullable String text, int min, int max) {
    if (text == null) {
      return -1;
    }
    boolean plain = text.length() <= 7 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    int number = plain && !text.isEmpty() ? Integer.parseInt(text) : -1;
    if (number < min || number > max) {
      throw new UsageException(
          "invalid number '%s' for %s: expected %d to %d".formatted(text, option.key(), min, max));
    }
    return number;
  }

  /** Reads a text in the way of the balancer, whose refusals are the user's to read. */
  private static <T> T read(String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }
}
