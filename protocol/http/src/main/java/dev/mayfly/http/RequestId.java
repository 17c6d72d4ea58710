package dev.mayfly.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The id by which a client finds its request in logs: its own, or one made here. Stateless. */
final class RequestId {
  private static final int CHARS_MIN = 20;
  private static final int CHARS_MAX = 200;

  private RequestId() {}

  /** The id that was sent if it has a sensible length, else a new one. */
  static String of(@Nullable String sent) {
    return sent != null && isValid(sent) ? sent : made();
  }

  private static boolean isValid(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) < ' ' || id.charAt(i) > '~') {
        return false;
      }
    }
    return id.length() >= CHARS_MIN && id.length() <= CHARS_MAX;
  }

  private static String made() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}
