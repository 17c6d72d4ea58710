package dev.mayfly.balancer;

import java.util.Locale;

/**
 * A server that connections may be passed to, as a discovery tells it.
 *
 * <p>Immutable. A backend of one id and address in two lists, one after the other, is the same
 * backend, and its counts go on.
 *
 * @param id what it is called in metrics and messages; unique within a list
 * @param host a literal address, or a name that is resolved
 * @param weight its share of new connections, relative to the others', from 1 to 1000
 * @param isDraining whether it finishes what it has and gets nothing new
 */
public record Backend(String id, String host, int port, int weight, boolean isDraining) {
  /** The largest weight. */
  public static final int WEIGHT_MAX = 1000;

  /** Checks the ranges. */
  public Backend {
    if (id.isEmpty() || host.isEmpty()) {
      throw new IllegalArgumentException("a backend needs an id and a host");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "port " + port + " of backend '" + id + "': expected 1 to 65535");
    }
    if (weight < 1 || weight > WEIGHT_MAX) {
      throw new IllegalArgumentException(
          "weight " + weight + " of backend '" + id + "': expected 1 to " + WEIGHT_MAX);
    }
  }

  /** A backend of weight 1 whose id is its address. */
  public static Backend of(String host, int port) {
    return new Backend(idOf(host, port), host, port, 1, false);
  }

  /**
   * Reads {@code HOST:PORT}, then, behind commas or blanks, {@code weight=N} and {@code drain}.
   *
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  public static Backend parse(String text) {
    String[] words = text.strip().split("[,\\s]+", -1);
    HostPort address = HostPort.parse(words[0]);
    int weight = 1;
    boolean drains = false;
    for (int i = 1; i < words.length; i++) {
      String word = words[i].toLowerCase(Locale.ROOT);
      if (word.equals("drain")) {
        drains = true;
      } else if (word.startsWith("weight=")) {
        weight = number(text, word.substring("weight=".length()));
      } else {
        throw new IllegalArgumentException(
            "'" + words[i] + "' of backend '" + text + "': expected weight=N or drain");
      }
    }
    return new Backend(
        idOf(address.host(), address.port()), address.host(), address.port(), weight, drains);
  }

  private static int number(String text, String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "weight '" + digits + "' of backend '" + text + "': expected a number", e);
    }
  }

  static String idOf(String host, int port) {
    return new HostPort(host, port).toString();
  }

  /** The same backend at another address, told apart from its siblings by that. */
  Backend at(String address) {
    return new Backend(idOf(address, port), address, port, weight, isDraining);
  }
}
