package dev.mayfly.resp;

/**
 * What a thread works with while it runs the commands of one connection after the other: the arrays
 * that they take turns with, a batch at a time. Confined to that thread.
 */
final class Workspace {
  private static final int INPUT_BYTES = 64 << 10;

  private final ReplyBuffer output;
  private final byte[] input = new byte[INPUT_BYTES];
  private final CommandsAhead ahead = new CommandsAhead();
  private final ThreadStats stats;

  /** That of one thread, whose replies may have so many bytes. */
  Workspace(int replyBytesMax, ThreadStats stats) {
    this.stats = stats;
    output = ReplyBuffer.ofReplies(replyBytesMax);
  }

  /** An array of at least so many bytes, until the next call. */
  byte[] input(int bytes) {
    return bytes <= input.length ? input : new byte[bytes];
  }

  /** Another batch begins: what one that failed has left goes to nobody. */
  void begin() {
    output.clear();
    ahead.clear();
  }

  /** The replies of this batch. */
  ReplyBuffer output() {
    return output;
  }

  CommandsAhead ahead() {
    return ahead;
  }

  /** What the thread has done. */
  ThreadStats stats() {
    return stats;
  }
}
