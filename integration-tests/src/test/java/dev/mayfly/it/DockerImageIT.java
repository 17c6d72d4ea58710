package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The image in a real engine: as whom it runs, what it writes, what it needs. */
@Timeout(600)
class DockerImageIT {
  private static final String DATA = "mayfly-it-data";
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final long RESIDENT_KIB_MAX = 200 << 10;

  @Test
  void serverWithoutOptions_isReadySoon_smallAndNobodySpecial() throws Exception {
    try (DockerEngine engine = DockerEngine.open()) {
      engine.run("i1", List.of("--cap-drop", "ALL", "--health-interval", "2s"));
      eventually().until(() -> engine.docker("logs", "i1").contains("\nready"));
      eventually().until(() -> engine.inspect("i1", "{{.State.Health.Status}}").equals("healthy"));

      Duration start = Duration.between(started(engine), ready(engine));
      Path status = Path.of("/proc", engine.inspect("i1", "{{.State.Pid}}"), "status");
      String process = Files.readString(status);
      long resident = Long.parseLong(process.replaceAll("(?s).*VmRSS:\\s*(\\d+).*", "$1"));
      System.out.println(
          "Ready after " + start.toMillis() + " ms, " + resident / 1024 + " MiB resident");
      assertThat(start).isLessThan(START_MAX);
      assertThat(resident).isLessThan(RESIDENT_KIB_MAX);
      assertThat(process).containsPattern("Uid:\\s+10001\\s+10001\\s+10001\\s+10001");
      assertThat(process).containsPattern("CapEff:\\s+0{16}");
      assertThat(engine.docker("diff", "i1")).isEmpty();

      engine.docker("stop", "i1");
      assertThat(engine.inspect("i1", "{{.State.ExitCode}}")).isEqualTo("0");
    }
  }

  private static Instant started(DockerEngine engine) throws IOException, InterruptedException {
    return Instant.parse(engine.inspect("i1", "{{.State.StartedAt}}"));
  }

  private static Instant ready(DockerEngine engine) throws IOException, InterruptedException {
    return engine
        .docker("logs", "--timestamps", "i1")
        .lines()
        .filter(line -> line.endsWith("Z ready"))
        .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void dataInAVolume_outlivesItsContainer() throws Exception {
    try (DockerEngine engine = DockerEngine.open()) {
      engine.docker("volume", "rm", "--force", DATA);
      try {
        List<String> volume = List.of("--volume", DATA + ":/data");
        engine.run("i1", volume, "serve", "--data", "/data");
        eventually().until(() -> ask(engine, "i1", "/set?k=kept&v=word").contains(" 200 "));
        engine.docker("stop", "i1");
        engine.docker("rm", "i1");

        engine.run("i2", volume, "serve", "--data", "/data");

        eventually().until(() -> ask(engine, "i2", "/get?k=kept").contains("word"));
        engine.docker("rm", "--force", "i2");
      } finally {
        engine.docker("volume", "rm", "--force", DATA);
      }
    }
  }

  /** What its http door answers; nothing while it does not. */
  private static String ask(DockerEngine engine, String name, String target)
      throws InterruptedException {
    try {
      return RawHttp.ask(engine.http(name), "GET", target);
    } catch (IOException notYet) {
      return "";
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofMinutes(2));
  }
}
