package dev.mayfly.counter;

import dev.mayfly.store.Counters;
import dev.mayfly.store.Limit;
import dev.mayfly.store.Limits;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TakeRequest.Mode;
import dev.mayfly.store.TakeResult;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a frame, does its operations in order, and writes the reply.
 *
 * <p>What is marked as a reply is never answered. Where a secret is set, nothing is done for frames
 * that are not signed with it, or that were seen before. Confined to one thread; it owns the reply,
 * which each call overwrites.
 */
final class FrameCodec {
  /** There is no reply. */
  static final int NO_REPLY = 0;

  private static final byte[] EMPTY = {};

  private final Counters counters;
  private final Limits limits;
  private final ReplayWindow replays;
  private final @Nullable FrameSigner signer;
  private final FrameInput input = new FrameInput();
  private final FrameOutput output = new FrameOutput();
  private final NameBuffers namespaces = new NameBuffers();
  private final NameBuffers keys = new NameBuffers();
  private final NameBuffers names = new NameBuffers();
  private byte[] namespace = EMPTY;

  FrameCodec(Counters counters, Limits limits, Secret secret, ReplayWindow replays) {
    this.counters = counters;
    this.limits = limits;
    this.replays = replays;
    signer = secret.isNone() ? null : new FrameSigner(secret);
  }

  /** The reply, if there is one. */
  byte[] reply() {
    return output.bytes();
  }

  /**
   * Does what a frame asks.
   *
   * @param length how many bytes of the array are the frame, its head whole or not
   * @param replyMax the longest reply
   * @return the reply's length, or {@link #NO_REPLY}
   */
  int answer(byte[] frame, int length, int replyMax, long nowMillis) {
    if (length < Frame.HEAD
        || !Frame.begins(frame, length)
        || frame[2] != Frame.VERSION
        || FrameInput.fixed(frame, Frame.LENGTH, 2) != length
        || (frame[Frame.FLAGS] & Frame.REPLY) != 0) {
      return NO_REPLY;
    }
    boolean signed = (frame[Frame.FLAGS] & Frame.SIGNED) != 0;
    boolean quiet = (frame[Frame.FLAGS] & Frame.QUIET) != 0;
    int refusal = refusal(frame, length, signed, nowMillis);
    if (refusal != Frame.OK) {
      return quiet ? NO_REPLY : refuse(frame, refusal, replyMax);
    }
    int head = signed ? Frame.SIGNED_HEAD : Frame.HEAD;
    int code = signed ? Frame.CODE_BYTES : 0;
    input.wrap(frame, head, length - code);
    output.begin(head, Math.min(replyMax, Frame.LENGTH_MAX) - code);
    int results = execute((int) FrameInput.fixed(frame, Frame.OPERATIONS, 2), nowMillis);
    return quiet ? NO_REPLY : finish(frame, head, results, signed, replyMax);
  }

  private int refusal(byte[] frame, int length, boolean signed, long nowMillis) {
    if (signer == null) {
      return signed ? Frame.UNAUTHENTICATED : Frame.OK;
    }
    int body = length - Frame.CODE_BYTES;
    if (!signed || body < Frame.SIGNED_HEAD || !signer.accepts(frame, body)) {
      return Frame.UNAUTHENTICATED;
    }
    boolean fresh =
        replays.accept(
            FrameInput.fixed(frame, Frame.SESSION, Long.BYTES),
            FrameInput.fixed(frame, Frame.SEQUENCE, Long.BYTES),
            FrameInput.fixed(frame, Frame.TIMESTAMP, Long.BYTES),
            nowMillis);
    return fresh ? Frame.OK : Frame.STALE;
  }

  /** No results, and why; never signed. */
  private int refuse(byte[] frame, int status, int replyMax) {
    output.begin(Frame.HEAD, replyMax);
    output.putByte(status);
    if (output.isOverflown()) {
      return NO_REPLY;
    }
    return finish(frame, Frame.HEAD, 0, false, replyMax);
  }

  private int finish(byte[] frame, int head, int results, boolean signed, int replyMax) {
    byte[] reply = output.bytes();
    System.arraycopy(frame, 0, reply, 0, head);
    int flags = Frame.REPLY | (signed ? Frame.SIGNED : 0);
    reply[Frame.FLAGS] = (byte) (flags | (output.isOverflown() ? Frame.TRUNCATED : 0));
    int length = output.length() + (signed ? Frame.CODE_BYTES : 0);
    if (length > replyMax) {
      return NO_REPLY;
    }
    FrameOutput.putFixed(reply, Frame.LENGTH, 2, length);
    FrameOutput.putFixed(reply, Frame.OPERATIONS, 2, results);
    if (signed && signer != null) {
      signer.sign(reply, output.length());
    }
    return length;
  }

  /** Returns how many results were written whole. */
  private int execute(int operations, long nowMillis) {
    namespace = EMPTY;
    int results = 0;
    for (int i = 0; i < operations; i++) {
      int before = output.length();
      int told;
      try {
        told = executeOne(nowMillis);
      } catch (MayflyException e) {
        output.cutTo(before);
        output.putByte(CounterErrors.status(e.code()));
        told = 1;
      } catch (FrameInput.MalformedException e) {
        output.cutTo(before);
        output.putByte(Frame.MALFORMED);
        return output.isOverflown() ? results : results + 1;
      }
      if (output.isOverflown()) {
        output.cutTo(Math.min(before, output.length()));
      } else {
        results += told;
      }
    }
    return results;
  }

  /** Returns how many results it has: one, or none. */
  private int executeOne(long nowMillis) {
    int operation = input.unsignedByte();
    switch (operation) {
      case Frame.NAMESPACE -> {
        namespace = input.bytes(namespaces);
        return 0;
      }
      case Frame.HIT -> number(counters.hit(namespace, key(), 1, nowMillis));
      case Frame.HIT_MANY -> {
        long times = input.varint();
        number(counters.hit(namespace, key(), times, nowMillis));
      }
      case Frame.COUNT -> number(counters.count(namespace, key(), nowMillis));
      case Frame.COUNT_NAMESPACE -> number(counters.countNamespace(namespace, nowMillis));
      case Frame.COUNT_ALL -> number(counters.countAll(nowMillis));
      case Frame.TAKE, Frame.TAKE_NAMED -> take(operation, nowMillis);
      case Frame.RELEASE -> {
        long lease = input.fixed64();
        number(limits.release(namespace, key(), lease, nowMillis) ? 1 : 0);
      }
      default -> throw new FrameInput.MalformedException();
    }
    return 1;
  }

  private byte[] key() {
    return input.bytes(keys);
  }

  private void take(int operation, long nowMillis) {
    Mode mode =
        switch (input.unsignedByte()) {
          case 0 -> Mode.TAKE;
          case 1 -> Mode.PEEK;
          case 2 -> Mode.SHADOW;
          default -> throw new FrameInput.MalformedException();
        };
    long quantity = input.varint();
    // The whole operation is read before anything is refused: the next one begins behind it.
    byte[] name = operation == Frame.TAKE_NAMED ? input.bytes(names) : EMPTY;
    long[] terms = operation == Frame.TAKE ? terms() : new long[0];
    byte[] key = key();
    Limit limit =
        operation == Frame.TAKE
            ? new Limit(kind((int) terms[0]), terms[1], terms[2], terms[3])
            : limits.named(new String(name, StandardCharsets.UTF_8));
    TakeResult result =
        limits.take(new TakeRequest(namespace, key, quantity, limit, mode), nowMillis);
    output.putByte(Frame.OK);
    boolean leased = result.lease() != 0;
    output.putByte(
        (result.allowed() ? Frame.ALLOWED : 0)
            | (result.exceeded() ? Frame.EXCEEDED : 0)
            | (leased ? Frame.LEASED : 0));
    output.putVarint(result.limit());
    output.putVarint(result.remaining());
    output.putVarint(result.retryAfterMillis() - TakeResult.NEVER);
    output.putVarint(result.resetAfterMillis());
    if (leased) {
      output.putFixed64(result.lease());
    }
  }

  private long[] terms() {
    return new long[] {input.unsignedByte(), input.varint(), input.varint(), input.varint()};
  }

  private static Limit.Kind kind(int number) {
    return switch (number) {
      case 0 -> Limit.Kind.SLIDING_WINDOW;
      case 1 -> Limit.Kind.GCRA;
      case 2 -> Limit.Kind.TOKEN_BUCKET;
      case 3 -> Limit.Kind.CONCURRENCY;
      default -> throw new FrameInput.MalformedException();
    };
  }

  private void number(long value) {
    output.putByte(Frame.OK);
    output.putVarint(value);
  }
}
