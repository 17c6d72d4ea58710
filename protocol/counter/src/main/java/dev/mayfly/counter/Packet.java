package dev.mayfly.counter;

import java.util.Arrays;

/**
 * The layout of the old packet: command (1 byte), space, eight bytes of authentication, space, id
 * (4, little-endian), space, namespace (64, padded with spaces), space, data (1419, padded).
 * Static.
 */
final class Packet {
  static final int BYTES = 1500;
  static final int AUTH = 2;
  static final int AUTH_BYTES = 8;
  static final int ID = 11;
  static final int ID_BYTES = 4;
  static final int NAMESPACE = 16;
  static final int NAMESPACE_BYTES = 64;
  static final int DATA = 81;
  static final int DATA_BYTES = BYTES - DATA;

  static final byte SPACE = ' ';

  private static final int SPACE_1 = 1;
  private static final int SPACE_2 = 10;
  private static final int SPACE_3 = 15;
  private static final int SPACE_4 = 80;

  private Packet() {}

  /** Whether the byte is a command, known or merely reserved. */
  static boolean isCommand(byte command) {
    return switch (command) {
      case 'C', 'P', 'N', 'S', 'R', 'K', 'V', 'T', 'I', 'L', 'E' -> true;
      default -> false;
    };
  }

  /** Whether the answer may be longer than a packet. */
  static boolean isListing(byte command) {
    return command == 'K' || command == 'L';
  }

  /** What is wrong with the head of a packet, in the words of the original; empty: nothing. */
  static String fault(byte[] packet) {
    if (!isCommand(packet[0])) {
      return "bad packet: invalid command byte";
    }
    // The original names the second space as the first, and the fourth as the third.
    if (packet[SPACE_1] != SPACE || packet[SPACE_2] != SPACE) {
      return "bad packet: expected space 1";
    }
    if (packet[SPACE_3] != SPACE || packet[SPACE_4] != SPACE) {
      return "bad packet: expected space 3";
    }
    return "";
  }

  /** Writes the four spaces of the head. */
  static void writeSpaces(byte[] packet) {
    packet[SPACE_1] = SPACE;
    packet[SPACE_2] = SPACE;
    packet[SPACE_3] = SPACE;
    packet[SPACE_4] = SPACE;
  }

  /** Writes a field and pads it; the value fits. */
  static void writePadded(byte[] packet, int at, int bytes, byte[] value) {
    System.arraycopy(value, 0, packet, at, value.length);
    Arrays.fill(packet, at + value.length, at + bytes, SPACE);
  }

  /** The field without the white space around it, for as long as the buffers say. */
  static byte[] trimmed(byte[] packet, int from, int to, NameBuffers buffers) {
    int end = WhiteSpace.trimEnd(packet, from, WhiteSpace.padding(packet, from, to));
    int start = WhiteSpace.trimStart(packet, from, end);
    return buffers.cut(packet, start, end);
  }
}
