package dev.mayfly.counter;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Where datagrams are read to, and how many by one system call: parts of one buffer, which is used
 * again as soon as all that was read into it is answered. Each call asks for about as many as came
 * lately, since a place that is asked for costs something even if it stays empty.
 *
 * <p>For one channel, and confined to its event loop; {@link #close} comes after that has ended.
 */
final class DatagramReads implements RecvByteBufAllocator {
  static final int DATAGRAMS_MAX = 64;
  private static final int DATAGRAMS_MIN = 4;
  private static final int PLACES = 2 * DATAGRAMS_MAX;

  private final Reader reader = new Reader();

  @Override
  public ExtendedHandle newHandle() {
    return reader;
  }

  void close() {
    reader.close();
  }

  private static final class Reader implements ExtendedHandle {
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int used;
    private int asked = DATAGRAMS_MIN;
    private int received;
    private int receivedThisTurn;
    private int attemptedBytes;
    private int lastBytes;

    @Override
    public void reset(ChannelConfig config) {
      receivedThisTurn = 0;
      received = 0;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      if (buffer.capacity() > 0 && buffer.refCnt() == 1) {
        used = 0;
      } else if (used + asked > PLACES || buffer.capacity() == 0) {
        close();
        buffer = allocator.directBuffer(PLACES * DatagramHandler.BYTES_MAX);
        used = 0;
      }
      int bytes = asked * DatagramHandler.BYTES_MAX;
      ByteBuf part = buffer.retainedSlice(used * DatagramHandler.BYTES_MAX, bytes);
      used += asked;
      received = 0;
      return part.clear();
    }

    @Override
    public int guess() {
      return asked * DatagramHandler.BYTES_MAX;
    }

    @Override
    public void incMessagesRead(int messages) {
      received += messages;
      receivedThisTurn += messages;
    }

    @Override
    public boolean continueReading() {
      boolean filled = received >= asked;
      if (filled) {
        asked = Math.min(2 * asked, DATAGRAMS_MAX);
      } else if (received < asked / 4) {
        asked = Math.max(asked / 2, DATAGRAMS_MIN);
      }
      return filled && receivedThisTurn < DATAGRAMS_MAX;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return continueReading();
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      attemptedBytes = bytes;
    }

    @Override
    public int attemptedBytesRead() {
      return attemptedBytes;
    }

    @Override
    public void lastBytesRead(int bytes) {
      lastBytes = bytes;
    }

    @Override
    public int lastBytesRead() {
      return lastBytes;
    }

    @Override
    public void readComplete() {
      received = 0;
    }

    void close() {
      buffer.release();
      buffer = Unpooled.EMPTY_BUFFER;
    }
  }
}
