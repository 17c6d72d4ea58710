package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.MayflyClient;
import dev.mayfly.it.MayflyProcess.Outcome;
import dev.mayfly.testing.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The load, in a process of its own, on servers in processes of theirs. */
class StressIT {
  @TempDir static Path folder;

  private static ServerFixture server;

  @BeforeAll
  static void start() throws IOException {
    server = ServerFixture.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String address(String door) {
    return switch (door) {
      case "grpc" -> server.grpc();
      case "resp" -> "127.0.0.1:" + server.respPort();
      case "counter", "counter-packet" -> server.counterAddress();
      default -> server.address();
    };
  }

  private static Outcome stress(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("stress"));
    all.addAll(List.of(words));
    try (MayflyProcess load =
        MayflyProcess.start(folder, environment, all.toArray(String[]::new))) {
      return load.finish();
    }
  }

  private static long number(String json, String name) {
    return Long.parseLong(json.replaceAll("(?s).*?\"" + name + "\":(-?[0-9]+).*", "$1"));
  }

  @ParameterizedTest
  @CsvSource({
    "http, 1, ''",
    "http, 8, --value-size=1-200",
    "json, 1, --lifespan=1h",
    "grpc, 1, --lifespan=1h",
    "grpc, 8, --value-size=1KiB",
    "resp, 16, --lifespan=1h",
    "resp, 1, --distribution=zipf",
    "counter, 1, ''",
    "counter, 8, --distribution=hot",
    "counter-packet, 1, ''",
    "counter-packet, 4, ''",
  })
  void door_withReadsAndWrites_answersEverything(String door, int pipeline, String more)
      throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                "--door=" + door,
                "--address=" + address(door),
                "--pipeline=" + pipeline,
                "--amount=2000",
                "--connections=8",
                "--reads=50",
                "--timeout=60s",
                "--prefix=" + door + pipeline + ":",
                "--keys=300",
                "--seed=7",
                "--json=-",
                "--objective=errors<=0,p100<1h"));
    if (!more.isEmpty()) {
      words.add(more);
    }

    Outcome outcome = stress(Map.of(), words.toArray(String[]::new));

    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(number(outcome.out(), "answered")).isEqualTo(2000);
    assertThat(number(outcome.out(), "errors")).isZero();
    assertThat(number(outcome.out(), "missing")).isLessThan(1000);
    assertThat(outcome.out()).contains("\"met\":true").doesNotContain("\"met\":false");
    assertThat(outcome.err()).contains("[<] 0 / [!] 0 / [^] 2000\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "json", "grpc"})
  void doorUnderTls_answersWhoeverBelievesIt(String door) throws Exception {
    TestCertificate certificate = TestCertificate.make(folder, door);
    try (ServerFixture secure =
        ServerFixture.start(
            folder,
            "--tls-cert",
            "" + certificate.certificate(),
            "--tls-key",
            "" + certificate.key())) {
      List<String> words =
          new ArrayList<>(
              List.of(
                  "--door=" + door,
                  "--address=" + (door.equals("grpc") ? secure.grpc() : secure.address()),
                  "--amount=500",
                  "--connections=4",
                  "--reads=50",
                  "--timeout=60s",
                  "--objective=errors<=0"));

      words.add("--ca-certfile=" + certificate.certificate());
      Outcome believing = stress(Map.of(), words.toArray(String[]::new));
      words.set(words.size() - 1, "--tls");
      words.set(words.indexOf("--timeout=60s"), "--timeout=2s");
      Outcome doubting = stress(Map.of(), words.toArray(String[]::new));

      assertThat(believing.code()).as("%s", believing).isZero();
      assertThat(believing.out()).contains("Success: 500\n");
      assertThat(doubting.code()).as("%s", doubting).isEqualTo(1);
      assertThat(doubting.err()).contains("mayfly: 127.0.0.1:");
    }
  }

  @Test
  void unixSockets_areSpokenTo() throws Exception {
    List<String> words = new ArrayList<>(List.of("serve", "--counter=off", "--monitor=off"));
    for (String door : List.of("http", "grpc", "resp")) {
      words.add("--" + door + "=unix://" + folder.resolve(door));
    }
    try (MayflyProcess process =
            MayflyProcess.start(folder, Map.of(), words.toArray(String[]::new));
        BufferedReader output = process.output()) {
      awaitReady(output);
      for (String door : List.of("http", "json", "grpc", "resp")) {
        Outcome outcome =
            stress(
                Map.of(),
                "--door=" + door,
                "--address=unix://" + folder.resolve(door.replace("json", "http")),
                "--prefix=" + door + ":",
                "--amount=500",
                "--connections=4",
                "--pipeline=4",
                "--timeout=60s",
                "--objective=errors<=0");

        assertThat(outcome.code()).as("%s", outcome).isZero();
        assertThat(outcome.out()).contains("Success: 500\n");
      }
    }
  }

  private static void awaitReady(BufferedReader output) throws IOException {
    String line = output.readLine();
    while (line != null && !line.equals("ready")) {
      line = output.readLine();
    }
    assertThat(line).isEqualTo("ready");
  }

  @Test
  void originalsLoad_isTheDefault_byItsEnvironment() throws Exception {
    Outcome outcome =
        stress(
            Map.of(
                "SERVICE_URL", "http://" + server.address(),
                "STRESS_AMOUNT", "3000",
                "STRESS_CLUSTERS", "2",
                "STERSS_WORKERS", "3"),
            "--timeout=60s");

    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.out())
        .startsWith("Report:\n - Total requests: 3000\n - Total time: ")
        .contains(" - Errors: 0\n", " - Success: 3000\n");
    assertThat(outcome.err())
        .contains("Requests: 3000\n", "Connections: 6\n", "[<] 0 / [!] 0 / [^] 3000\n");
    try (MayflyClient client = server.client()) {
      assertThat(client.get("stress:0").orElseThrow().bytes())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("value:0");
      assertThat(client.get("stress:2999")).isPresent();
    }
  }

  @Test
  void openLoop_withWarmup_writesItsReports() throws Exception {
    Outcome outcome =
        stress(
            Map.of(),
            "--door=resp",
            "--address=" + address("resp"),
            "--connections=4",
            "--rate=500",
            "--duration=2s",
            "--warmup=500ms",
            "--timeout=60s",
            "--objective=errors<=0",
            "--json=" + folder.resolve("report.json"),
            "--html=" + folder.resolve("report.html"),
            "--quiet");

    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).contains("Total requests: 1000\n", "Sent late by this program");
    assertThat(Files.readString(folder.resolve("report.json"))).contains("\"answered\":1000");
    assertThat(Files.readString(folder.resolve("report.html")))
        .startsWith("<!doctype html>")
        .contains("<svg ", "</html>");
  }

  @Test
  void redis_isDrivenAlike() throws Exception {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      Outcome outcome =
          stress(
              Map.of(),
              "--door=resp",
              "--address=127.0.0.1:" + redis.port(),
              "--amount=2000",
              "--connections=4",
              "--reads=30",
              "--lifespan=1m",
              "--timeout=60s",
              "--objective=errors<=0");

      assertThat(outcome.code()).as("%s", outcome).isZero();
      assertThat(outcome.out()).contains("Success: 2000\n");
    }
  }

  @Test
  void objective_thatIsMissed_isTheExitCode() throws Exception {
    Outcome outcome =
        stress(
            Map.of(),
            "--address=" + server.address(),
            "--amount=100",
            "--connections=2",
            "--timeout=60s",
            "--objective=p50<1ns");

    assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.out()).contains(" - MISSED: p50<1ns: ");
  }

  @Test
  void refusals_areErrorsWithTheirReason() throws Exception {
    Outcome outcome =
        stress(
            Map.of(),
            "--address=" + server.address(),
            "--amount=100",
            "--connections=2",
            "--timeout=60s",
            "--value-size=300");

    assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.out()).contains("Errors: 100\n", "Failed 100 times: status 400\n");
  }

  @Test
  void serverThatIsNotThere_orSpeaksOtherwise_isSaidBeforeTheLoad() throws Exception {
    for (List<String> words :
        List.of(
            List.of("--door=resp", "--address=127.0.0.1:1"),
            List.of("--door=grpc", "--address=127.0.0.1:1", "--timeout=1s"),
            List.of("--door=counter", "--address=127.0.0.1:1", "--timeout=1s"),
            List.of("--door=counter-packet", "--address=127.0.0.1:1", "--timeout=1s"),
            List.of("--door=http", "--address=" + server.grpc()),
            List.of("--door=resp", "--address=" + server.address()))) {
      Outcome outcome = stress(Map.of(), words.toArray(String[]::new));

      assertThat(outcome.code()).as("%s %s", words, outcome).isEqualTo(1);
      assertThat(outcome.err()).as("%s", words).contains("mayfly: 127.0.0.1:");
      assertThat(outcome.out()).isEmpty();
    }
  }

  @Test
  void interrupt_reportsWhatWasDone() throws Exception {
    try (MayflyProcess load =
            MayflyProcess.start(
                folder,
                Map.of(),
                "stress",
                "--address=" + server.address(),
                "--connections=2",
                "--rate=200",
                "--duration=10m",
                "--prefix=interrupted:");
        MayflyClient client = server.client();
        BufferedReader output = load.output()) {
      while (!client.exists("interrupted:50")) {
        LockSupport.parkNanos(20_000_000);
      }
      load.signal("INT");

      assertThat(output.lines().toList()).first().isEqualTo("Report:");
      assertThat(load.exitCode()).isEqualTo(130);
    }
  }
}
