package dev.mayfly.resp;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one thread that runs commands has done since it began. One command in {@link #TIMED_EVERY}
 * is timed.
 *
 * <p>Only that thread counts, so that an opaque write is enough; any thread reads each figure by
 * itself.
 */
final class ThreadStats {
  /** Of how many commands one is timed: a power of two. */
  static final int TIMED_EVERY = 64;

  private final AtomicLongArray calls;
  private final AtomicLongArray errors;
  private final AtomicLongArray timed;
  private final AtomicLongArray timedNanos;
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong hits = new AtomicLong();
  private final AtomicLong misses = new AtomicLong();
  private final AtomicLong sharedTurns = new AtomicLong();
  private int untilTimed;

  /**
   * Nothing is done yet.
   *
   * @param commands how many commands there are; one more stands for those that do not exist
   */
  ThreadStats(int commands) {
    calls = new AtomicLongArray(commands + 1);
    errors = new AtomicLongArray(commands + 1);
    timed = new AtomicLongArray(commands + 1);
    timedNanos = new AtomicLongArray(commands + 1);
  }

  private static void add(AtomicLong figure, long more) {
    figure.setOpaque(figure.getPlain() + more);
  }

  private static void add(AtomicLongArray figures, int index, long more) {
    figures.setOpaque(index, figures.getPlain(index) + more);
  }

  /** Whether the next command is to be timed. */
  boolean isTimed() {
    untilTimed = untilTimed - 1 & TIMED_EVERY - 1;
    return untilTimed == 0;
  }

  /** A command was answered. */
  void onCommand(int index, boolean failed) {
    add(calls, index, 1);
    if (failed) {
      add(errors, index, 1);
    }
  }

  /** A command that was to be timed took so long. */
  void onTimed(int index, long nanos) {
    add(timed, index, 1);
    add(timedNanos, index, nanos);
  }

  /** A key was read, and was there or not. */
  void onRead(boolean found) {
    add(found ? hits : misses, 1);
  }

  /** A turn began that a worker takes part in. */
  void onSharedTurn() {
    add(sharedTurns, 1);
  }

  void onReceived(long bytes) {
    add(received, bytes);
  }

  void onSent(long bytes) {
    add(sent, bytes);
  }

  long calls(int index) {
    return calls.getOpaque(index);
  }

  long errors(int index) {
    return errors.getOpaque(index);
  }

  long timed(int index) {
    return timed.getOpaque(index);
  }

  long timedNanos(int index) {
    return timedNanos.getOpaque(index);
  }

  long receivedBytes() {
    return received.getOpaque();
  }

  long sentBytes() {
    return sent.getOpaque();
  }

  long sharedTurns() {
    return sharedTurns.getOpaque();
  }

  long hits() {
    return hits.getOpaque();
  }

  long misses() {
    return misses.getOpaque();
  }
}
