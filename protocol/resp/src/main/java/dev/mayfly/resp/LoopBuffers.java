package dev.mayfly.resp;

/**
 * The arrays that all connections of one event loop take turns with, a batch at a time. Confined to
 * that event loop.
 */
final class LoopBuffers {
  private static final int INPUT_BYTES = 64 << 10;

  private final ReplyBuffer output;
  private final byte[] input = new byte[INPUT_BYTES];
  private final CommandsAhead ahead = new CommandsAhead();
  private long errors;

  /** Those of one event loop, whose replies may have so many bytes. */
  LoopBuffers(int replyBytesMax) {
    output = ReplyBuffer.ofReplies(replyBytesMax);
  }

  /** An array of at least so many bytes, until the next call. */
  byte[] input(int bytes) {
    return bytes <= input.length ? input : new byte[bytes];
  }

  ReplyBuffer output() {
    return output;
  }

  CommandsAhead ahead() {
    return ahead;
  }

  void countError() {
    errors++;
  }

  /** How many errors were counted since the last call. */
  long takeErrors() {
    long taken = errors;
    errors = 0;
    return taken;
  }
}
