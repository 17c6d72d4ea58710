package dev.mayfly.counter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What callers of the counter door must know; empty if nothing.
 *
 * <p>The old packet carries eight bytes in clear: the first ones of secret, id, namespace and data
 * behind each other. So of a secret only the first eight bytes count there, and they are no secret
 * to whoever can read along; frames use the whole of it as a key. Immutable; never printed.
 */
public final class Secret {
  /** No secret. */
  public static final Secret NONE = new Secret(new byte[0]);

  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The UTF-8 bytes of the text. */
  public static Secret of(String text) {
    return new Secret(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether there is none. */
  public boolean isNone() {
    return bytes.length == 0;
  }

  /** A copy, for a key. */
  byte[] key() {
    return bytes.clone();
  }

  /** Whether the packet's eight bytes are right; takes the same time wherever they differ. */
  boolean accepts(byte[] packet) {
    int differing = 0;
    for (int i = 0; i < Packet.AUTH_BYTES; i++) {
      differing |= packet[Packet.AUTH + i] ^ expected(packet, i);
    }
    return differing == 0;
  }

  /** Writes the eight bytes into a packet that is complete but for them. */
  void sign(byte[] packet) {
    for (int i = 0; i < Packet.AUTH_BYTES; i++) {
      packet[Packet.AUTH + i] = expected(packet, i);
    }
  }

  private byte expected(byte[] packet, int place) {
    if (place < bytes.length) {
      return bytes[place];
    }
    int behind = place - bytes.length;
    return behind < Packet.ID_BYTES
        ? packet[Packet.ID + behind]
        : packet[Packet.NAMESPACE + behind - Packet.ID_BYTES];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && Arrays.equals(secret.bytes, bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return isNone() ? "none" : "***";
  }
}
