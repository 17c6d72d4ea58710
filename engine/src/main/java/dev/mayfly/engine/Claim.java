package dev.mayfly.engine;

/**
 * A revision and the place in the event log that was claimed with it, from {@link
 * NativeEventLog#claim} to {@link NativeEventLog#publish}. Meant to be used again: each shard owns
 * one. Confined to the thread that holds the shard.
 */
final class Claim {
  private static final byte[] NONE = new byte[0];

  long revision;

  /** The place since the log began, in units of eight bytes. */
  long position;

  /** The place in the ring, in bytes. */
  long offset;

  int units;
  byte[] client = NONE;
  byte[] contentType = NONE;
  boolean hasContentType;
  int keyLength;

  /** The length of the value that is told, kept or not. */
  int valueLength;

  boolean isValueKept;

  /** The revision that was claimed last. */
  long revision() {
    return revision;
  }
}
