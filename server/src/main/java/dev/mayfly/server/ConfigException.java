package dev.mayfly.server;

import java.util.List;

/**
 * The configuration cannot be used. The message has a line for each thing that is wrong with it,
 * none of which shows a secret.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One line a problem. */
  public ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }
}
