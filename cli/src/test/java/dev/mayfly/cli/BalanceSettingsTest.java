package dev.mayfly.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.balancer.BalancerConfig;
import dev.mayfly.balancer.DockerConfig;
import dev.mayfly.balancer.HealthCheck;
import dev.mayfly.balancer.HostPort;
import dev.mayfly.balancer.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BalanceSettingsTest {
  @Test
  void nothingSaid_isTheDefaults() {
    BalancerConfig config = settings(Map.of(), "--backend db:80").config();

    assertThat(config).isEqualTo(BalancerConfig.listeningAt(new HostPort("127.0.0.1", 8000)));
  }

  @Test
  void everyOption_isTaken() {
    BalancerConfig config =
        settings(
                Map.of(),
                "--listen :9000 --policy consistent --udp 127.0.0.1:3509 --udp-port 3510"
                    + " --udp-max-clients 7 --udp-idle-timeout 8s --proxy-protocol --accept-proxy"
                    + " --monitor 127.0.0.1:9001 --health http:/x --health-port 81"
                    + " --health-interval 3s --health-rise 4 --health-fall 5 --eject-after 6"
                    + " --eject-time 9s --connect-timeout 1s --idle-timeout 2m --drain-time 3m"
                    + " --max-connections 11 --max-unsent 12MiB --retries 0")
            .config();

    assertThat(config)
        .isEqualTo(
            new BalancerConfig(
                new HostPort("", 9000),
                new HostPort("127.0.0.1", 3509),
                3510,
                new HostPort("127.0.0.1", 9001),
                Policy.CONSISTENT,
                HealthCheck.http("/x").atPort(81).every(Duration.ofSeconds(3)).withThresholds(4, 5),
                true,
                true,
                new BalancerConfig.Limits(
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(3),
                    11,
                    12 << 20,
                    0,
                    6,
                    Duration.ofSeconds(9),
                    7,
                    Duration.ofSeconds(8))));
  }

  @Test
  void docker_everyOption_isTaken() {
    DockerConfig docker =
        settings(
                Map.of("GROUP_NAME", "other", "GROUP_PORT", "1", "HOSTNAME", "c0ffee"),
                "--docker https://engine:2376 --service db --label app --port 80 --network back"
                    + " --docker-certs certs --refresh 9s")
            .docker();

    assertThat(docker)
        .isEqualTo(
            new DockerConfig(
                "https://engine:2376",
                Path.of("certs"),
                "app",
                "db",
                80,
                "back",
                "c0ffee",
                Duration.ofSeconds(9)));
  }

  @Test
  void environmentOfTheOriginal_isTakenWhereNoOptionIsGiven() {
    Map<String, String> environment =
        Map.of(
            "DOCKER_API_LOCATION", "http://engine:2375",
            "SERVICE_PORT", "8080",
            "GROUP_PORT", "81",
            "GROUP_NAME", "db-node");

    BalanceSettings settings = settings(environment, "");

    assertThat(settings.config().listen()).isEqualTo(new HostPort("", 8080));
    assertThat(settings.docker()).isEqualTo(DockerConfig.of("http://engine:2375", "db-node", 81));
  }

  @Test
  void dockerWithoutAnAddress_isTheUsualSocket() {
    assertThat(settings(Map.of(), "--docker --service db").docker())
        .isEqualTo(DockerConfig.of(DockerConfig.DEFAULT_API, "db", 0));
  }

  @Test
  void backends_severalBehindOneOptionOrMany_areTakenInOrder() {
    BalanceWords words =
        BalanceWords.parse(
            List.of("--backend", "a:1", "b:2", "--policy", "weighted", "--backend=c:3,weight=2"));

    assertThat(words.all(BalanceOptions.BACKEND)).containsExactly("a:1", "b:2", "c:3,weight=2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "balance|no backends: expected one of --backend, --dns, --file and --docker",
        "balance --backend a:1 --file x|backends from several places",
        "balance --backend|--backend: expected HOST:PORT",
        "balance --backend a|'a' is not an address",
        "balance --backend a:1,weight=0|expected 1 to 1000",
        "balance --backend a:1 --service db|--service without --docker",
        "balance --docker|expected --service NAME, or GROUP_NAME",
        "balance --docker engine:2375 --service db|expected a path, unix:///path, or an http",
        "balance --docker --service db --port 0|invalid number '0' for --port: expected 1",
        "balance --backend a:1 --port 80|--port without --docker",
        "balance --backend a:1 --udp-port 80|--udp-port without --udp",
        "balance --backend a:1 --udp 80|'80' is not an address",
        "balance --backend a:1 --listen x|'x' is not an address",
        "balance --backend a:1 --listen 1.2.3.4:65536|a port is a number from 0 to 65535",
        "balance --backend a:1 --policy random|'random' is no policy: expected round-robin",
        "balance --backend a:1 --health ping|'ping' is no health check: expected off, tcp",
        "balance --backend a:1 --health-fall 0|invalid number '0' for --health-fall",
        "balance --backend a:1 --retries 101|expected 0 to 100",
        "balance --backend a:1 --max-unsent 0|invalid size '0' for --max-unsent",
        "balance --backend a:1 --max-unsent 1X|invalid size '1X'",
        "balance --backend a:1 --idle-timeout 0|expected more than 0",
        "balance --backend a:1 --idle-timeout x|invalid duration 'x'",
        "balance --backend a:1 --retries 1 --retries 2|--retries is given more than once",
        "balance --backend a:1 --proxy-protocol=2|--proxy-protocol takes no value",
        "balance --backend a:1 --log-level LOUD|invalid log level 'LOUD'",
        "balance --backnd a:1|unknown option '--backnd' (see 'mayfly balance --help')",
        "balance a:1|unknown option 'a:1'",
      })
  void wrongUsage_isExplainedAndExitsWith2(String words, String message) {
    Run run = Run.alone(words.split(" "));

    assertThat(run.err()).startsWith("mayfly: ").contains(message);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
  }

  private static BalanceSettings settings(Map<String, String> environment, String words) {
    List<String> list = words.isEmpty() ? List.of() : List.of(words.split(" "));
    return new BalanceSettings(BalanceWords.parse(list), environment);
  }
}
