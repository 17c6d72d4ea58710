package dev.mayfly.resp;

/**
 * What all connections of one event loop share: the arrays that they take turns with, a batch at a
 * time, and the turns themselves. Confined to that event loop.
 */
final class LoopBuffers {
  private static final int INPUT_BYTES = 64 << 10;

  private final ReplyBuffer output;
  private final byte[] input = new byte[INPUT_BYTES];
  private final CommandsAhead ahead = new CommandsAhead();
  private final Turns turns = new Turns();
  private final LoopStats stats;

  /** Those of one event loop, whose replies may have so many bytes. */
  LoopBuffers(int replyBytesMax, LoopStats stats) {
    this.stats = stats;
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

  Turns turns() {
    return turns;
  }

  /** What its connections have done. */
  LoopStats stats() {
    return stats;
  }
}
