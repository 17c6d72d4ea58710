package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Messages to the user on standard error, a line each.
 *
 * <p>Safe for concurrent use. Borrows the stream; if that fails there is nobody left to tell.
 */
final class Diagnostics {
  private static final int DEBUG = 0;
  private static final int INFO = 1;
  private static final int NOTICE = 2;
  private static final int WARN = 3;
  private static final int ERROR = 4;

  private final OutputStream stream;
  private final int level;
  private final boolean json;
  private final boolean showsProgress;

  private Diagnostics(OutputStream stream, int level, boolean json, boolean showsProgress) {
    this.stream = stream;
    this.level = level;
    this.json = json;
    this.showsProgress = showsProgress;
  }

  static Diagnostics ofDefaults(OutputStream stream) {
    return new Diagnostics(stream, WARN, false, true);
  }

  /** As the options say; those of {@code --quiet} win. */
  static Diagnostics of(Arguments arguments, OutputStream stream) {
    String named = arguments.value(Syntax.LOG_LEVEL);
    int level = named == null ? WARN : level(named);
    if (arguments.has(Syntax.VERBOSE)) {
      level = DEBUG;
    }
    boolean quiet = arguments.has(Syntax.QUIET);
    return new Diagnostics(stream, quiet ? ERROR : level, arguments.has(Syntax.LOG_JSON), !quiet);
  }

  private static int level(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "DEBUG" -> DEBUG;
      case "INFO" -> INFO;
      case "NOTICE" -> NOTICE;
      case "WARN", "WARNING" -> WARN;
      case "ERROR" -> ERROR;
      default ->
          throw new UsageException(
              "invalid log level '" + name + "': expected DEBUG, INFO, NOTICE, WARN or ERROR");
    };
  }

  /** Whether a progress bar is wanted, where there is a terminal for it. */
  boolean showsProgress() {
    return showsProgress && !json;
  }

  void debug(String message) {
    say(DEBUG, "debug", message);
  }

  void notice(String message) {
    say(NOTICE, "notice", message);
  }

  void warn(String message) {
    say(WARN, "warn", message);
  }

  void error(String message) {
    say(ERROR, "error", message);
  }

  private void say(int of, String name, String message) {
    if (of < level) {
      return;
    }
    String line =
        json
            ? JsonObject.empty().with("level", name).with("message", message).toString()
            : "mayfly: " + oneLine(message);
    raw(line + "\n");
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\R", "\nmayfly: ");
  }

  /** Writes as it is: the progress bar. */
  synchronized void raw(String text) {
    try {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
      stream.flush();
    } catch (IOException nobodyReads) {
      return;
    }
  }
}
