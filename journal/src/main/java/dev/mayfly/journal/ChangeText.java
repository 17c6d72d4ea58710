package dev.mayfly.journal;

import dev.mayfly.store.Change;
import dev.mayfly.store.Lock;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;

/** Changes as lines for people. Stateless. */
final class ChangeText {
  private static final int SHOWN_MAX = 64;
  private static final long TIME_MAX = 253_402_300_799_999L;

  private ChangeText() {}

  static String line(Change change) {
    String key = shown(change.key(), Integer.MAX_VALUE);
    return switch (change.kind()) {
      case PUT -> "r%d put %s%s".formatted(change.revision(), key, entry(change));
      case REMOVE ->
          "r%d remove %s at %s%s"
              .formatted(
                  change.revision(),
                  key,
                  time(change.timeMillis()),
                  change.keptUntilMillis() == 0
                      ? ""
                      : " history until " + time(change.keptUntilMillis()));
      case CLEAR_HISTORY -> "r%d clear-history %s".formatted(change.revision(), key);
    };
  }

  private static String entry(Change change) {
    SavedEntry entry = change.entry();
    if (entry == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append(" v").append(entry.version());
    text.append(" at ")
        .append(time(entry.updatedMillis() == 0 ? entry.createdMillis() : entry.updatedMillis()));
    text.append(' ').append(entry.value().length).append(" bytes ");
    text.append(shown(entry.value(), SHOWN_MAX));
    if (entry.contentType() != null) {
      text.append(" type ").append(quoted(entry.contentType()));
    }
    if (entry.lease() != 0) {
      text.append(" lease ").append(entry.lease());
    } else if (entry.deadlineMillis() != 0) {
      text.append(" until ").append(time(entry.deadlineMillis()));
    }
    Lock lock = entry.lock();
    if (lock != null) {
      text.append(" locked by ").append(quoted(lock.owner()));
      text.append(" token ").append(lock.token());
      text.append(" until ").append(time(lock.deadlineMillis()));
    }
    return text.toString();
  }

  static String line(SavedCounter counter) {
    String kind = CounterText.kind(counter.kind());
    int ends = counter.ends().length;
    String what =
        switch (counter.kind()) {
          case LEASE -> "" + ByteBuffer.wrap(counter.key()).getLong();
          case CLIENT -> shown(counter.key(), Integer.MAX_VALUE);
          case COUNTER, SLIDING_WINDOW, GCRA, TOKEN_BUCKET, CONCURRENCY ->
              shown(counter.namespace(), Integer.MAX_VALUE)
                  + " "
                  + shown(counter.key(), Integer.MAX_VALUE);
        };
    if (ends == 0) {
      return "%s %s is gone".formatted(kind, what);
    }
    return switch (counter.kind()) {
      case CLIENT -> "%s %s".formatted(kind, what);
      case GCRA, TOKEN_BUCKET ->
          "%s %s used until %s".formatted(kind, what, time(counter.ends()[0] / 1_000_000));
      case LEASE ->
          "%s %s of %d ms until %s"
              .formatted(kind, what, counter.amounts()[0], time(counter.ends()[0]));
      case COUNTER, SLIDING_WINDOW, CONCURRENCY ->
          "%s %s holds %d until %s"
              .formatted(kind, what, counter.sum(), time(counter.ends()[ends - 1]));
    };
  }

  static String time(long millis) {
    return millis < 0 || millis > TIME_MAX ? "never" : Instant.ofEpochMilli(millis).toString();
  }

  /** Text in quotes, or what is no text as its bytes. */
  static String shown(byte[] bytes, int max) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.length() <= max ? quoted(text) : quoted(text.substring(0, max)) + "…";
    } catch (CharacterCodingException e) {
      int length = Math.min(bytes.length, max);
      String hex = HexFormat.of().formatHex(bytes, 0, length);
      return "0x" + hex + (length < bytes.length ? "…" : "");
    }
  }

  /** Whatever is in it, it stays on its line, and the terminal does nothing with it. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit == '"' || unit == '\\') {
        quoted.append('\\').append(unit);
      } else if (unit < ' ' || (unit >= 0x7F && unit < 0xA0) || Character.isSurrogate(unit)) {
        quoted.append("\\u%04x".formatted((int) unit));
      } else {
        quoted.append(unit);
      }
    }
    return quoted.append('"').toString();
  }
}
