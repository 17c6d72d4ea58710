package dev.mayfly.grpc;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory may be held by listings that are being made or on their way out. Safe for
 * concurrent use. Whoever acquires bytes releases them.
 */
final class TransferMemory {
  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();

  TransferMemory(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * Takes so many bytes.
   *
   * @throws MayflyException OVERLOADED when that is more than is left; nothing is taken then
   */
  void acquire(long wanted) {
    if (bytes.addAndGet(wanted) > bytesMax) {
      bytes.addAndGet(-wanted);
      throw new MayflyException(
          ErrorCode.OVERLOADED,
          "the answer does not fit beside others into %d bytes: ask for less".formatted(bytesMax));
    }
  }

  void release(long acquired) {
    bytes.addAndGet(-acquired);
  }
}
