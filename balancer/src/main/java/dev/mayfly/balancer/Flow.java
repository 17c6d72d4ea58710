package dev.mayfly.balancer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.SocketChannel;

/**
 * One direction of a relay: what is read from one side is written to the other, and while that side
 * has yet to take it, nothing more is read.
 *
 * <p>What is held meanwhile is counted with that of all other connections: see {@link UnsentBytes}.
 * Confined to the thread that both channels run on.
 */
final class Flow {
  private final SocketChannel from;
  private final SocketChannel to;
  private final UnsentBytes unsent;
  private final Runnable taken;

  /** Memory of what was written and may not have been sent, and what all count of it. */
  private long bytes;

  private long counted;
  private boolean waits;
  private boolean ended;
  private boolean finished;

  /**
   * Nothing was read yet.
   *
   * @param taken told whenever a reader that was slow has taken what there was
   */
  Flow(SocketChannel from, SocketChannel to, UnsentBytes unsent, Runnable taken) {
    this.from = from;
    this.to = to;
    this.unsent = unsent;
    this.taken = taken;
  }

  /** Takes over what was read; it leaves with the next {@link #flush}. */
  void write(ByteBuf read) {
    // A small read into a large buffer holds all of it.
    bytes += read.capacity();
    var _ = to.write(read, to.voidPromise());
    if (bytes > unsent.readMax()) {
      var _ = from.config().setAutoRead(false);
    }
  }

  /** Sends what was written, and reads on once all of it is sent. */
  void flush() {
    to.flush();
    if (waits) {
      count();
    } else if (hasSentAll()) {
      bytes = 0;
      readOn();
    } else {
      waits = true;
      var _ = from.config().setAutoRead(false);
      count();
      to.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(
              sent -> {
                waits = false;
                bytes = 0;
                count();
                if (sent.isSuccess()) {
                  readOn();
                  taken.run();
                }
              });
    }
  }

  private boolean hasSentAll() {
    return to.bytesBeforeUnwritable() > to.config().getWriteBufferHighWaterMark();
  }

  private void count() {
    unsent.add(bytes - counted);
    counted = bytes;
  }

  private void readOn() {
    if (!ended) {
      var _ = from.config().setAutoRead(true);
    }
  }

  /**
   * Passes on that nothing more comes.
   *
   * @param passed told once that and all before it is sent
   */
  void end(Runnable passed) {
    ended = true;
    to.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            sent -> {
              var _ = to.shutdownOutput();
              finished = true;
              passed.run();
            });
  }

  /** Whether its source has said that nothing more comes. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether that was passed on. */
  boolean isFinished() {
    return finished;
  }
}
