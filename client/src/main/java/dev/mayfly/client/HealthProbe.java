package dev.mayfly.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One question to a monitor listener: whether its process lives, or is ready to serve.
 *
 * <p>Immutable.
 *
 * @param isGood whether it is
 * @param text what it said, in a line
 */
public record HealthProbe(boolean isGood, String text) {
  private static final int BYTES_MAX = 4096;
  private static final int OK = 200;

  /**
   * Asks, and blocks until it is answered.
   *
   * @param path such as {@code /readyz}
   * @throws MayflyConnectionException if there is no usable answer
   */
  public static HealthProbe ask(ClientConfig config, String path) {
    try (HttpTransport transport = new HttpTransport(config);
        HttpReply reply = transport.send(new HttpRequest("GET", path))) {
      String text = new String(reply.bytes(BYTES_MAX), StandardCharsets.UTF_8).strip();
      String line = text.lines().findFirst().orElse("status " + reply.status());
      return new HealthProbe(reply.status() == OK, line);
    } catch (IOException e) {
      throw new MayflyConnectionException(config.address() + ": " + e.getMessage(), true, e);
    }
  }
}
