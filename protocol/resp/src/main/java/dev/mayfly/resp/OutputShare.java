package dev.mayfly.resp;

import dev.mayfly.transport.OutputMemory;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * How much of the {@link OutputMemory} is one client's. Confined to the connection's event loop.
 */
final class OutputShare {
  private final OutputMemory memory;
  private final ChannelHandlerContext context;
  private final Runnable onTaken;
  private long counted;
  private boolean isMarked;
  private long lookedAt;
  private long leftThen;

  /** None yet; told there, on the event loop, when the client has taken what was counted. */
  OutputShare(OutputMemory memory, ChannelHandlerContext context, Runnable onTaken) {
    this.memory = memory;
    this.context = context;
    this.onTaken = onTaken;
  }

  /**
   * Counts what is on its way, and what is held back besides.
   *
   * @return whether the client may have that
   */
  boolean count(long heldBytes) {
    if (!isMarked && left() > 0) {
      mark();
    }
    long change = left() + heldBytes - counted;
    if (change != 0) {
      counted += change;
      memory.change(change);
    }
    return change <= 0 || !memory.isSpent();
  }

  /** What the client has not taken of what was written and flushed. */
  long left() {
    Channel channel = context.channel();
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null || !channel.isActive() ? 0 : buffer.totalPendingWriteBytes();
  }

  /** What comes after all that is on its way tells when that was taken. */
  private void mark() {
    isMarked = true;
    context
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done -> {
              isMarked = false;
              context.executor().execute(onTaken);
            });
  }

  /** Whether the client has something to take and has taken nothing since the look before. */
  boolean isStuck(long look) {
    long left = left();
    boolean stuck = left > 0 && left == leftThen && look == lookedAt + 1;
    lookedAt = look;
    leftThen = left;
    return stuck;
  }
}
