package dev.mayfly.http;

import io.vertx.core.buffer.Buffer;

/**
 * Where one answer goes that is made bit by bit: no further bit is to be made while the client has
 * not taken the ones before, nor, where bits may be large, while other clients have left too much.
 * Confined to the exchange's event loop.
 */
final class StreamOutput {
  private final Exchange exchange;
  private final ConnectionOutput output;
  private final long bitBytes;
  private final Runnable onFree;
  private boolean isPaused;
  private boolean isOver;

  /**
   * A stream's.
   *
   * @param isLarge whether its bits may be large
   * @param onFree goes on with the answer, where {@link #hasRoom} or {@link #write} said no
   */
  StreamOutput(Exchange exchange, boolean isLarge, Runnable onFree) {
    this.exchange = exchange;
    this.onFree = exchange.here(onFree);
    output = exchange.output();
    bitBytes = isLarge ? ReplyMemory.LARGE_BYTES : 0;
  }

  /** Whether another bit may be made; else the answer goes on when it may. */
  boolean hasRoom() {
    if (output.mayAdd(() -> bitBytes)) {
      return true;
    }
    output.whenTurn(onFree);
    return false;
  }

  /**
   * Sends a bit, perhaps an empty one. Answers whether another may follow; else the answer goes on
   * when the client has taken enough.
   */
  boolean write(Buffer bit) {
    if (bit.length() > 0) {
      var _ = exchange.response().write(bit);
    }
    if (!output.isFull()) {
      return true;
    }
    isPaused = true;
    output.whenTaken(this::goOn);
    return false;
  }

  private void goOn() {
    isPaused = false;
    if (!isOver) {
      onFree.run();
    }
  }

  /** Whether the client has yet to take what was sent. */
  boolean isPaused() {
    return isPaused;
  }

  /** The answer has ended, or nobody takes it any more. */
  void end() {
    isOver = true;
    output.leave();
  }
}
