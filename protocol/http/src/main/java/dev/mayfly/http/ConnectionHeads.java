package dev.mayfly.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;

/**
 * How much memory the heads of one connection's requests take: of those that are not answered, and
 * of the one, or the trailer, that has come in part.
 *
 * <p>The codec keeps fields as objects as they come, thirty times as large as they were sent where
 * they are short, until their end comes, and Vert.x until the answer has ended: a few thousand
 * clients that send heads and no end would fill the heap, each within the bound of a head. Confined
 * to the connection's event loop.
 */
final class ConnectionHeads {
  /** What a line takes as an object, besides its characters. */
  private static final int LINE_BYTES = 128;

  private final HeadMemory memory;

  /** The sizes of those that are not answered, the oldest first. */
  private final Queue<Long> open = new ArrayDeque<>(2);

  private long openBytes;
  private long partBytes;
  private long taken;

  /**
   * Whether nothing came out of what the codec was given last, and since when that is so. Where
   * reading pauses, a request has come out.
   */
  private boolean isAwaited;

  private long awaitedSinceNanos;

  /** Whether the codec reads a head, or else a body. */
  private boolean isInHead = true;

  /** What came out of the codec since it was given bytes last. */
  private final CodecRun run = new CodecRun();

  ConnectionHeads(HeadMemory memory) {
    this.memory = memory;
  }

  /** How many requests came and are not answered. */
  int open() {
    return open.size();
  }

  /** How much a head, or a trailer, takes that has come in part; 0 where none has. */
  long partBytes() {
    return partBytes;
  }

  /** The codec is given bytes, which it makes requests and bodies of. */
  void onBytes() {
    run.begin(isInHead);
  }

  /** A request came out of it. Answers whether there is room for its head. */
  boolean onRequest(HttpRequest request) {
    run.onRequest(HttpUtil.isTransferEncodingChunked(request));
    isInHead = false;
    partBytes = 0;
    long size = size(request);
    open.add(size);
    openBytes += size;
    return takeShare();
  }

  /** A part of a body came out of it. */
  void onContent(int bytes, boolean isLast) {
    run.onContent(bytes);
    isInHead = isLast;
  }

  /**
   * Whether these bytes, as the codec is now, leave nothing in it: the ordinary case, in which it
   * need not be asked for {@link #onLeft}.
   */
  boolean leavesNothing(ByteBuf bytes) {
    int end = bytes.writerIndex();
    return isInHead
        && bytes.readableBytes() > 2
        && bytes.getByte(end - 1) == '\n'
        && bytes.getByte(end - 2) == '\r'
        && bytes.getByte(end - 3) == '\n';
  }

  /** The codec has run on bytes that left nothing in it. */
  void onNothingLeft() {
    partBytes = 0;
    isAwaited = false;
    run.endEmpty();
  }

  /** The codec has run on these bytes: counts what it may have kept of them. */
  void onLeft(ByteBuf bytes, int from, int to) {
    if (run.isSomeOut()) {
      int kept = run.keptFrom(bytes, from, to, isInHead);
      partBytes = size(bytes, kept, to);
      isAwaited = false;
    } else {
      partBytes += size(bytes, from, to);
      if (!isAwaited) {
        isAwaited = true;
        awaitedSinceNanos = memory.nanos();
      }
    }
    run.end(partBytes == 0, bytes, from, to);
  }

  private static long size(ByteBuf bytes, int from, int to) {
    return 2L * (to - from) + LINE_BYTES * (long) Lines.count(bytes, from, to);
  }

  /** The oldest request is answered. */
  void onAnswered() {
    Long answered = open.poll();
    if (answered != null) {
      openBytes -= answered;
      var _ = takeShare();
    }
  }

  private static long size(HttpRequest request) {
    long size = 2L * request.uri().length();
    Iterator<Map.Entry<CharSequence, CharSequence>> fields =
        request.headers().iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      size += 2L * (field.getKey().length() + field.getValue().length()) + LINE_BYTES;
    }
    return size;
  }

  /** Takes the memory for what there is now. Answers whether there is room for it. */
  boolean takeShare() {
    long all = openBytes + partBytes;
    long share = all > HeadMemory.OWN_BYTES ? all : 0;
    if (share > taken) {
      if (!memory.shared().tryTake(share - taken)) {
        return false;
      }
    } else if (share < taken) {
      memory.shared().giveBack(taken - share);
    }
    taken = share;
    return true;
  }

  /** Whether what has come in part takes too long to come. */
  boolean isLate() {
    return isAwaited && memory.isLate(awaitedSinceNanos);
  }

  /** The connection is closed. */
  void end() {
    open.clear();
    openBytes = 0;
    partBytes = 0;
    var _ = takeShare();
  }
}
