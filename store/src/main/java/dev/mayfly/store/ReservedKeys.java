package dev.mayfly.store;

import java.nio.charset.StandardCharsets;

/** The keys that no client may write: those that begin with {@code keyquarry} in any case. */
public final class ReservedKeys {
  /** Who acts when the store itself does: expiry, pruning, the end of a lock. */
  public static final String SYSTEM_CLIENT = "keyquarry";

  private static final byte[] PREFIX = SYSTEM_CLIENT.getBytes(StandardCharsets.US_ASCII);

  private ReservedKeys() {}

  /** Whether the key is reserved. */
  public static boolean isReserved(byte[] key) {
    if (key.length < PREFIX.length) {
      return false;
    }
    for (int i = 0; i < PREFIX.length; i++) {
      int b = key[i];
      int lower = b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
      if (lower != PREFIX[i]) {
        return false;
      }
    }
    return true;
  }
}
