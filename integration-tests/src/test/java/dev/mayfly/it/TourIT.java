package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.it.MayflyProcess.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows works as it says. */
class TourIT {
  private static final Path README = Path.of("../README.md");
  private static final Pattern COMMENTED = Pattern.compile("(.*?)\\s+# (.*)");

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

  @Test
  void commandLine_ofTheReadme_answersAsItSays() throws Exception {
    List<String> lines =
        tour().stream()
            .filter(line -> line.contains("./mayfly ") && !line.contains("./mayfly serve"))
            .toList();

    assertThat(lines).hasSizeGreaterThan(6);
    for (String line : lines) {
      Matcher commented = COMMENTED.matcher(line);
      boolean hasComment = commented.matches();
      String comment = hasComment ? commented.group(2) : "";
      Outcome outcome = shell(hasComment ? commented.group(1) : line);
      assertThat(outcome.code()).as(line + outcome).isEqualTo(comment.contains("refused") ? 1 : 0);
      if (comment.matches("\\{[^…]*}|\\w+")) {
        assertThat(outcome.out().strip()).as(line).isEqualTo(comment);
      } else if (comment.startsWith("{")) {
        assertThat(outcome.out()).as(line).startsWith(comment.substring(0, comment.indexOf('…')));
      }
    }
  }

  /** The lines of the README's first block of shell that starts a server, continued ones joined. */
  private static List<String> tour() throws IOException {
    String text = Files.readString(README);
    int serve = text.indexOf("./mayfly serve &");
    String block = text.substring(serve, text.indexOf("```", serve));
    return List.of(block.replace("\\\n", " ").split("\n", -1));
  }

  private static Outcome shell(String line) throws IOException, InterruptedException {
    Path mayfly = folder.resolve("mayfly");
    List<String> java = new ArrayList<>();
    MayflyProcess.java().forEach(word -> java.add("'" + word + "'"));
    Files.writeString(mayfly, "#!/bin/sh\nexec " + String.join(" ", java) + " \"$@\"\n");
    assertThat(mayfly.toFile().setExecutable(true)).isTrue();
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", line)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("MAYFLY_ADDRESS", server.address());
    builder.environment().put("MAYFLY_COUNTER_POOL", server.counterAddress());
    Process process = builder.start();
    process.getOutputStream().close();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(line).isTrue();
    return new Outcome(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void http_ofTheReadme_answersAsItSays() throws IOException {
    InetSocketAddress http = server.http();
    String form = "Content-Type: application/x-www-form-urlencoded";

    assertThat(RawHttp.ask(http, "PUT", "/v1/keys/greeting?lifespan=10m", form, "hello"))
        .startsWith("HTTP/1.1 201");
    assertThat(RawHttp.ask(http, "GET", "/v1/keys/greeting"))
        .startsWith("HTTP/1.1 200")
        .containsIgnoringCase("\r\nETag: \"")
        .endsWith("\r\n\r\nhello");
    assertThat(RawHttp.ask(http, "PUT", "/v1/keys/greeting", "If-Match: \"1\"", "too late"))
        .startsWith("HTTP/1.1 412")
        .contains("application/problem+json");
    assertThat(RawHttp.ask(http, "POST", "/v1/keys/visits/increment")).contains("{\"value\":1}");
    assertThat(RawHttp.ask(http, "GET", "/openapi.yaml")).contains("openapi: 3.1");
    assertThat(RawHttp.ask(http, "GET", "/set?k=a&v=1")).startsWith("HTTP/1.1 200");
    assertThat(RawHttp.ask(http, "GET", "/get?k=a")).startsWith("HTTP/1.1 200").contains("1");
    String json = "{\"key\":\"u1\",\"data\":{\"name\":\"Ann\"}}";
    assertThat(RawHttp.ask(http, "POST", "/api", "Content-Type: application/json", json))
        .startsWith("HTTP/1.1 2");
    assertThat(RawHttp.ask(http, "GET", "/api?key=u1")).contains("\"name\":\"Ann\"");
    assertThat(RawHttp.ask(http, "GET", "/healthcheck")).endsWith("{\"status\":\"ok\"}");
    assertThat(RawHttp.ask(server.monitor(), "GET", "/metrics")).contains("\nmayfly_");
  }

  @Test
  void wordThatIsNoText_isRefused_oneWithTheSignForThatIsNot() throws Exception {
    Outcome refused = shell("./mayfly set \"$(printf 'k\\377')\" v");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("expected UTF-8 text");

    assertThat(shell("./mayfly set 'k\ufffd' v").code()).isZero();
    assertThat(shell("./mayfly get 'k\ufffd'").out()).isEqualTo("v");
  }

  @Test
  void oneDoor_seesWhatAnotherSet() throws Exception {
    assertThat(server.command("set", "shared/ü", "wert").finish().code()).isZero();

    assertThat(RawHttp.ask(server.http(), "GET", "/v1/keys/shared%2F%C3%BC")).endsWith("wert");
    assertThat(server.command("list", "--prefix", "shared").finish().out()).isEqualTo("shared/ü\n");
  }
}
