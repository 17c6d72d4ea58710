package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.MayflyClient;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SignalIT {
  @TempDir Path folder;

  @Test
  @Timeout(120)
  void server_terminatedAmidOpenConnections_exitsWith0WithinItsTimeout() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder, "--stop-timeout", "2s");
        RawHttp idle = new RawHttp(server.http());
        RawHttp half = new RawHttp(server.http());
        MayflyProcess load = server.command("load")) {
      half.send("PUT /v1/keys/half HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc".getBytes(UTF_8));
      load.input().write("a=1\n".getBytes(UTF_8));
      load.input().flush();
      awaitKeys(server, 1);

      server.process().signal("TERM");

      assertThat(server.process().exitCode()).isZero();
      assertThat(idle.statusLine()).isEmpty();
    }
  }

  @Test
  void server_toldNotToWait_exitsAtOnce() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder, "--stop-timeout", "0");
        RawHttp half = new RawHttp(server.http())) {
      half.send("PUT /v1/keys/half HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc".getBytes(UTF_8));

      server.process().signal("INT");

      assertThat(server.process().exitCode()).isZero();
    }
  }

  @Test
  void load_interrupted_sumsUpWhatItDid() throws Exception {
    try (ServerFixture server = ServerFixture.start(folder);
        MayflyProcess load = server.command("load")) {
      OutputStream input = load.input();
      input.write("a=1\nb=2\n".getBytes(UTF_8));
      input.flush();
      awaitKeys(server, 2);

      load.signal("INT");

      try (BufferedReader output = load.output()) {
        assertThat(output.readLine()).isEqualTo("{\"loaded\":2,\"failed\":0}");
      }
      assertThat(load.exitCode()).isEqualTo(130);
    }
  }

  private static void awaitKeys(ServerFixture server, long count) {
    try (MayflyClient client = server.client()) {
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> client.count() == count);
    }
  }
}
