package dev.mayfly.balancer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Sizes the buffer of each read by what the reads before brought, as Netty does by default, and by
 * what slow readers leave of the memory for all. Safe for concurrent use; a handle belongs to its
 * channel's thread.
 */
final class SharedReads implements RecvByteBufAllocator {
  private static final int GUESS_MIN = 64;
  private static final int GUESS_FIRST = 2048;

  private final RecvByteBufAllocator adaptive =
      new AdaptiveRecvByteBufAllocator(GUESS_MIN, GUESS_FIRST, UnsentBytes.READ_MAX);
  private final UnsentBytes unsent;

  SharedReads(UnsentBytes unsent) {
    this.unsent = unsent;
  }

  @Override
  public ExtendedHandle newHandle() {
    return new SharedHandle((ExtendedHandle) adaptive.newHandle());
  }

  /** Netty's channels take no handle that is not an extended one. */
  private final class SharedHandle extends DelegatingHandle implements ExtendedHandle {
    private final ExtendedHandle guessing;

    SharedHandle(ExtendedHandle guessing) {
      super(guessing);
      this.guessing = guessing;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator buffers) {
      return buffers.ioBuffer(guess());
    }

    @Override
    public int guess() {
      return Math.min(guessing.guess(), unsent.readMax());
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return guessing.continueReading(maybeMore);
    }
  }
}
