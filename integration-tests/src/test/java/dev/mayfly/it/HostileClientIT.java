package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.SetOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that misbehaves gets an error at most; the server goes on for all others. */
class HostileClientIT {
  private static final int LARGE_BODY_BYTES = 100 << 20;

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

  @AfterEach
  void serverStillServes() {
    try (MayflyClient client = server.client()) {
      client.set("alive", "yes".getBytes(UTF_8), SetOptions.NONE);

      assertThat(client.get("alive").orElseThrow().bytes()).asString(UTF_8).isEqualTo("yes");
    }
  }

  @Test
  void garbage_isAnsweredWithAnErrorOrNothing() throws IOException {
    long seed = Long.getLong("seed", new Random().nextLong());
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      byte[] bytes = new byte[1 + random.nextInt(20_000)];
      random.nextBytes(bytes);
      try (RawHttp connection = new RawHttp(server.http())) {
        connection.trySend(bytes);
        connection.trySend("\r\n\r\n".getBytes(UTF_8));
        String status = connection.statusLine();
        assertThat(status).as("seed %d, round %d", seed, i).matches("|HTTP/1\\.[01] [45]\\d\\d.*");
      } catch (IOException reset) {
        assertThat(reset).as("seed %d, round %d", seed, i).hasMessageContaining("reset");
      }
    }
  }

  @Test
  void hugeHeaders_areRefused() throws IOException {
    byte[] line = ("X-Long: " + "x".repeat(64 * 1024) + "\r\n").getBytes(UTF_8);
    try (RawHttp connection = new RawHttp(server.http())) {
      connection.send("GET /v1/count HTTP/1.1\r\nHost: x\r\n".getBytes(UTF_8));
      boolean taken = true;
      for (int i = 0; taken && i < 1000; i++) {
        taken = connection.trySend(line);
      }
      String reply = connection.readToEnd();

      assertThat(reply).matches("(?s)|HTTP/1.[01] 4(00|31).*");
    }
  }

  @Test
  void hugeUri_isRefused() throws IOException {
    String reply = RawHttp.ask(server.http(), "GET", "/v1/keys/" + "k".repeat(1 << 20));

    assertThat(reply).matches("(?s)|HTTP/1.[01] 4(00|14|31).*");
  }

  @Test
  void halfRequests_doNotKeepOthersOut() throws IOException {
    List<RawHttp> halves = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      RawHttp half = new RawHttp(server.http());
      half.send("PUT /v1/keys/half HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc".getBytes(UTF_8));
      halves.add(half);
    }
    serverStillServes();

    for (RawHttp half : halves) {
      half.close();
    }

    assertThat(RawHttp.ask(server.http(), "GET", "/v1/keys/half")).startsWith("HTTP/1.1 404");
  }

  @Test
  void largeBody_withItsLengthAhead_isRefused() throws IOException {
    try (RawHttp connection = new RawHttp(server.http())) {
      String head =
          "PUT /v1/keys/large HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
              .formatted(LARGE_BODY_BYTES);
      connection.send(head.getBytes(UTF_8));
      byte[] piece = new byte[1 << 20];
      boolean taken = true;
      for (int sent = 0; taken && sent < LARGE_BODY_BYTES; sent += piece.length) {
        taken = connection.trySend(piece);
      }
      String reply = connection.readToEnd();

      assertThat(reply).matches("(?s)|HTTP/1.1 413.*");
    }
    assertThat(RawHttp.ask(server.http(), "HEAD", "/v1/keys/large")).startsWith("HTTP/1.1 404");
  }

  @Test
  void largeBody_fromTheCommandLine_isExplained() throws Exception {
    try (MayflyProcess set = server.command("set", "large")) {
      byte[] piece = new byte[1 << 20];
      try {
        for (int i = 0; i < 100; i++) {
          set.input().write(piece);
        }
      } catch (IOException pipeClosedEarly) {
        assertThat(pipeClosedEarly).hasMessageContaining("pipe");
      }
      MayflyProcess.Outcome outcome = set.finish();

      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.err()).startsWith("mayfly: ").containsIgnoringCase("large");
    }
  }
}
