package dev.mayfly.engine;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * What the shards' {@link ShardChanges} have in common: how much they hold together, and whether
 * writes are refused for it.
 *
 * <p>Safe for concurrent use. Memory is counted by chunks, so that a write touches the sum only
 * where it begins a chunk; what is counted passes the limit by no more than a chunk of each shard
 * and the writes under way.
 */
final class ChangeRecorder {
  private final AtomicLong bytes = new AtomicLong();
  private final ReentrantReadWriteLock groups = new ReentrantReadWriteLock();
  private volatile long bytesMax;
  private volatile boolean refusing;
  private volatile boolean overflowed;
  private volatile @Nullable MayflyException refusal;

  /** Held, shared, by whoever makes several mutations that belong together. */
  ReentrantReadWriteLock groups() {
    return groups;
  }

  void begin(long bytesMax, boolean refusing) {
    this.bytesMax = bytesMax;
    this.refusing = refusing;
    overflowed = false;
    bytes.set(0);
  }

  /** How many bytes are held. */
  long bytes() {
    return bytes.get();
  }

  /** Counts a chunk that a shard began; returns whether it may go on recording. */
  boolean grow(long chunkBytes) {
    boolean over = bytes.addAndGet(chunkBytes) > bytesMax;
    if (over && !refusing) {
      overflowed = true;
    }
    return !overflowed;
  }

  /** Counts chunks that were written to the journal, or forgotten. */
  void shrink(long chunkBytes) {
    bytes.addAndGet(-chunkBytes);
  }

  /** Whether there was too much to record. */
  boolean isOverflowed() {
    return overflowed;
  }

  void refuse(@Nullable MayflyException refusal) {
    this.refusal = refusal;
  }

  /** Throws where writes are refused. */
  void requireOpen() {
    MayflyException refused = refusal;
    if (refused != null) {
      throw refused;
    }
    if (refusing && bytes.getOpaque() > bytesMax) {
      throw new MayflyException(
          ErrorCode.OVERLOADED, "the journal cannot keep up: %d bytes wait".formatted(bytes.get()));
    }
  }
}
