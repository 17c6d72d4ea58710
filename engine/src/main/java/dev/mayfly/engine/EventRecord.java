package dev.mayfly.engine;

import dev.mayfly.engine.memory.Region;
import dev.mayfly.store.Decision;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one mutation's events lie in the ring, little-endian, from an offset divisible by eight:
 *
 * <pre>
 *  0  length of the record in units of eight bytes, 4 bytes
 *  4  kinds of the events, four bits each from the lowest on, their number in the highest four
 *  8  revision, 8 bytes
 * 16  time, 8 bytes
 * 24  version, 8 bytes
 * 32  length of the value, 4 bytes; the highest bit: it is not kept
 * 36  length of the key, 2 bytes, unsigned
 * 38  length of the client id, 2 bytes
 * 40  length of the content type, 2 bytes; 65535: none
 * 42  client id, content type, key, value
 * </pre>
 */
final class EventRecord {
  /** The client id follows here. */
  static final int HEADER_BYTES = 42;

  private static final int KINDS_AT = 4;
  private static final int REVISION_AT = 8;
  private static final int TIME_AT = 16;
  private static final int VERSION_AT = 24;
  private static final int VALUE_LENGTH_AT = 32;
  private static final int KEY_LENGTH_AT = 36;
  private static final int CLIENT_LENGTH_AT = 38;
  private static final int CONTENT_TYPE_LENGTH_AT = 40;

  private static final int COUNT_SHIFT = 28;
  private static final int VALUE_ABSENT = 1 << 31;
  private static final int NO_CONTENT_TYPE = 0xFFFF;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private EventRecord() {}

  /** The kinds of the decision's events, as the record keeps them. */
  static int kinds(Decision decision) {
    return decision.eventKinds() | decision.eventCount() << COUNT_SHIFT;
  }

  /** Writes all but key and value; returns where the key begins. */
  static long writeHeader(Region ring, Claim claim, int kinds, long timeMillis, long version) {
    long at = claim.offset;
    int clientLength = claim.client.length;
    int typeLength = claim.contentType.length;
    ring.putLong(at, (claim.units & 0xFFFFFFFFL) | (long) kinds << 32);
    ring.putLong(at + REVISION_AT, claim.revision);
    ring.putLong(at + TIME_AT, timeMillis);
    ring.putLong(at + VERSION_AT, version);
    long lengths = claim.isValueKept ? claim.valueLength : claim.valueLength | VALUE_ABSENT;
    ring.putLong(
        at + VALUE_LENGTH_AT,
        (lengths & 0xFFFFFFFFL) | (long) claim.keyLength << 32 | (long) clientLength << 48);
    ring.putShort(
        at + CONTENT_TYPE_LENGTH_AT, (short) (claim.hasContentType ? typeLength : NO_CONTENT_TYPE));
    long to = at + HEADER_BYTES;
    ring.copyIn(claim.client, 0, to, clientLength);
    if (typeLength > 0) {
      ring.copyIn(claim.contentType, 0, to + clientLength, typeLength);
    }
    return to + clientLength + typeLength;
  }

  /** The length in units that the record at this place tells. */
  static int units(Region ring, long offset) {
    return ring.getInt(offset);
  }

  static long revision(byte[] record) {
    return (long) LONG.get(record, REVISION_AT);
  }

  static int eventCount(byte[] record) {
    return (int) INT.get(record, KINDS_AT) >>> COUNT_SHIFT;
  }

  /** Hands over the events of a record that was copied out and is known to be whole. */
  static void decode(byte[] record, TextMemory texts, Consumer<Event> sink) {
    int count = eventCount(record);
    if (count == 0) {
      return;
    }
    int kinds = (int) INT.get(record, KINDS_AT);
    long revision = revision(record);
    long timeMillis = (long) LONG.get(record, TIME_AT);
    long version = (long) LONG.get(record, VERSION_AT);
    int valueWord = (int) INT.get(record, VALUE_LENGTH_AT);
    int keyLength = unsignedShort(record, KEY_LENGTH_AT);
    int clientLength = unsignedShort(record, CLIENT_LENGTH_AT);
    int typeLength = unsignedShort(record, CONTENT_TYPE_LENGTH_AT);

    int at = HEADER_BYTES;
    String client = texts.client(record, at, clientLength);
    at += clientLength;
    String contentType = null;
    if (typeLength != NO_CONTENT_TYPE) {
      contentType = new String(record, at, typeLength, StandardCharsets.UTF_8);
      at += typeLength;
    }
    byte[] key = Arrays.copyOfRange(record, at, at + keyLength);
    at += keyLength;
    int valueLength = valueWord & ~VALUE_ABSENT;
    byte[] value = valueWord < 0 ? null : Arrays.copyOfRange(record, at, at + valueLength);
    for (int i = 0; i < count; i++) {
      EventKind kind = EventKind.of((kinds >>> (4 * i)) & 0xF);
      sink.accept(
          new Event(
              revision,
              i,
              kind,
              key,
              timeMillis,
              client,
              version,
              contentType,
              valueLength,
              value));
    }
  }

  private static int unsignedShort(byte[] record, int at) {
    return (short) SHORT.get(record, at) & 0xFFFF;
  }

  /** The client id of the record before: most often it is that of the next one, too. */
  static final class TextMemory {
    private byte[] bytes = new byte[0];
    private @Nullable String text;

    String client(byte[] record, int at, int length) {
      String last = text;
      if (last != null && Arrays.equals(bytes, 0, bytes.length, record, at, at + length)) {
        return last;
      }
      bytes = Arrays.copyOfRange(record, at, at + length);
      String next = new String(bytes, StandardCharsets.UTF_8);
      text = next;
      return next;
    }
  }
}
