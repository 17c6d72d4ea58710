package dev.mayfly.counter;

import dev.mayfly.store.MemoryBudget;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Cuts what a TCP connection brings into messages: frames by their length, packets at the stop
 * symbol, a full stop on a line of its own. Confined to one thread.
 *
 * <p>Id and authentication bytes may happen to spell the stop symbol. So where the head of a packet
 * is whole, it is not looked for in there; and where it is not whole yet but may become so, a
 * symbol inside of those bytes is not believed before more has come.
 *
 * <p>What has come and is not whole is kept: a few bytes always, more where the memory that all
 * connections share has room.
 */
final class MessageSplitter {
  /** The longest message; beyond it the connection is broken. */
  static final int MESSAGE_BYTES_MAX = 64 << 10;

  static final byte[] STOP = {'\n', '.', '\n'};

  /** How many bytes each connection may have besides the shared memory. */
  static final int FEW_BYTES = 4 << 10;

  /** What is next. */
  enum Next {
    /** More bytes are needed. */
    NOTHING,
    /** A packet, see {@link #copyPacket}. */
    PACKET,
    /** A frame, see {@link #frame}. */
    FRAME,
    /** Bytes that never become a message. */
    BROKEN
  }

  private final MemoryBudget memory;
  private final SpareBytes spare;
  private final byte[] few = new byte[FEW_BYTES];
  private byte[] bytes = few;
  private long taken;
  private int begin;
  private int end;
  private int messageEnd;
  private int searched;

  /**
   * One that holds nothing.
   *
   * @param memory for messages of more than a few bytes; what is taken goes back with {@link
   *     #release}
   * @param spare of the thread that it is confined to
   */
  MessageSplitter(MemoryBudget memory, SpareBytes spare) {
    this.memory = memory;
    this.spare = spare;
  }

  /**
   * Adds bytes from the buffer: all of them, or as many as there is memory for.
   *
   * @return whether there was memory for any
   */
  boolean add(ByteBuf source) {
    int added = reserve(source.readableBytes());
    source.readBytes(bytes, end, added);
    end += added;
    return added > 0;
  }

  /** Makes room for so many bytes behind the last one, or for fewer; tells for how many. */
  private int reserve(int count) {
    int needed = end - begin + count;
    if (needed > bytes.length) {
      byte[] larger = spare.take(Math.max(needed, withReserve(bytes.length)));
      if (memory.tryTake(larger.length)) {
        moveTo(larger, larger.length);
        return count;
      }
      spare.giveBack(larger);
    }
    if (end + count > bytes.length) {
      moveToFront(bytes);
    }
    return Math.min(count, bytes.length - end);
  }

  /** Gives back the memory for what has been taken away; keeps half as much again as is left. */
  void trim() {
    int held = end - begin;
    if (taken > 0 && held <= FEW_BYTES) {
      moveTo(few, 0);
    } else if (taken > 2L * held) {
      byte[] smaller = new byte[withReserve(held)];
      memory.take(smaller.length);
      moveTo(smaller, smaller.length);
    }
  }

  private static int withReserve(int length) {
    return length + (length >> 1);
  }

  /** Drops what it holds, and gives back its memory. */
  void release() {
    end = begin;
    trim();
  }

  /** To an array that takes so much of the shared memory. */
  private void moveTo(byte[] target, long targetTakes) {
    byte[] left = bytes;
    moveToFront(target);
    bytes = target;
    if (taken > 0) {
      memory.giveBack(taken);
      spare.giveBack(left);
    }
    taken = targetTakes;
  }

  private void moveToFront(byte[] target) {
    System.arraycopy(bytes, begin, target, 0, end - begin);
    searched -= begin;
    end -= begin;
    begin = 0;
  }

  Next next() {
    int held = end - begin;
    if (held == 0) {
      return Next.NOTHING;
    }
    if (bytes[begin] == Frame.MAGIC_0 && (held == 1 || bytes[begin + 1] == Frame.MAGIC_1)) {
      return nextFrame(held);
    }
    int stop = stop();
    if (stop >= 0) {
      messageEnd = stop;
      return Next.PACKET;
    }
    return held > MESSAGE_BYTES_MAX ? Next.BROKEN : Next.NOTHING;
  }

  private Next nextFrame(int held) {
    if (held < Frame.HEAD) {
      return Next.NOTHING;
    }
    int length = (int) FrameInput.fixed(bytes, begin + Frame.LENGTH, 2);
    if (length < Frame.HEAD || bytes[begin + 2] != Frame.VERSION) {
      return Next.BROKEN;
    }
    messageEnd = begin + length;
    return held >= length ? Next.FRAME : Next.NOTHING;
  }

  /** Takes the frame away; a copy. */
  byte[] frame() {
    byte[] frame = Arrays.copyOfRange(bytes, begin, messageEnd);
    begin = messageEnd;
    searched = begin;
    return frame;
  }

  /**
   * Takes the packet away: without the white space around it.
   *
   * @param target receives as much of it as it holds
   * @return how long it is
   */
  int copyPacket(byte[] target) {
    int start = WhiteSpace.trimStart(bytes, begin, messageEnd);
    int last = WhiteSpace.trimEnd(bytes, start, messageEnd);
    int length = last - start;
    System.arraycopy(bytes, start, target, 0, Math.min(length, target.length));
    begin = messageEnd + STOP.length;
    searched = begin;
    return length;
  }

  /** Where the stop symbol is that ends the message; -1 if there is none yet. */
  private int stop() {
    int from = Math.max(searched, begin);
    if (looksLikePacket()) {
      from = Math.max(from, begin + Packet.DATA - 1);
    }
    for (int at = from; at + STOP.length <= end; at++) {
      if (bytes[at] == '\n' && bytes[at + 1] == '.' && bytes[at + 2] == '\n') {
        return at;
      }
    }
    boolean whole = end - begin >= Packet.DATA;
    if (whole) {
      searched = Math.max(begin, end - STOP.length + 1);
    }
    return -1;
  }

  /** Whether as much of a head as is there is that of a packet. */
  private boolean looksLikePacket() {
    int held = end - begin;
    return held > Packet.ID
        && Packet.isCommand(bytes[begin])
        && isSpaceAt(1, held)
        && isSpaceAt(10, held)
        && isSpaceAt(15, held)
        && isSpaceAt(80, held);
  }

  private boolean isSpaceAt(int place, int held) {
    return place >= held || bytes[begin + place] == Packet.SPACE;
  }
}
