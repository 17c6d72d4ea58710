package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogHandlerTest {
  @Test
  void publish_text_isTimeLevelMessageAndPairs() {
    String line =
        print(
            LogFormat.TEXT, Level.WARNING, "connection closed", "peer", "a b", "bytes", 5, "x", "");

    assertThat(line)
        .isEqualTo("2026-11-21T04:05:06.000Z WARN connection closed peer=\"a b\" bytes=5 x=\"\"\n");
  }

  @Test
  void publish_json_isOneObject() {
    String line =
        print(LogFormat.JSON, LogLevel.NOTICE.level(), "say \"hi\"", "peer", "a\\b", "bytes", 5);

    assertThat(line)
        .isEqualTo(
            """
            {"time":"2026-11-21T04:05:06.000Z","level":"NOTICE","message":"say \\"hi\\"",\
            "logger":"dev.mayfly.test","peer":"a\\\\b","bytes":5}
            """);
  }

  @Test
  void publish_controlCharacters_makeNoSecondLine() {
    String hostile = "a\n2026 ERROR forged\u001b[2J\u0085";

    assertThat(print(LogFormat.TEXT, Level.INFO, hostile, "k", hostile).lines()).hasSize(1);
    assertThat(print(LogFormat.JSON, Level.INFO, hostile, "k", hostile))
        .doesNotContain("\u001b")
        .satisfies(text -> assertThat(text.lines()).hasSize(1));
  }

  @Test
  void publish_librarysFormat_isFilledIn() {
    assertThat(print(LogFormat.TEXT, Level.SEVERE, "took {0} of {1}", 3, "four"))
        .endsWith("ERROR took 3 of four\n");
  }

  @Test
  void publish_exception_hasItsStack() {
    LogRecord entry = entry(Level.SEVERE, "bug");
    entry.setThrown(new IllegalStateException("broken"));

    assertThat(print(LogFormat.TEXT, entry))
        .contains("ERROR bug\njava.lang.IllegalStateException: broken\n\tat ");
    assertThat(print(LogFormat.JSON, entry))
        .contains("\"stack\":\"java.lang.IllegalStateException: broken\\n\\tat ");
  }

  @Test
  void levels_ofJavaUtilLogging_fallIntoOurs() {
    assertThat(LogLevel.of(Level.FINEST)).isEqualTo(LogLevel.DEBUG);
    assertThat(LogLevel.of(Level.CONFIG)).isEqualTo(LogLevel.DEBUG);
    assertThat(LogLevel.of(Level.INFO)).isEqualTo(LogLevel.INFO);
    assertThat(LogLevel.of(Level.WARNING)).isEqualTo(LogLevel.WARN);
    assertThat(LogLevel.of(Level.SEVERE)).isEqualTo(LogLevel.ERROR);
  }

  private static String print(LogFormat format, Level level, String message, Object... parameters) {
    LogRecord entry = entry(level, message);
    entry.setParameters(parameters);
    return print(format, entry);
  }

  private static LogRecord entry(Level level, String message) {
    LogRecord entry = new LogRecord(level, message);
    entry.setInstant(Instant.parse("2026-11-21T04:05:06Z"));
    entry.setLoggerName("dev.mayfly.test");
    return entry;
  }

  private static String print(LogFormat format, LogRecord entry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new LogHandler(format, new PrintStream(bytes, true, StandardCharsets.UTF_8)).publish(entry);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
