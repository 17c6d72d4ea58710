package dev.mayfly.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of this build. Stateless. */
final class Version {
  /** The server's, which names the same build; reading it loads none of its classes. */
  private static final String RESOURCE = "/dev/mayfly/server/version.txt";

  private Version() {}

  /** Such as {@code 0.1.0}. */
  static String text() {
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String line() {
    return "mayfly " + text();
  }
}
