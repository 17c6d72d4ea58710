package dev.mayfly.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.server.MayflyConfig;
import dev.mayfly.server.MayflyServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The counter commands against a server as it is. */
@Timeout(180)
class CounterCommandsTest {
  private static final String SECRET = "correct horse battery staple";

  private MayflyServer server;

  @BeforeEach
  void start() {
    Map<String, String> options = new HashMap<>();
    for (String door : new String[] {"http", "monitor", "grpc", "resp"}) {
      options.put(door, "off");
    }
    options.put("counter", "127.0.0.1:0");
    options.put("counter.secret", SECRET);
    options.put("max-bytes", "16MiB");
    options.put("ttl", "1h");
    server = MayflyServer.start(MayflyConfig.of(options));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String address() {
    return server.address("counter").orElseThrow().toString();
  }

  private Run run(String... words) {
    Map<String, String> environment =
        Map.of("MAYFLY_COUNTER_POOL", address(), "MAYFLY_COUNTER_SECRET", SECRET);
    return Run.in(environment, InputStream.nullInputStream(), true, words);
  }

  @Test
  void hits_areCountedAndListed() {
    assertThat(run("hit", "login", "10.0.0.7").out()).isEqualTo("{\"count\":1}\n");
    assertThat(run("hit", "login", "10.0.0.7", "--times", "4").out()).isEqualTo("{\"count\":5}\n");
    run("hit", "login", "ü");
    run("hit", "other", "x");

    assertThat(run("count", "login", "10.0.0.7").out()).isEqualTo("{\"count\":5}\n");
    assertThat(run("count", "login", "nobody").out()).isEqualTo("{\"count\":0}\n");
    assertThat(run("count-namespace", "login").out()).isEqualTo("{\"count\":6}\n");
    assertThat(run("count-all").out()).isEqualTo("{\"count\":7}\n");
    assertThat(run("keys", "login", "*").out()).isEqualTo("10.0.0.7\nü\n");
    assertThat(run("keys", "login", "^10").out()).isEqualTo("10.0.0.7\n");
    assertThat(run("keys", "none", "*").output()).isEmpty();
    assertThat(run("namespaces").out()).isEqualTo("login\nother\n");
  }

  @Test
  void take_saysWhetherToGoOn() {
    Run first = run("take", "api", "alice", "--limit", "2", "--period", "1h");
    assertThat(first.code()).isZero();
    assertThat(first.out())
        .startsWith(
            "{\"allowed\":true,\"exceeded\":false,\"limit\":2,\"remaining\":1,"
                + "\"retry_after_ms\":0,\"reset_after_ms\":");
    assertThat(run("take", "api", "alice", "--limit=2", "--period=1h", "--peek").out())
        .contains("\"remaining\":1");
    run("take", "api", "alice", "--limit=2", "--period=1h");

    Run denied = run("take", "api", "alice", "--limit=2", "--period=1h");

    assertThat(denied.code()).isEqualTo(1);
    assertThat(denied.out()).startsWith("{\"allowed\":false,\"exceeded\":true,");
    assertThat(denied.err()).isEmpty();
    assertThat(run("take", "api", "alice", "--limit=2", "--period=1h", "--shadow").code()).isZero();
    assertThat(run("take", "api", "alice", "--limit=2", "--quantity=3").out())
        .contains("\"retry_after_ms\":null");
    assertThat(run("take", "api", "b", "--limit=5", "--kind=token-bucket").out())
        .contains("\"limit\":5");
    assertThat(run("take", "api", "b", "--limit=5", "--kind=gcra", "--burst=2").out())
        .contains("\"limit\":3");
    assertThat(run("take", "api", "b", "--name", "none").err())
        .isEqualTo("mayfly: no limit has this name\n");
  }

  @Test
  void lease_isReleased() {
    String out = run("take", "jobs", "a", "--limit=1", "--kind=concurrency").out();
    String lease = out.replaceAll(".*\"lease\":(-?[0-9]+).*\n", "$1");

    assertThat(run("take", "jobs", "a", "--limit=1", "--kind=concurrency").code()).isEqualTo(1);
    assertThat(run("release", "jobs", "a", lease).out()).isEqualTo("{\"released\":true}\n");
    assertThat(run("release", "jobs", "a", lease).out()).isEqualTo("{\"released\":false}\n");
  }

  @Test
  void wrongSecret_isToldSo() {
    Run run = run("hit", "a", "b", "--secret", "another");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("mayfly: the server expects another secret, or none\n");
    assertThat(run("keys", "a", "(").err()).contains("pattern '('");
  }

  @Test
  void pool_asksTheFirstThatAnswers() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String pool = "127.0.0.1:1, 127.0.0.1:" + mute.getLocalPort() + "," + address();

      Run run = run("-a", pool, "hit", "a", "b", "--dial-timeout", "300ms");

      assertThat(run.err()).isEmpty();
      assertThat(run.out()).isEqualTo("{\"count\":1}\n");
    }
    Run nobody = run("hit", "a", "b", "-a", "127.0.0.1:1");
    assertThat(nobody.code()).isEqualTo(1);
    assertThat(nobody.err())
        .startsWith("mayfly: no counter server answers: 127.0.0.1:1: ")
        .endsWith(" (is 'mayfly serve' running there?)\n");
  }
}
