package dev.mayfly.resp;

/**
 * A command that is refused because it is too large: what is left of it is passed over as it comes,
 * and kept nowhere, so that the command behind it is found. Confined to its connection's event
 * loop.
 */
final class RefusedInput {
  private final byte[] name;
  private final String refusal;
  private int argumentsLeft;
  private long bytesLeft;

  /**
   * Nothing is passed over yet.
   *
   * @param name as far as it was seen: empty if not
   * @param refusal the text of the error reply, without the leading minus
   * @param argumentsLeft how many arguments have to be passed over
   */
  RefusedInput(byte[] name, String refusal, int argumentsLeft) {
    this.name = name;
    this.refusal = refusal;
    this.argumentsLeft = argumentsLeft;
  }

  /** What is answered once all of it has been passed over. */
  Arguments command() {
    return new Arguments(name, new byte[0][], refusal);
  }

  /** Whether there are arguments whose lengths were not told yet. */
  boolean hasMore() {
    return argumentsLeft > 0;
  }

  /** The next argument takes so many bytes, its end included. */
  void begin(long bytes) {
    argumentsLeft--;
    bytesLeft = bytes;
  }

  /** Passes over some of what is there; returns how much. */
  int skip(int bytesThere) {
    int skipped = (int) Math.min(bytesLeft, bytesThere);
    bytesLeft -= skipped;
    return skipped;
  }

  /** Whether more bytes of an argument have to come. */
  boolean isWithinArgument() {
    return bytesLeft > 0;
  }
}
