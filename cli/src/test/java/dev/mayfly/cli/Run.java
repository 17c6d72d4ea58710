package dev.mayfly.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** One run of the program with captured streams. */
record Run(int code, byte[] output, String err) {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

  String out() {
    return new String(output, UTF_8);
  }

  static Run of(FakeServer server, String... words) {
    return with(server, "", words);
  }

  static Run with(FakeServer server, String input, String... words) {
    return with(server, input.getBytes(UTF_8), words);
  }

  static Run with(FakeServer server, byte[] input, String... words) {
    return in(
        Map.of("MAYFLY_ADDRESS", server.address()), new ByteArrayInputStream(input), false, words);
  }

  /** A run without a server, at a terminal. */
  static Run alone(String... words) {
    return in(Map.of(), InputStream.nullInputStream(), true, words);
  }

  static Run in(
      Map<String, String> environment, InputStream input, boolean isTerminal, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = run(out, err, environment, input, isTerminal, words);
    return new Run(code, out.toByteArray(), err.toString(UTF_8));
  }

  static int run(
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      InputStream input,
      boolean isTerminal,
      String... words) {
    Streams streams = new Streams(input, out, err, isTerminal, isTerminal, 0, environment, CLOCK);
    return new Program(streams).run(List.of(words));
  }
}
