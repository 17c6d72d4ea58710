package dev.mayfly.counter;

import java.util.Arrays;

/**
 * Cuts what a TCP connection brings into messages: frames by their length, packets at the stop
 * symbol, a full stop on a line of its own. Confined to one thread.
 *
 * <p>Id and authentication bytes may happen to spell the stop symbol. So where the head of a packet
 * is whole, it is not looked for in there; and where it is not whole yet but may become so, a
 * symbol inside of those bytes is not believed before more has come.
 */
final class MessageSplitter {
  /** The longest message; beyond it the connection is broken. */
  static final int MESSAGE_BYTES_MAX = 64 << 10;

  static final byte[] STOP = {'\n', '.', '\n'};

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

  private byte[] bytes = new byte[4096];
  private int begin;
  private int end;
  private int messageEnd;
  private int searched;

  /** Makes room for so many bytes and returns the array they go to, from {@link #end} on. */
  byte[] reserve(int count) {
    if (end + count > bytes.length) {
      int held = end - begin;
      byte[] target =
          held + count > bytes.length ? new byte[Math.max(2 * bytes.length, held + count)] : bytes;
      System.arraycopy(bytes, begin, target, 0, held);
      bytes = target;
      searched -= begin;
      begin = 0;
      end = held;
    }
    return bytes;
  }

  int end() {
    return end;
  }

  void added(int count) {
    end += count;
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
