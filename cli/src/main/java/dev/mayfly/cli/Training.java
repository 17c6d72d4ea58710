package dev.mayfly.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Runs the commands of the client one after another in one process, so that a start-up cache can be
 * made that serves each of them. The build's tool, not the user's.
 */
public final class Training {
  private static final List<List<String>> RUNS =
      List.of(
          List.of("set", "training", "value", "--lifespan", "1m", "--lock", "5s"),
          List.of("set", "training"),
          List.of("get", "training"),
          List.of("get", "training", "--indent", "--client-id", "other"),
          List.of("get", "missing"),
          List.of("inspect", "training", "--indent"),
          List.of("exists", "training"),
          List.of("lock", "training", "5s"),
          List.of("unlock", "training"),
          List.of("list", "--limit", "1"),
          List.of("load", "training=1"),
          List.of("load"),
          List.of("stats"),
          List.of("version", "--all"),
          List.of("health", "--address", "127.0.0.1:1"),
          List.of("pop", "training"),
          List.of("delete", "training"));

  private Training() {}

  /** Runs them against a server of its own, whose address is the first argument. */
  public static void main(String[] args) {
    Streams process = Streams.ofProcess();
    for (List<String> words : RUNS) {
      Streams streams =
          new Streams(
              new ByteArrayInputStream("training=2\n".getBytes(UTF_8)),
              OutputStream.nullOutputStream(),
              OutputStream.nullOutputStream(),
              false,
              true,
              0,
              Map.of("MAYFLY_ADDRESS", args[0]),
              process.clock());
      new Program(streams).run(words);
    }
    Main.main(new String[] {"version"});
  }
}
