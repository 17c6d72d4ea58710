package dev.mayfly.http;

import dev.mayfly.transport.OutputMemory;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * Where one answer goes that is made bit by bit: no further bit is to be made while the client has
 * not taken the one before, nor, where bits may be large, while other clients have left too much.
 *
 * <p>One bit may be as large as a value, so that a few hundred clients that read nothing would hold
 * more than there is. Who takes nothing while others wait is cut off. Confined to the exchange's
 * event loop, but for {@link #onRoom}, {@link #isStuck} and {@link #cut}.
 */
final class StreamOutput implements OutputMemory.Waiter {
  private static final int UNSENT_BYTES_MAX = 128 << 10;

  private final Door door;
  private final Exchange exchange;
  private final HttpServerResponse response;
  private final boolean isLarge;
  private final Runnable onFree;
  private final Context context;
  private long unsent;
  private long held;
  private boolean isPaused;
  private boolean isInLine;
  private boolean hasTurn;
  private boolean isOver;

  /** When it was looked at with something to take, and nothing taken since; else 0. */
  private volatile long lookedAt;

  /**
   * @param isLarge whether its bits may be large
   * @param onFree goes on with the answer, where {@link #hasRoom} or {@link #write} said no
   */
  StreamOutput(Door door, Exchange exchange, boolean isLarge, Runnable onFree) {
    this.door = door;
    this.exchange = exchange;
    this.isLarge = isLarge;
    this.onFree = onFree;
    response = exchange.response();
    context = door.vertx().getOrCreateContext();
  }

  private OutputMemory memory() {
    return door.streams().memory();
  }

  /** Whether another bit may be made; else the answer goes on when it may. */
  boolean hasRoom() {
    if (hasTurn) {
      hasTurn = false;
      return true;
    }
    if (!isLarge || !memory().isShort()) {
      return true;
    }
    if (!isInLine) {
      isInLine = true;
      memory().await(this);
    }
    return false;
  }

  /**
   * Sends a bit, perhaps an empty one. Answers whether another may follow; else the answer goes on
   * when the client has taken enough.
   */
  boolean write(Buffer bit) {
    int bytes = bit.length();
    if (bytes > 0) {
      // Vert.x takes its queue for full by the number of writes, however large they are.
      unsent += bytes;
      var _ = response.write(bit).onComplete(sent -> onSent(bytes, sent.succeeded()));
    }
    if (unsent < UNSENT_BYTES_MAX) {
      return true;
    }
    isPaused = true;
    hold(unsent - held);
    return false;
  }

  /** Whether the client has yet to take what was sent. */
  boolean isPaused() {
    return isPaused;
  }

  private void onSent(int bytes, boolean succeeded) {
    unsent -= bytes;
    if (isPaused && unsent < UNSENT_BYTES_MAX) {
      isPaused = false;
      release();
      if (succeeded && !isOver) {
        onFree.run();
      }
    }
  }

  private void hold(long bytes) {
    if (!isOver && bytes > 0) {
      held += bytes;
      door.streams().add(this);
      memory().change(bytes);
    }
  }

  private void release() {
    long taken = held;
    if (taken > 0) {
      held = 0;
      lookedAt = 0;
      door.streams().remove(this);
      memory().change(-taken);
    }
  }

  @Override
  public void onRoom() {
    context.runOnContext(
        turn -> {
          isInLine = false;
          hasTurn = !isOver;
          try {
            if (!isOver) {
              onFree.run();
            }
          } finally {
            hasTurn = false;
            memory().passOn();
          }
        });
  }

  @Override
  public void after(long millis, Runnable task) {
    var _ = door.vertx().setTimer(millis, time -> task.run());
  }

  /** Whether it had something to take at the look before, too, and has taken none of it since. */
  boolean isStuck(long look) {
    boolean stuck = lookedAt == look - 1;
    lookedAt = look;
    return stuck;
  }

  /** Closes its connection, whatever waits to be sent. */
  void cut() {
    context.runOnContext(turn -> NettyConnection.cut(exchange.request().connection()));
  }

  /** The answer has ended, or nobody takes it any more. */
  void end() {
    isOver = true;
    release();
    if (isInLine) {
      memory().leave(this);
    }
  }
}
