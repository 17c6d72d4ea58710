package dev.mayfly.engine;

import dev.mayfly.engine.memory.Region;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The head of an entry's record, decoded: what precedes the key and the value in native memory.
 *
 * <p>Layout, little-endian, offsets in bytes; a record begins at a multiple of 4:
 *
 * <pre>
 *  0  modification revision 6, key length 2
 *  8  created 6, version 2 (its low part)
 * 16  flags 2
 * 18  value length 4
 * 22  EXPIRES:       deadline 6, or the number of a lease with the top bit set; wheel link back 4
 *                    (at 28), wheel link on 4 (at 32)
 *     UPDATED:       updated 6
 *     LIFESPAN_SET:  start of the lifespan 6; absent: when the value last changed
 *     WIDE_VERSION:  version's high part 6
 *     METRICS:       reference of the metrics record 4
 *     HISTORY:       reference of the newest older version 4
 *     CONTENT_TYPE:  length 1, bytes
 *     key, value
 * </pre>
 *
 * <p>A field that is absent costs nothing. A reader without the lock may load garbage: loading
 * never fails, and what it gives is used only after the shard's sequence has been checked. Mutable,
 * confined to one thread; owns nothing.
 */
final class RecordHeader {
  static final int EXPIRES = 1;
  static final int UPDATED = 1 << 1;
  static final int LIFESPAN_SET = 1 << 2;
  static final int WIDE_VERSION = 1 << 3;
  static final int METRICS = 1 << 4;
  static final int HISTORY = 1 << 5;
  static final int CONTENT_TYPE = 1 << 6;
  static final int LOCKED = 1 << 7;
  static final int TRACKED = 1 << 8;
  static final int TOMBSTONE = 1 << 9;

  /** What an entry has beside its value and times. */
  static final int ATTACHED = METRICS | HISTORY | CONTENT_TYPE | LOCKED | TRACKED | TOMBSTONE;

  static final int CONTENT_TYPE_BYTES_MAX = 255;

  private static final int FIXED = 22;

  /** In the place of a deadline: the rest is the number of a lease, whose deadline it is. */
  private static final long LEASED = 1L << 47;

  private static final int DEADLINE = 22;
  private static final int LINK_BACK = 28;
  private static final int LINK_ON = 32;
  private static final int SIZED_FLAGS = CONTENT_TYPE - 1;
  private static final byte[] NONE = new byte[0];

  /** The bytes that the optional fields of fixed size take, by flags. */
  private static final byte[] SIZES = new byte[CONTENT_TYPE];

  static {
    int[] sizes = {14, 6, 6, 6, 4, 4};
    for (int flags = 0; flags < SIZES.length; flags++) {
      for (int bit = 0; bit < sizes.length; bit++) {
        SIZES[flags] += (byte) ((flags >>> bit & 1) * sizes[bit]);
      }
    }
  }

  private final LeaseTable leases;
  long revision;
  int keyLength;
  long createdMillis;
  long version;
  int flags;
  int valueLength;
  long deadlineMillis;
  long lease;
  long updatedMillis;
  long lifespanSetMillis;
  int metricsRef;
  int historyRef;
  byte[] contentType = NONE;

  /** An empty head of a store with these leases. */
  RecordHeader(LeaseTable leases) {
    this.leases = leases;
  }

  /** As of a new entry. */
  void clear(int keyLength, long nowMillis) {
    revision = 0;
    this.keyLength = keyLength;
    createdMillis = nowMillis;
    version = 0;
    flags = 0;
    valueLength = 0;
    deadlineMillis = 0;
    lease = 0;
    updatedMillis = 0;
    lifespanSetMillis = 0;
    metricsRef = 0;
    historyRef = 0;
    contentType = NONE;
  }

  /** As that one. */
  void copy(RecordHeader other) {
    revision = other.revision;
    keyLength = other.keyLength;
    createdMillis = other.createdMillis;
    version = other.version;
    flags = other.flags;
    valueLength = other.valueLength;
    deadlineMillis = other.deadlineMillis;
    lease = other.lease;
    updatedMillis = other.updatedMillis;
    lifespanSetMillis = other.lifespanSetMillis;
    metricsRef = other.metricsRef;
    historyRef = other.historyRef;
    contentType = other.contentType;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  void set(int flag, boolean on) {
    flags = on ? flags | flag : flags & ~flag;
  }

  long lifespanMillis() {
    return deadlineMillis == 0 ? 0 : deadlineMillis - lifespanSetMillis;
  }

  @Nullable String contentTypeText() {
    return has(CONTENT_TYPE) ? new String(contentType, StandardCharsets.UTF_8) : null;
  }

  void contentType(@Nullable String text) {
    contentType = text == null ? NONE : text.getBytes(StandardCharsets.UTF_8);
    set(CONTENT_TYPE, text != null);
  }

  /** Sets the flags of the optional fields from the values of the fields. */
  void settle() {
    set(EXPIRES, deadlineMillis != 0);
    set(UPDATED, updatedMillis != 0);
    set(LIFESPAN_SET, deadlineMillis != 0 && lifespanSetMillis != changedMillis());
    set(WIDE_VERSION, version > 0xFFFF);
    set(METRICS, metricsRef != 0);
    set(HISTORY, historyRef != 0);
  }

  private long changedMillis() {
    return updatedMillis != 0 ? updatedMillis : createdMillis;
  }

  /** Where the key begins, from the record's beginning. */
  int keyOffset() {
    int head = FIXED + SIZES[flags & SIZED_FLAGS];
    return has(CONTENT_TYPE) ? head + 1 + contentType.length : head;
  }

  /** Where the value begins. */
  int valueOffset() {
    return keyOffset() + keyLength;
  }

  /** The whole record. */
  int recordBytes() {
    return valueOffset() + valueLength;
  }

  /** Whether a record of this header has its key and value where a record of that one has them. */
  boolean isLaidOutAs(RecordHeader other) {
    int sized = SIZED_FLAGS | CONTENT_TYPE;
    return (flags & sized) == (other.flags & sized)
        && contentType.length == other.contentType.length;
  }

  void load(Region region, long at) {
    long word = region.getLong(at);
    revision = word & 0xFFFF_FFFF_FFFFL;
    keyLength = (int) (word >>> 48);
    word = region.getLong(at + 8);
    createdMillis = word & 0xFFFF_FFFF_FFFFL;
    version = word >>> 48;
    flags = region.getShort(at + 16) & 0xFFFF;
    valueLength = region.getInt(at + 18);
    lease = 0;
    deadlineMillis = has(EXPIRES) ? region.getLong48(at + DEADLINE) : 0;
    if (deadlineMillis >= LEASED) {
      lease = deadlineMillis - LEASED;
      deadlineMillis = leases.deadlineMillis(lease);
    }
    loadRare(region, at);
  }

  private void loadRare(Region region, long at) {
    updatedMillis = has(UPDATED) ? region.getLong48(at + offset(UPDATED)) : 0;
    if (deadlineMillis == 0) {
      lifespanSetMillis = 0;
    } else {
      lifespanSetMillis =
          has(LIFESPAN_SET) ? region.getLong48(at + offset(LIFESPAN_SET)) : changedMillis();
    }
    if (has(WIDE_VERSION)) {
      version |= region.getLong48(at + offset(WIDE_VERSION)) << 16;
    }
    metricsRef = has(METRICS) ? region.getInt(at + offset(METRICS)) : 0;
    historyRef = has(HISTORY) ? region.getInt(at + offset(HISTORY)) : 0;
    contentType = NONE;
    if (has(CONTENT_TYPE)) {
      long field = at + FIXED + SIZES[flags & SIZED_FLAGS];
      contentType = new byte[region.getByte(field) & 0xFF];
      region.copyOut(field + 1, contentType, 0, contentType.length);
    }
  }

  /** Writes the head, but not the wheel's links: they belong to the wheel. */
  void store(Region region, long at) {
    region.putLong(at, revision | (long) keyLength << 48);
    region.putLong(at + 8, createdMillis | version << 48);
    region.putShort(at + 16, (short) flags);
    region.putInt(at + 18, valueLength);
    if (has(EXPIRES)) {
      region.putLong48(at + DEADLINE, lease == 0 ? deadlineMillis : lease + LEASED);
    }
    if (has(UPDATED)) {
      region.putLong48(at + offset(UPDATED), updatedMillis);
    }
    if (has(LIFESPAN_SET)) {
      region.putLong48(at + offset(LIFESPAN_SET), lifespanSetMillis);
    }
    if (has(WIDE_VERSION)) {
      region.putLong48(at + offset(WIDE_VERSION), version >>> 16);
    }
    if (has(METRICS)) {
      region.putInt(at + offset(METRICS), metricsRef);
    }
    if (has(HISTORY)) {
      region.putInt(at + offset(HISTORY), historyRef);
    }
    if (has(CONTENT_TYPE)) {
      long field = at + FIXED + SIZES[flags & SIZED_FLAGS];
      region.putByte(field, (byte) contentType.length);
      region.copyIn(contentType, 0, field + 1, contentType.length);
    }
  }

  private int offset(int flag) {
    return FIXED + SIZES[flags & (flag - 1)];
  }

  // Single fields of a record, without loading the rest.

  static int keyLength(Region region, long at) {
    return region.getShort(at + 6) & 0xFFFF;
  }

  static int flags(Region region, long at) {
    return region.getShort(at + 16) & 0xFFFF;
  }

  static long deadlineMillis(Region region, long at, LeaseTable leases) {
    long deadline = region.getLong48(at + DEADLINE);
    return deadline < LEASED ? deadline : leases.deadlineMillis(deadline - LEASED);
  }

  /** Where the key of the record begins. */
  static int keyOffset(Region region, long at) {
    int flags = flags(region, at);
    int head = FIXED + SIZES[flags & SIZED_FLAGS];
    return (flags & CONTENT_TYPE) == 0 ? head : head + 1 + (region.getByte(at + head) & 0xFF);
  }

  static int linkBack(Region region, long at) {
    return region.getInt(at + LINK_BACK);
  }

  static void linkBack(Region region, long at, int value) {
    region.putInt(at + LINK_BACK, value);
  }

  static int linkOn(Region region, long at) {
    return region.getInt(at + LINK_ON);
  }

  static void linkOn(Region region, long at, int value) {
    region.putInt(at + LINK_ON, value);
  }

  /** Copies both links of the wheel from one record to another. */
  static void copyLinks(Region region, long from, long to) {
    region.move(from + LINK_BACK, to + LINK_BACK, 8);
  }

  /**
   * Empties the field of older versions, which keeps its place until the record is next written.
   */
  static void clearHistory(Region region, long at) {
    int flags = flags(region, at);
    region.putInt(at + FIXED + SIZES[flags & (HISTORY - 1)], 0);
  }

  /** Makes a record that is about to be freed differ from every live one. */
  static void erase(Region region, long at) {
    region.putLong(at, 0);
  }
}
