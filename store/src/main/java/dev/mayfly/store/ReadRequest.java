package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * Reads a key, or a part of it.
 *
 * @param part how much of the value is wanted
 * @param from the first byte wanted, for {@link Part#RANGE}: negative counts from the end, -1 is
 *     the last; clamped to the value, so that what lies before it counts as its first byte
 * @param to the last byte wanted, inclusive, likewise
 * @param lockObeyed whether a key locked by another client is refused with LOCKED
 * @param metricsWanted whether the entry carries its key metrics
 * @param counted whether it counts as an access: access metrics, idle time
 */
public record ReadRequest(
    byte[] key,
    Part part,
    long from,
    long to,
    boolean lockObeyed,
    boolean metricsWanted,
    boolean counted) {
  /** How much of the value is wanted. */
  public enum Part {
    /** None: the entry's value is empty. */
    METADATA,
    /** The bytes from {@code from} to {@code to}. */
    RANGE,
    /** All of it. */
    VALUE
  }

  /** The whole value; refused when the key is locked by another client. */
  public static ReadRequest value(byte[] key) {
    return new ReadRequest(key, Part.VALUE, 0, -1, true, false, true);
  }

  /** Only metadata, whatever the lock, not counted. */
  public static ReadRequest metadata(byte[] key) {
    return new ReadRequest(key, Part.METADATA, 0, -1, false, false, false);
  }

  /** Part of the value; see {@link #from} and {@link #to}. */
  public static ReadRequest range(byte[] key, long from, long to) {
    return new ReadRequest(key, Part.RANGE, from, to, true, false, true);
  }

  /** The same, not counted as an access. */
  public ReadRequest uncounted() {
    return counted ? new ReadRequest(key, part, from, to, lockObeyed, metricsWanted, false) : this;
  }

  /** The first byte to copy of a value of this length, 0 to length. */
  public int start(int length) {
    return switch (part) {
      case METADATA, VALUE -> 0;
      case RANGE -> (int) Math.min(length, Math.max(0, from < 0 ? length + from : from));
    };
  }

  /** One after the last byte to copy of a value of this length, at least {@link #start}. */
  public int end(int length) {
    return switch (part) {
      case METADATA -> 0;
      case VALUE -> length;
      case RANGE -> {
        if (from < 0 && to < 0 && from > to) {
          yield start(length);
        }
        long last = to < 0 ? Math.max(0, length + to) : to;
        yield (int) Math.max(start(length), Math.min(length - 1L, last) + 1);
      }
    };
  }

  /** Refuses what another client's lock forbids. The other half of this read's transition. */
  public void requireReadable(@Nullable Lock lock, Stamp stamp) {
    if (lockObeyed) {
      Checks.requireUnlocked(lock, stamp);
    }
  }
}
