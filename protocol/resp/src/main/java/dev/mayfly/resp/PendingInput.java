package dev.mayfly.resp;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * What arrived from one client and was not run yet, in an array of its own. Confined to the thread
 * that serves the connection.
 */
final class PendingInput {
  private static final byte[] NOTHING = new byte[0];

  private byte[] bytes = NOTHING;
  private int size;
  private int needed;

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
   */
  void keep(byte[] in, int from, int to, int needed) {
    size = to - from;
    bytes = size == 0 ? NOTHING : Arrays.copyOfRange(in, from, to);
    this.needed = needed;
  }

  /** Takes over what arrived. */
  void append(ByteBuf arrived, int more) {
    if (bytes.length - size < more) {
      long wanted = Math.max(size + (long) more, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
    arrived.readBytes(bytes, size, more);
    size += more;
  }
}
