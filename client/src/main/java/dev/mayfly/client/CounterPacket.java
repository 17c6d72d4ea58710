package dev.mayfly.client;

import dev.mayfly.client.CounterException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The 1500-byte packet of the counter protocol: command, space, eight bytes of authentication,
 * space, id, space, namespace (64), space, data. Static.
 */
final class CounterPacket {
  static final int BYTES = 1500;

  private static final int AUTH = 2;
  private static final int AUTH_BYTES = 8;
  private static final int ID = 11;
  private static final int ID_BYTES = 4;
  private static final int NAMESPACE = 16;
  private static final int NAMESPACE_BYTES = 64;
  private static final int DATA = 81;

  private CounterPacket() {}

  /**
   * A packet with the id 1.
   *
   * @throws CounterException BAD_KEY for what does not fit
   */
  static byte[] encode(char command, String secret, byte[] namespace, byte[] data) {
    if (namespace.length > NAMESPACE_BYTES || data.length > BYTES - DATA) {
      throw new CounterException(
          Reason.BAD_KEY,
          "namespace or pattern too long for a listing: expected at most %d and %d bytes"
              .formatted(NAMESPACE_BYTES, BYTES - DATA));
    }
    byte[] packet = new byte[BYTES];
    Arrays.fill(packet, (byte) ' ');
    packet[0] = (byte) command;
    Arrays.fill(packet, ID, ID + ID_BYTES, (byte) 0);
    packet[ID] = 1;
    System.arraycopy(namespace, 0, packet, NAMESPACE, namespace.length);
    System.arraycopy(data, 0, packet, DATA, data.length);
    authenticate(packet, secret.getBytes(StandardCharsets.UTF_8));
    return packet;
  }

  /** The first eight bytes of secret, id and namespace behind each other. */
  private static void authenticate(byte[] packet, byte[] secret) {
    for (int i = 0; i < AUTH_BYTES; i++) {
      int behind = i - secret.length;
      packet[AUTH + i] =
          behind < 0
              ? secret[i]
              : behind < ID_BYTES ? packet[ID + behind] : packet[NAMESPACE + behind - ID_BYTES];
    }
  }

  /** The data without the spaces behind it. */
  static byte[] data(byte[] answer) {
    int end = answer.length;
    while (end > DATA && answer[end - 1] == ' ') {
      end--;
    }
    return Arrays.copyOfRange(answer, DATA, end);
  }

  /** The lines of the data. */
  static List<byte[]> lines(byte[] answer) {
    byte[] data = data(answer);
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= data.length; i++) {
      if (i == data.length || data[i] == '\n') {
        if (i > start) {
          lines.add(Arrays.copyOfRange(data, start, i));
        }
        start = i + 1;
      }
    }
    return lines;
  }
}
