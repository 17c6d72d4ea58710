package dev.mayfly.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How changes lie in memory and in a journal, one after the other, little-endian:
 *
 * <pre>
 *  0  length of the whole 4
 *  4  kind 1, flags 1, key length 2
 *  8  revision 8
 * 16  PUT: created 8, version 8, value length 4, then by flags: updated 8; deadline 8 and start of
 *     the lifespan 8; lease 8; how many older versions stay 4; length of the content type 2 and
 *     itself; token 8, created 8, deadline 8 of the lock, length of its owner 2 and itself; key;
 *     value
 *     REMOVE: time 8, kept until 8; key
 *     CLEAR_HISTORY: time 8; key
 * </pre>
 *
 * <p>Stateless.
 */
public final class ChangeCodec {
  /** Of a PUT: the key keeps history. */
  public static final int TRACKED = 1;

  /** Of a PUT: it made a version. */
  public static final int NEW_VALUE = 1 << 1;

  /** Of a PUT: metrics are kept of the key. */
  public static final int METRICS = 1 << 2;

  private static final int UPDATED = 1 << 3;
  private static final int LIFESPAN = 1 << 4;
  private static final int CONTENT_TYPE = 1 << 5;
  private static final int LOCK = 1 << 6;
  private static final int LEASE = 1 << 7;

  /** The bytes before what belongs to the kind. */
  public static final int HEAD_BYTES = 16;

  private static final int PUT_BYTES = HEAD_BYTES + 20;
  private static final int REMOVE_BYTES = HEAD_BYTES + 16;
  private static final int CLEAR_BYTES = HEAD_BYTES + 8;
  private static final byte[] NONE = new byte[0];

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private ChangeCodec() {}

  /**
   * What of a PUT comes before the key and the value.
   *
   * @param flags of {@link #TRACKED}, {@link #NEW_VALUE}, {@link #METRICS}
   * @param lease 0: none
   * @param contentType empty: none
   */
  public record PutHead(
      long revision,
      int flags,
      int keyLength,
      int valueLength,
      long createdMillis,
      long version,
      long updatedMillis,
      long deadlineMillis,
      long lifespanSetMillis,
      long lease,
      int olderVersionsMax,
      byte[] contentType,
      @Nullable Lock lock) {}

  /** How long a PUT is, the key and the value included. */
  public static int putBytes(PutHead put) {
    int bytes = PUT_BYTES + put.keyLength + put.valueLength;
    bytes += put.updatedMillis == 0 ? 0 : 8;
    bytes += put.deadlineMillis == 0 ? 0 : 16;
    bytes += put.lease == 0 ? 0 : 8;
    bytes += (put.flags & TRACKED) == 0 ? 0 : 4;
    bytes += put.contentType.length == 0 ? 0 : 2 + put.contentType.length;
    bytes += put.lock == null ? 0 : 26 + put.lock.owner().getBytes(StandardCharsets.UTF_8).length;
    return bytes;
  }

  /**
   * Writes a PUT but for its key and value.
   *
   * @param bytes what {@link #putBytes} gave
   * @return where the key belongs; the value follows it
   */
  public static int encodePut(byte[] into, int at, int bytes, PutHead put) {
    int flags = put.flags;
    flags |= put.updatedMillis == 0 ? 0 : UPDATED;
    flags |= put.deadlineMillis == 0 ? 0 : LIFESPAN;
    flags |= put.lease == 0 ? 0 : LEASE;
    flags |= put.contentType.length == 0 ? 0 : CONTENT_TYPE;
    flags |= put.lock == null ? 0 : LOCK;
    encodeHead(into, at, bytes, Change.Kind.PUT, flags, put.keyLength, put.revision);
    LONG.set(into, at + HEAD_BYTES, put.createdMillis);
    LONG.set(into, at + HEAD_BYTES + 8, put.version);
    INT.set(into, at + HEAD_BYTES + 16, put.valueLength);
    int to = at + PUT_BYTES;
    if (put.updatedMillis != 0) {
      LONG.set(into, to, put.updatedMillis);
      to += 8;
    }
    if (put.deadlineMillis != 0) {
      LONG.set(into, to, put.deadlineMillis);
      LONG.set(into, to + 8, put.lifespanSetMillis);
      to += 16;
    }
    if (put.lease != 0) {
      LONG.set(into, to, put.lease);
      to += 8;
    }
    if ((flags & TRACKED) != 0) {
      INT.set(into, to, put.olderVersionsMax);
      to += 4;
    }
    if (put.contentType.length != 0) {
      to = encodeText(into, to, put.contentType);
    }
    Lock lock = put.lock;
    if (lock != null) {
      LONG.set(into, to, lock.token());
      LONG.set(into, to + 8, lock.createdMillis());
      LONG.set(into, to + 16, lock.deadlineMillis());
      to = encodeText(into, to + 24, lock.owner().getBytes(StandardCharsets.UTF_8));
    }
    return to;
  }

  private static int encodeText(byte[] into, int at, byte[] text) {
    SHORT.set(into, at, (short) text.length);
    System.arraycopy(text, 0, into, at + 2, text.length);
    return at + 2 + text.length;
  }

  private static void encodeHead(
      byte[] into, int at, int bytes, Change.Kind kind, int flags, int keyLength, long revision) {
    INT.set(into, at, bytes);
    into[at + 4] = (byte) kind.number();
    into[at + 5] = (byte) flags;
    SHORT.set(into, at + 6, (short) keyLength);
    LONG.set(into, at + 8, revision);
  }

  /** How long a REMOVE is. */
  public static int removeBytes(int keyLength) {
    return REMOVE_BYTES + keyLength;
  }

  /** Writes a REMOVE. */
  public static void encodeRemove(
      byte[] into, int at, byte[] key, long revision, long timeMillis, long keptUntilMillis) {
    encodeHead(into, at, removeBytes(key.length), Change.Kind.REMOVE, 0, key.length, revision);
    LONG.set(into, at + HEAD_BYTES, timeMillis);
    LONG.set(into, at + HEAD_BYTES + 8, keptUntilMillis);
    System.arraycopy(key, 0, into, at + REMOVE_BYTES, key.length);
  }

  /** How long a CLEAR_HISTORY is. */
  public static int clearBytes(int keyLength) {
    return CLEAR_BYTES + keyLength;
  }

  /** Writes a CLEAR_HISTORY. */
  public static void encodeClear(byte[] into, int at, byte[] key, long revision, long timeMillis) {
    int bytes = clearBytes(key.length);
    encodeHead(into, at, bytes, Change.Kind.CLEAR_HISTORY, 0, key.length, revision);
    LONG.set(into, at + HEAD_BYTES, timeMillis);
    System.arraycopy(key, 0, into, at + CLEAR_BYTES, key.length);
  }

  /** How long the change at this place says it is. */
  public static int bytes(byte[] from, int at) {
    return (int) INT.get(from, at);
  }

  /** The revision of the change at this place. */
  public static long revision(byte[] from, int at) {
    return (long) LONG.get(from, at + 8);
  }

  /**
   * Reads the change at this place.
   *
   * @param limit where what may be read ends
   * @throws IllegalArgumentException when it is no change, or reaches beyond the limit
   */
  public static Change decode(byte[] from, int at, int limit) {
    int bytes = limit - at >= HEAD_BYTES ? bytes(from, at) : 0;
    if (bytes < HEAD_BYTES || bytes > limit - at) {
      throw new IllegalArgumentException(
          "change of %d bytes at %d: expected at most %d".formatted(bytes, at, limit - at));
    }
    Decoding decoding = new Decoding(from, at, at + bytes);
    return decoding.change();
  }

  /** One change that is being read. */
  private static final class Decoding {
    private final byte[] from;
    private final int end;
    private final int kind;
    private final int flags;
    private final int keyLength;
    private final long revision;
    private int at;

    Decoding(byte[] from, int at, int end) {
      this.from = from;
      this.end = end;
      kind = from[at + 4];
      flags = from[at + 5];
      keyLength = (short) SHORT.get(from, at + 6) & 0xFFFF;
      revision = ChangeCodec.revision(from, at);
      this.at = at + HEAD_BYTES;
    }

    Change change() {
      return switch (kind) {
        case 1 -> put();
        case 2 -> {
          long time = number();
          long kept = number();
          yield new Change(
              Change.Kind.REMOVE, revision, bytes(keyLength), time, kept, null, false, 0, false);
        }
        case 3 -> {
          long time = number();
          yield new Change(
              Change.Kind.CLEAR_HISTORY,
              revision,
              bytes(keyLength),
              time,
              0,
              null,
              false,
              0,
              false);
        }
        default -> throw new IllegalArgumentException("change of kind " + kind);
      };
    }

    private Change put() {
      long created = number();
      long version = number();
      int valueLength = (int) INT.get(from, require(4));
      long updated = has(UPDATED) ? number() : 0;
      long deadline = has(LIFESPAN) ? number() : 0;
      long set = has(LIFESPAN) ? number() : 0;
      long lease = has(LEASE) ? number() : 0;
      int older = has(TRACKED) ? (int) INT.get(from, require(4)) : 0;
      String type = has(CONTENT_TYPE) ? text() : null;
      Lock lock = null;
      if (has(LOCK)) {
        long token = number();
        long lockCreated = number();
        long lockDeadline = number();
        lock = new Lock(text(), token, lockCreated, lockDeadline);
      }
      byte[] key = bytes(keyLength);
      byte[] value = bytes(valueLength);
      SavedEntry entry =
          new SavedEntry(
              key,
              value,
              revision,
              version,
              created,
              updated,
              deadline,
              set,
              lease,
              type,
              has(TRACKED),
              false,
              lock,
              null,
              List.of());
      return new Change(
          Change.Kind.PUT, revision, key, 0, 0, entry, has(NEW_VALUE), older, has(METRICS));
    }

    private boolean has(int flag) {
      return (flags & flag) != 0;
    }

    private int require(int bytes) {
      int place = at;
      if (bytes < 0 || bytes > end - place) {
        throw new IllegalArgumentException(
            "change with %d bytes left: expected %d more".formatted(end - place, bytes));
      }
      at = place + bytes;
      return place;
    }

    private long number() {
      return (long) LONG.get(from, require(8));
    }

    private String text() {
      int length = (short) SHORT.get(from, require(2)) & 0xFFFF;
      return new String(from, require(length), length, StandardCharsets.UTF_8);
    }

    private byte[] bytes(int length) {
      if (length == 0) {
        return NONE;
      }
      int place = require(length);
      byte[] bytes = new byte[length];
      System.arraycopy(from, place, bytes, 0, length);
      return bytes;
    }
  }
}
