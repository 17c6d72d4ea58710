package dev.mayfly.store;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The refusals that transitions share, in the order in which requests make them. */
final class Checks {
  private static final int CONTENT_TYPE_BYTES_MAX = 255;

  private Checks() {}

  /** Empty key, reserved key, read-only, key length. */
  static void requireWritable(byte[] key, Bounds bounds, boolean readOnly) {
    requireKey(key);
    if (ReservedKeys.isReserved(key)) {
      throw new MayflyException(
          ErrorCode.RESERVED_KEY, "keys that begin with 'keyquarry' are reserved");
    }
    if (readOnly) {
      throw new MayflyException(ErrorCode.READ_ONLY, ErrorCode.READ_ONLY.summary());
    }
    requireKeyLength(key, bounds);
  }

  static void requireKey(byte[] key) {
    if (key.length == 0) {
      throw new MayflyException(ErrorCode.EMPTY_KEY, ErrorCode.EMPTY_KEY.summary());
    }
  }

  private static void requireKeyLength(byte[] key, Bounds bounds) {
    if (key.length > bounds.keyBytesMax()) {
      throw new MayflyException(
          ErrorCode.KEY_TOO_LONG,
          "key of %d bytes: expected at most %d".formatted(key.length, bounds.keyBytesMax()));
    }
  }

  static void requireValueSize(long valueBytes, Rules rules, Bounds bounds) {
    int max = Math.min(rules.valueBytesMax(), bounds.valueBytesMax());
    if (valueBytes > max) {
      throw tooLarge(valueBytes, max);
    }
  }

  private static MayflyException tooLarge(long valueBytes, int max) {
    return new MayflyException(
        ErrorCode.VALUE_TOO_LARGE,
        "value of %d bytes: expected at most %d".formatted(valueBytes, max));
  }

  static void requireContentType(@Nullable String contentType) {
    if (contentType != null
        && contentType.getBytes(StandardCharsets.UTF_8).length > CONTENT_TYPE_BYTES_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "content type of %d characters: expected at most %d bytes"
              .formatted(contentType.length(), CONTENT_TYPE_BYTES_MAX));
    }
  }

  static void requireLockDuration(long lockMillis, Bounds bounds) {
    if (lockMillis > bounds.lockMillisMax()) {
      throw new MayflyException(
          ErrorCode.LOCK_DURATION_TOO_LONG,
          "lock duration %dms: expected at most %dms"
              .formatted(lockMillis, bounds.lockMillisMax()));
    }
    if (lockMillis < bounds.lockMillisMin()) {
      throw new MayflyException(
          ErrorCode.LOCK_DURATION_INVALID,
          "lock duration %dms: expected at least %dms"
              .formatted(lockMillis, bounds.lockMillisMin()));
    }
  }

  /** Refuses what another client's lock forbids. */
  static void requireUnlocked(@Nullable EntryView before, Stamp stamp) {
    if (before != null) {
      requireUnlocked(before.lock(), stamp);
    }
  }

  static void requireUnlocked(@Nullable Lock lock, Stamp stamp) {
    if (lock != null && !lock.owner().equals(stamp.client())) {
      throw new MayflyException(ErrorCode.LOCKED, ErrorCode.LOCKED.summary());
    }
  }
}
