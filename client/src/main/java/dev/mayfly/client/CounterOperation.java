package dev.mayfly.client;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * One operation on counters or limits, as it stands in a frame, and how its result is read.
 *
 * <p>Immutable; safe for concurrent use. Arrays handed in are copied into it.
 *
 * @param <T> what comes back
 */
public final class CounterOperation<T> {
  /** What a take does beyond deciding. */
  public enum Mode {
    /** It uses what it asks for, if that is allowed. */
    TAKE(0),
    /** It only tells what a take would be answered. */
    PEEK(1),
    /** Like a take, but allowed in any case. */
    SHADOW(2);

    private final int number;

    Mode(int number) {
      this.number = number;
    }
  }

  private static final int HIT = 2;
  private static final int HIT_MANY = 3;
  private static final int COUNT = 4;
  private static final int COUNT_NAMESPACE = 5;
  private static final int COUNT_ALL = 6;
  private static final int TAKE = 7;
  private static final int TAKE_NAMED = 8;
  private static final int RELEASE = 9;

  /** Status and the longest number. */
  private static final int NUMBER_RESULT_MAX = 1 + 9;

  /** Status, flags, four of the longest numbers, lease. */
  private static final int TAKE_RESULT_MAX = 2 + 4 * 9 + 8;

  private final byte[] namespace;
  private final byte[] body;
  private final int resultMax;
  private final Function<FrameReader, T> reader;

  private CounterOperation(
      byte[] namespace, FrameWriter body, int resultMax, Function<FrameReader, T> reader) {
    this.namespace = namespace.clone();
    this.body = body.toBytes();
    this.resultMax = resultMax;
    this.reader = reader;
  }

  /** Counts so many events of a key, now; gives how many are live then. */
  public static CounterOperation<Long> hit(byte[] namespace, byte[] key, long times) {
    if (times < 1) {
      throw new IllegalArgumentException("times " + times + ": expected at least 1");
    }
    FrameWriter body = new FrameWriter(key.length + 8);
    if (times == 1) {
      body.putByte(HIT).putName(key);
    } else {
      body.putByte(HIT_MANY).putVarint(times).putName(key);
    }
    return number(namespace, body);
  }

  /** How many events of a key are live. */
  public static CounterOperation<Long> count(byte[] namespace, byte[] key) {
    return number(namespace, new FrameWriter(key.length + 4).putByte(COUNT).putName(key));
  }

  /** How many events of all keys of a namespace are live. */
  public static CounterOperation<Long> countNamespace(byte[] namespace) {
    return number(namespace, new FrameWriter(1).putByte(COUNT_NAMESPACE));
  }

  /** How many events are live in the whole server. */
  public static CounterOperation<Long> countAll() {
    return number(new byte[0], new FrameWriter(1).putByte(COUNT_ALL));
  }

  /** Asks a limit, whose terms come with the question. */
  public static CounterOperation<LimitDecision> take(
      byte[] namespace, byte[] key, long quantity, LimitTerms terms, Mode mode) {
    requireQuantity(quantity);
    FrameWriter body =
        new FrameWriter(key.length + 32)
            .putByte(TAKE)
            .putByte(mode.number)
            .putVarint(quantity)
            .putByte(terms.kind().number())
            .putVarint(requirePositive("limit", terms.quantity()))
            .putVarint(requirePositive("period", terms.period().toMillis()))
            .putVarint(Math.max(0, terms.burst()))
            .putName(key);
    return new CounterOperation<>(namespace, body, TAKE_RESULT_MAX, LimitDecision::read);
  }

  /** Asks a limit that has a name on the server. */
  public static CounterOperation<LimitDecision> take(
      byte[] namespace, byte[] key, long quantity, String limit, Mode mode) {
    requireQuantity(quantity);
    FrameWriter body =
        new FrameWriter(key.length + limit.length() + 16)
            .putByte(TAKE_NAMED)
            .putByte(mode.number)
            .putVarint(quantity)
            .putName(limit.getBytes(StandardCharsets.UTF_8))
            .putName(key);
    return new CounterOperation<>(namespace, body, TAKE_RESULT_MAX, LimitDecision::read);
  }

  /** Gives back what a take of a concurrency limit holds; false if it is not held any more. */
  public static CounterOperation<Boolean> release(byte[] namespace, byte[] key, long lease) {
    FrameWriter body =
        new FrameWriter(key.length + 16).putByte(RELEASE).putFixed(Long.BYTES, lease).putName(key);
    return new CounterOperation<>(namespace, body, NUMBER_RESULT_MAX, in -> in.varint() == 1);
  }

  private static CounterOperation<Long> number(byte[] namespace, FrameWriter body) {
    return new CounterOperation<>(namespace, body, NUMBER_RESULT_MAX, FrameReader::varint);
  }

  private static void requireQuantity(long quantity) {
    requirePositive("quantity", quantity);
  }

  private static long requirePositive(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s %d: expected at least 1".formatted(what, value));
    }
    return value;
  }

  byte[] namespace() {
    return namespace;
  }

  byte[] body() {
    return body;
  }

  /** The longest result, its status included. */
  int resultMax() {
    return resultMax;
  }

  /**
   * Reads the result.
   *
   * @throws CounterException if the server refused it
   * @throws FrameReader.MalformedException if it is none
   */
  T read(FrameReader in) {
    int status = in.unsignedByte();
    if (status != 0) {
      throw CounterException.ofStatus(status);
    }
    return reader.apply(in);
  }
}
