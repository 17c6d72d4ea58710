package dev.mayfly.resp;

import dev.mayfly.store.MemoryBudget;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * What arrived from one client and was not run yet, in an array of its own, whose memory it shares
 * with all other clients. Confined to the thread that serves the connection.
 */
final class PendingInput {
  private static final byte[] NOTHING = new byte[0];

  /** So much each client may have whatever the others have. */
  private static final int OWN_BYTES = 4 << 10;

  private final MemoryBudget memory;
  private byte[] bytes = NOTHING;
  private int size;
  private int needed;
  private long aside;

  PendingInput(MemoryBudget memory) {
    this.memory = memory;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** Whether so much is there that another look at it may find a whole command. */
  boolean isWorthALook() {
    return size >= needed;
  }

  /**
   * Nothing waits but what is left of a batch.
   *
   * @param needed how many bytes must be there before another look at it can find more
   * @param aside how many bytes are kept besides of what was seen
   * @return whether there is memory for it
   */
  boolean keep(byte[] in, int from, int to, int needed, long aside) {
    size = to - from;
    long change = size + aside - taken();
    bytes = size == 0 ? NOTHING : Arrays.copyOfRange(in, from, to);
    this.needed = needed;
    this.aside = aside;
    if (change != 0) {
      memory.take(change);
    }
    return change <= 0 || taken() <= OWN_BYTES || memory.taken() <= memory.bytesMax();
  }

  private long taken() {
    return bytes.length + aside;
  }

  /** Takes over what arrived; false when there is no memory for it. */
  boolean append(ByteBuf arrived, int more) {
    long most = size + (long) more;
    if (bytes.length < most
        && !growTo(Math.max(most, 2L * bytes.length))
        && !growTo(most + bytes.length / 4)) {
      return false;
    }
    arrived.readBytes(bytes, size, more);
    size += more;
    return true;
  }

  /** Until the bytes are copied both arrays are there. */
  private boolean growTo(long wanted) {
    int length = (int) Math.min(wanted, Integer.MAX_VALUE - 8);
    if (!memory.tryTake(length)) {
      return false;
    }
    int before = bytes.length;
    bytes = Arrays.copyOf(bytes, length);
    memory.giveBack(before);
    return true;
  }

  /** Nothing waits any more. */
  void drop() {
    memory.giveBack(taken());
    bytes = NOTHING;
    size = 0;
    aside = 0;
  }
}
