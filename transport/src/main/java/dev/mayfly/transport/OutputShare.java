package dev.mayfly.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How much of the {@link OutputMemory} is one connection's. Confined to the connection's event
 * loop.
 */
public final class OutputShare {
  private final OutputMemory memory;
  private final ChannelHandlerContext context;
  private final Runnable onTaken;
  private long counted;
  private boolean isMarked;
  private long lookedAt;
  private long leftThen;
  private long leftOfFirstThen;

  /**
   * None yet.
   *
   * @param context a handler's that lets buffers pass on their way out as they are
   * @param onTaken told, on the event loop, when the client has taken what was counted
   */
  public OutputShare(OutputMemory memory, ChannelHandlerContext context, Runnable onTaken) {
    this.memory = memory;
    this.context = context;
    this.onTaken = onTaken;
  }

  /**
   * Counts what is on its way, and what is held back besides.
   *
   * @return whether the client may have that
   */
  public boolean count(long heldBytes) {
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

  /** How many bytes are counted. */
  public long counted() {
    return counted;
  }

  /** What the client has not taken of what was written and flushed. */
  public long left() {
    ChannelOutboundBuffer buffer = buffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  private @Nullable ChannelOutboundBuffer buffer() {
    Channel channel = context.channel();
    return channel.isActive() ? channel.unsafe().outboundBuffer() : null;
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
  public boolean isStuck(long look) {
    long left = left();
    long leftOfFirst = leftOfFirst();
    boolean isSame = left == leftThen && leftOfFirst == leftOfFirstThen;
    boolean stuck = left > 0 && isSame && look == lookedAt + 1;
    lookedAt = look;
    leftThen = left;
    leftOfFirstThen = leftOfFirst;
    return stuck;
  }

  /** What is left of the buffer that is being taken, which counts as a whole until it is. */
  private int leftOfFirst() {
    ChannelOutboundBuffer buffer = buffer();
    return buffer != null && buffer.current() instanceof ByteBuf first ? first.readableBytes() : 0;
  }
}
