package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The RESP door under the tools that come with Redis, and under clients in another language. */
@Timeout(300)
class RespToolsIT {
  private static final long PATIENCE_SECONDS = 120;

  @TempDir Path folder;

  private static String run(String input, List<String> command)
      throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new AssertionError(
          "this test needs " + command.getFirst() + ": install redis-tools", e);
    }
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(out).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return out;
  }

  private static List<String> tool(String name, ServerFixture server, String... words) {
    List<String> command = new ArrayList<>(List.of(name, "-p", "" + server.respPort()));
    command.addAll(List.of(words));
    return command;
  }

  private static String unknown(String name, String... arguments) {
    return "ERR unknown command '%s', with args beginning with: '%s' "
        .formatted(name, String.join("' '", arguments));
  }

  @Test
  void redisCli_runsCommands_scans_andReadsInfo() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder)) {
      String script = "SET a 1 EX 100\nINCR a\nTTL a\nMULTI\nGET a\nEXEC\nLPUSH l x\n";
      assertThat(run(script, tool("redis-cli", server)))
          .isEqualTo(
              String.join(
                  "\n",
                  List.of(
                      "OK", "2", "100", "OK", "QUEUED", "2", unknown("LPUSH", "l", "x"), "\n")));
      assertThat(run("", tool("redis-cli", server, "-3", "HELLO")))
          .contains("server redis\n", "version 7.", "proto 3");
      run("", tool("redis-cli", server, "MSET", "k:1", "a", "k:2", "b", "l:1", "c"));
      assertThat(run("", tool("redis-cli", server, "--scan", "--pattern", "k:*")).lines())
          .containsExactlyInAnyOrder("k:1", "k:2");
      assertThat(run("", tool("redis-cli", server, "--bigkeys")))
          .contains("Biggest string found", "4 strings with");
      assertThat(run("", tool("redis-cli", server, "--memkeys"))).contains("4 strings with");
      assertThat(run("", tool("redis-cli", server, "INFO")))
          .contains("redis_version:7", "role:master", "db0:keys=4,expires=1");
      assertThat(run("", tool("redis-cli", server, "COMMAND", "DOCS", "mf.watch")))
          .contains("resumable");
      assertThat(run("", tool("redis-cli", server, "CLIENT", "HELP"))).contains("TRACKINGINFO");
      assertThat(run("", tool("redis-cli", server, "INFO", "commandstats")))
          .contains("cmdstat_mset:calls=1,");
      String massive = "*3\r\n$3\r\nSET\r\n$1\r\nm\r\n$1\r\n1\r\n".repeat(1000);
      assertThat(run(massive, tool("redis-cli", server, "--pipe")))
          .contains("errors: 0, replies: 1000");
    }
  }

  @Test
  void redisBenchmark_runsItsTestsOfTheCommandsWeHave() throws Exception {
    String tests = "ping_inline,ping_mbulk,set,get,incr,mset";
    try (ServerFixture server = ServerFixture.start(folder)) {
      for (String pipeline : List.of("1", "16")) {
        String report =
            run(
                "",
                tool(
                    "redis-benchmark",
                    server,
                    "-t",
                    tests,
                    "-n",
                    "20000",
                    "-r",
                    "1000",
                    "-P",
                    pipeline,
                    "--csv"));
        assertThat(report)
            .contains("PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET (10 keys)")
            .doesNotContain("rror");
      }
    }
  }

  /** Turns as large as these are shared by two threads, where there are two processors. */
  @Test
  void redisBenchmark_withDeepPipelines_isAnsweredOnceForEachCommand() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder)) {
      run(
          "",
          tool(
              "redis-benchmark",
              server,
              "-n",
              "200000",
              "-c",
              "20",
              "-P",
              "64",
              "INCR",
              "counter"));

      assertThat(run("", tool("redis-cli", server, "GET", "counter"))).isEqualTo("200000\n");
      boolean isShared = Runtime.getRuntime().availableProcessors() > 1;
      assertThat(
              !JournalPlaces.monitor(server, "/metrics")
                  .contains("\nmayfly_resp_turns_shared_total 0.0"))
          .isEqualTo(isShared);
    }
  }

  @Test
  void nodeRedis_runsItsOrdinaryOperations() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder)) {
      NodeProcess.test("redis.mjs", "127.0.0.1:" + server.respPort(), Map.of());
    }
  }

  @Test
  void ioredis_runsItsOrdinaryOperations() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder)) {
      NodeProcess.test("ioredis.mjs", "127.0.0.1:" + server.respPort(), Map.of());
    }
  }
}
