package dev.mayfly.journal;

import dev.mayfly.store.SavedCounter;
import java.util.Locale;

/**
 * What a counter's row says: {@code end:amount} for each moment, bucket or lease, with spaces
 * between; a lease's name follows after another colon. Stateless.
 */
final class CounterText {
  private static final long[] NONE = new long[0];

  private CounterText() {}

  static String kind(SavedCounter.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static SavedCounter.Kind kind(String text) {
    return SavedCounter.Kind.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  static String encode(SavedCounter counter) {
    StringBuilder text = new StringBuilder(24 * counter.ends().length);
    for (int i = 0; i < counter.ends().length; i++) {
      text.append(i == 0 ? "" : " ").append(counter.ends()[i]);
      if (counter.amounts().length > 0) {
        text.append(':').append(counter.amounts()[i]);
      }
      if (counter.names().length > 0) {
        text.append(':').append(counter.names()[i]);
      }
    }
    return text.toString();
  }

  /**
   * Reads what {@link #encode} made.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static SavedCounter decode(
      SavedCounter.Kind kind, byte[] namespace, byte[] key, boolean rounded, String text) {
    String[] items = text.split(" ", -1);
    int parts = items[0].split(":", -1).length;
    long[] ends = new long[items.length];
    long[] amounts = parts > 1 ? new long[items.length] : NONE;
    long[] names = parts > 2 ? new long[items.length] : NONE;
    for (int i = 0; i < items.length; i++) {
      String[] numbers = items[i].split(":", -1);
      if (numbers.length != parts) {
        throw new IllegalArgumentException("buckets '%s'".formatted(text));
      }
      ends[i] = Long.parseLong(numbers[0]);
      if (parts > 1) {
        amounts[i] = Long.parseLong(numbers[1]);
      }
      if (parts > 2) {
        names[i] = Long.parseLong(numbers[2]);
      }
    }
    return new SavedCounter(kind, namespace, key, rounded, ends, amounts, names);
  }
}
