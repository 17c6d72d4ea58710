package dev.mayfly.server;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Prints log records, a line each: {@code time LEVEL message key=value}, or a JSON object.
 *
 * <p>Control characters are escaped, so that nothing a client sends can make a line of its own.
 * Safe for concurrent use; a line is written whole.
 */
final class LogHandler extends Handler {
  private final LogFormat format;
  private final PrintStream out;
  private volatile boolean kept;

  LogHandler(LogFormat format, PrintStream out) {
    this.format = format;
    this.out = out;
  }

  @Override
  public void publish(LogRecord entry) {
    if (isLoggable(entry)) {
      out.print(format == LogFormat.JSON ? json(entry) : text(entry));
      out.flush();
    }
  }

  @Override
  public void flush() {
    out.flush();
  }

  /**
   * The stream belongs to whoever gave it. The log manager removes a handler before it closes it;
   * one that is to be kept takes its place again.
   */
  @Override
  public void close() {
    out.flush();
    if (kept) {
      Logger.getLogger("").addHandler(this);
    }
  }

  /** Stays when the log manager removes all handlers, or comes back if it has done so already. */
  void keep() {
    kept = true;
    Logger root = Logger.getLogger("");
    if (!List.of(root.getHandlers()).contains(this)) {
      root.addHandler(this);
    }
  }

  /** By hand, since a formatter's classes and locale data would be loaded for the first line. */
  private static String time(LogRecord entry) {
    long second = Math.floorDiv(entry.getMillis(), 1000L);
    LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
    StringBuilder out = new StringBuilder(24);
    digits(time.getYear(), 4, out);
    digits(time.getMonthValue(), 2, out.append('-'));
    digits(time.getDayOfMonth(), 2, out.append('-'));
    digits(time.getHour(), 2, out.append('T'));
    digits(time.getMinute(), 2, out.append(':'));
    digits(time.getSecond(), 2, out.append(':'));
    digits((int) Math.floorMod(entry.getMillis(), 1000L), 3, out.append('.'));
    return out.append('Z').toString();
  }

  private static void digits(int number, int width, StringBuilder out) {
    String digits = Integer.toString(number);
    out.repeat('0', width - digits.length()).append(digits);
  }

  private static String text(LogRecord entry) {
    StringBuilder line = new StringBuilder();
    line.append(time(entry)).append(' ');
    line.append(LogLevel.of(entry.getLevel())).append(' ');
    escape(message(entry), line);
    Object[] parameters = pairs(entry);
    for (int i = 0; i + 1 < parameters.length; i += 2) {
      line.append(' ').append(parameters[i]).append('=');
      String value = String.valueOf(parameters[i + 1]);
      if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '=')) {
        quote(value, line);
      } else {
        escape(value, line);
      }
    }
    line.append('\n');
    Throwable thrown = entry.getThrown();
    return thrown == null ? line.toString() : line.append(stack(thrown)).toString();
  }

  private static String json(LogRecord entry) {
    StringBuilder line = new StringBuilder("{");
    member("time", time(entry), line);
    member("level", LogLevel.of(entry.getLevel()).name(), line);
    member("message", message(entry), line);
    member("logger", entry.getLoggerName(), line);
    Object[] parameters = pairs(entry);
    for (int i = 0; i + 1 < parameters.length; i += 2) {
      String name = String.valueOf(parameters[i]);
      if (parameters[i + 1] instanceof Number number && isJson(number)) {
        quote(name, line.append(','));
        line.append(':').append(number);
      } else {
        member(name, String.valueOf(parameters[i + 1]), line);
      }
    }
    Throwable thrown = entry.getThrown();
    member("stack", thrown == null ? null : stack(thrown), line);
    return line.append("}\n").toString();
  }

  private static boolean isJson(Number number) {
    return number instanceof Long || number instanceof Integer;
  }

  private static void member(String name, @Nullable String value, StringBuilder line) {
    if (value != null) {
      line.append(line.length() == 1 ? "" : ",");
      quote(name, line);
      quote(value, line.append(':'));
    }
  }

  /** Libraries use the parameters as {@code java.text.MessageFormat} does. */
  private static boolean isFormat(LogRecord entry) {
    String message = entry.getMessage();
    return message != null && message.contains("{0");
  }

  private static String message(LogRecord entry) {
    String message = entry.getMessage();
    Object[] parameters = entry.getParameters();
    if (message == null) {
      return "";
    }
    if (!isFormat(entry) || parameters == null) {
      return message;
    }
    try {
      return MessageFormat.format(message, parameters);
    } catch (IllegalArgumentException e) {
      return message;
    }
  }

  private static Object[] pairs(LogRecord entry) {
    Object[] parameters = entry.getParameters();
    return parameters == null || isFormat(entry) ? new Object[0] : parameters;
  }

  private static String stack(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static void quote(String value, StringBuilder out) {
    out.append('"');
    escape(value, '"', out);
    out.append('"');
  }

  private static void escape(String value, StringBuilder out) {
    escape(value, '\0', out);
  }

  private static void escape(String value, char quote, StringBuilder out) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          boolean quoted = quote != '\0' && (c == quote || c == '\\');
          if (c < ' ' || (c >= 0x7f && c < 0xa0)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(quoted ? "\\" : "").append(c);
          }
        }
      }
    }
  }
}
