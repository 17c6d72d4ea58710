package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.MayflyClient;
import dev.mayfly.it.MayflyProcess.Outcome;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadIT {
  private static final int KEYS = 1_000_000;

  @TempDir Path folder;

  @Test
  void load_ofAMillionKeys_servesThemAll() throws Exception {
    long seed = Long.getLong("seed", new Random().nextLong());
    try (ServerFixture server = ServerFixture.start(folder);
        MayflyProcess load = server.command("load", "--lifespan", "1h")) {
      write(load.input());
      Outcome outcome = load.finish();

      assertThat(outcome.out()).isEqualTo("{\"loaded\":1000000,\"failed\":0}\n");
      assertThat(outcome.err()).isEmpty();
      assertThat(outcome.code()).isZero();
      sample(server, new Random(seed), seed);
      head(server);
    }
  }

  private static void write(OutputStream input) throws IOException {
    try (OutputStream lines = new BufferedOutputStream(input, 1 << 16)) {
      for (int i = 0; i < KEYS; i++) {
        lines.write("key:%d=value of %d\n".formatted(i, i).getBytes(UTF_8));
      }
    }
  }

  private static void sample(ServerFixture server, Random random, long seed) {
    try (MayflyClient client = server.client()) {
      assertThat(client.count()).isEqualTo(KEYS);
      for (int i = 0; i < 1000; i++) {
        int number = random.nextInt(KEYS);
        assertThat(client.get("key:" + number).orElseThrow().bytes())
            .as("seed %d", seed)
            .asString(UTF_8)
            .isEqualTo("value of " + number);
      }
    }
  }

  /** A reader that has seen enough ends the listing without a complaint. */
  private static void head(ServerFixture server) throws Exception {
    try (MayflyProcess list = server.command("list")) {
      try (BufferedReader output = list.output()) {
        assertThat(output.readLine()).startsWith("key:");
      }

      assertThat(list.exitCode()).isZero();
      assertThat(list.err()).isEmpty();
    }
  }
}
