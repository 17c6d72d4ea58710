package dev.mayfly.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** The text forms of times and durations. Stateless; safe for concurrent use. */
final class Times {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final long MILLIS = 1000;

  private Times() {}

  /** As in header fields (RFC 9110). */
  static String httpDate(long millis) {
    return HTTP_DATE.format(Instant.ofEpochMilli(millis));
  }

  /** As in JSON (RFC 3339); nothing where it never happened. */
  static void write(JsonGenerator out, String name, long millis) {
    if (millis != 0) {
      out.writeStringProperty(name, Instant.ofEpochMilli(millis).toString());
    }
  }

  /** Seconds with an {@code s}, as durations of protocol buffers are written in JSON. */
  static String duration(long millis) {
    long rest = millis % MILLIS;
    String fraction = rest == 0 ? "" : "." + Long.toString(MILLIS + rest).substring(1);
    return millis / MILLIS + fraction + "s";
  }
}
