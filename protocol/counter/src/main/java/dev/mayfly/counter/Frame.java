package dev.mayfly.counter;

/**
 * The layout of a frame, version 2, little-endian: magic (2), version (1), flags (1), length of the
 * whole frame (2), operations (2), id (4); where signed, session (8), sequence (8), timestamp (8);
 * the operations or results; where signed, a code (16). {@code docs/reference/counter-protocol.md}
 * has the whole. Static.
 */
final class Frame {
  static final byte MAGIC_0 = 0x6D;
  static final byte MAGIC_1 = (byte) 0xF2;
  static final byte VERSION = 2;

  static final int FLAGS = 3;
  static final int LENGTH = 4;
  static final int OPERATIONS = 6;
  static final int ID = 8;
  static final int HEAD = 12;
  static final int SESSION = 12;
  static final int SEQUENCE = 20;
  static final int TIMESTAMP = 28;
  static final int SIGNED_HEAD = 36;
  static final int CODE_BYTES = 16;
  static final int LENGTH_MAX = 0xFFFF;

  static final int SIGNED = 1;
  static final int REPLY = 2;
  static final int QUIET = 4;
  static final int TRUNCATED = 8;

  static final int NAMESPACE = 1;
  static final int HIT = 2;
  static final int HIT_MANY = 3;
  static final int COUNT = 4;
  static final int COUNT_NAMESPACE = 5;
  static final int COUNT_ALL = 6;
  static final int TAKE = 7;
  static final int TAKE_NAMED = 8;
  static final int RELEASE = 9;

  static final int OK = 0;
  static final int MALFORMED = 1;
  static final int UNAUTHENTICATED = 2;
  static final int STALE = 3;
  static final int BAD_KEY = 4;
  static final int BAD_ARGUMENT = 5;
  static final int FULL = 6;
  static final int OVERLOADED = 7;
  static final int UNAVAILABLE = 8;
  static final int NO_SUCH_LIMIT = 9;
  static final int INTERNAL = 10;

  static final int ALLOWED = 1;
  static final int EXCEEDED = 2;
  static final int LEASED = 4;

  private Frame() {}

  /** Whether a message begins like a frame. */
  static boolean begins(byte[] bytes, int length) {
    return length >= 2 && begins(bytes[0], bytes[1]);
  }

  static boolean begins(byte first, byte second) {
    return first == MAGIC_0 && second == MAGIC_1;
  }
}
