package dev.mayfly.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame of the counter protocol, version 2, while operations are put into it; its answer will
 * never be longer than it is. Confined to one thread.
 */
final class CounterFrame {
  static final int HEAD = 12;
  static final int SIGNED_HEAD = 36;
  static final int CODE_BYTES = 16;
  static final int LENGTH_MAX = 0xFFFF;

  private static final byte MAGIC_0 = 0x6D;
  private static final byte MAGIC_1 = (byte) 0xF2;
  private static final int VERSION = 2;
  private static final int FLAGS_AT = 3;
  private static final int LENGTH_AT = 4;
  private static final int OPERATIONS_AT = 6;
  private static final int ID_AT = 8;
  private static final int SIGNED = 1;
  private static final int REPLY = 2;
  private static final int NAMESPACE = 1;

  private final @Nullable FrameSession session;
  private final int bytesMax;
  private final FrameWriter out;
  private final List<CounterOperation<?>> operations = new ArrayList<>();
  private byte[] namespace = {};
  private int entries;
  private int replyBytes;

  /**
   * An empty one.
   *
   * @param session signs it; null: it is not signed
   */
  CounterFrame(@Nullable FrameSession session, int bytesMax) {
    this.session = session;
    this.bytesMax = bytesMax;
    out = new FrameWriter(Math.min(bytesMax, 2048));
    out.padTo(head());
    replyBytes = head() + codeBytes();
  }

  private int head() {
    return session == null ? HEAD : SIGNED_HEAD;
  }

  private int codeBytes() {
    return session == null ? 0 : CODE_BYTES;
  }

  boolean isEmpty() {
    return operations.isEmpty();
  }

  /** Adds an operation, unless there is no room for it, or for what it will be answered. */
  boolean tryAdd(CounterOperation<?> operation) {
    boolean moves = !Arrays.equals(namespace, operation.namespace());
    int prefix = moves ? nameBytes(operation.namespace()) : 0;
    int length = out.length() + prefix + operation.body().length + codeBytes();
    if (length > bytesMax || replyBytes + operation.resultMax() > bytesMax) {
      return false;
    }
    if (moves) {
      namespace = operation.namespace();
      out.putByte(NAMESPACE).putName(namespace);
      entries++;
    }
    out.putBytes(operation.body());
    entries++;
    operations.add(operation);
    replyBytes += operation.resultMax();
    return true;
  }

  private static int nameBytes(byte[] name) {
    return 1 + FrameWriter.varintBytes(name.length) + name.length;
  }

  /** The whole frame. */
  byte[] encode(int id) {
    out.padTo(replyBytes - codeBytes());
    int length = out.length() + codeBytes();
    out.setFixed(0, 1, MAGIC_0);
    out.setFixed(1, 1, MAGIC_1);
    out.setFixed(2, 1, VERSION);
    out.setFixed(FLAGS_AT, 1, session == null ? 0 : SIGNED);
    out.setFixed(LENGTH_AT, 2, length);
    out.setFixed(OPERATIONS_AT, 2, entries);
    out.setFixed(ID_AT, 4, id);
    if (session == null) {
      return out.toBytes();
    }
    session.number(out);
    byte[] frame = out.padTo(length).toBytes();
    session.sign(frame, length - CODE_BYTES);
    return frame;
  }

  /** Whether bytes are a reply, so that {@link #id} tells to which frame. */
  static boolean isReply(byte[] bytes, int length) {
    return length >= HEAD
        && bytes[0] == MAGIC_0
        && bytes[1] == MAGIC_1
        && bytes[2] == VERSION
        && (bytes[FLAGS_AT] & REPLY) != 0
        && FrameReader.fixed(bytes, LENGTH_AT, 2) == length;
  }

  static int id(byte[] reply) {
    return (int) FrameReader.fixed(reply, ID_AT, 4);
  }

  /** How long the frame is that begins so. */
  static int length(byte[] head) {
    return (int) FrameReader.fixed(head, LENGTH_AT, 2);
  }

  /**
   * What a reply says to each operation, in their order: what it gave, or the exception.
   *
   * @throws FrameReader.MalformedException if it is no reply to this frame
   */
  List<Object> results(byte[] reply, int length) {
    boolean signed = (reply[FLAGS_AT] & SIGNED) != 0;
    int count = (int) FrameReader.fixed(reply, OPERATIONS_AT, 2);
    if (!signed && count == 0 && length > HEAD) {
      return refused(reply[HEAD] & 0xFF);
    }
    if (signed != (session != null) || (session != null && !session.accepts(reply, length))) {
      throw new FrameReader.MalformedException();
    }
    FrameReader in = new FrameReader(reply, head(), length - codeBytes());
    List<Object> results = new ArrayList<>(operations.size());
    for (int i = 0; i < operations.size(); i++) {
      results.add(i < count ? result(operations.get(i), in) : untold());
    }
    return results;
  }

  private static Object result(CounterOperation<?> operation, FrameReader in) {
    try {
      return operation.read(in);
    } catch (CounterException refusal) {
      return refusal;
    }
  }

  private static CounterException untold() {
    return new CounterException(
        CounterException.Reason.MALFORMED, "the server's answer ends before this operation");
  }

  private List<Object> refused(int status) {
    List<Object> results = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      results.add(CounterException.ofStatus(status));
    }
    return results;
  }
}
