package dev.mayfly.balancer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of what was read and not yet taken by whom it is for, over all connections, and how
 * much one read may add to it.
 *
 * <p>Each read may bring a small part of what is left, so that those who are slow first leave some
 * to those who are slow next: nobody is ever refused a read, and the sum comes to the bound without
 * passing it by more than {@link #READ_MIN} or so for each slow reader.
 *
 * <p>Safe for concurrent use; no locks.
 */
final class UnsentBytes {
  /** The most that one read brings, in bytes. */
  static final int READ_MAX = 64 << 10;

  /** What one read may bring however little is left, in bytes. */
  static final int READ_MIN = 1 << 10;

  private static final int PARTS = 2048;

  private final long max;
  private final AtomicLong held = new AtomicLong();

  /**
   * Nothing is held yet.
   *
   * @param max bytes, at least 1
   */
  UnsentBytes(long max) {
    this.max = max;
  }

  /** Bytes that a read may bring now, from {@link #READ_MIN} to {@link #READ_MAX}. */
  int readMax() {
    return Math.clamp((max - held.get()) / PARTS, READ_MIN, READ_MAX);
  }

  /** Counts bytes that a slow reader leaves here, or, if negative, that it has taken. */
  void add(long bytes) {
    held.addAndGet(bytes);
  }

  /** Bytes held for slow readers. */
  long held() {
    return held.get();
  }
}
