package dev.mayfly.engine;

import dev.mayfly.engine.memory.RecordHeap;
import dev.mayfly.engine.memory.Region;
import dev.mayfly.store.Decision;
import dev.mayfly.store.PastValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The older versions of values of one shard: for each key a chain in native memory, newest first.
 *
 * <p>Layout of a link: next 4, length of the chain from here on 4, revision 6, length of the
 * content type 2, time 6, version 6, value length 4, content type, value.
 *
 * <p>Confined to whoever holds the shard's lock. Dropping a chain costs its length.
 */
final class History {
  private static final int COUNT = 4;
  private static final int REVISION = 8;
  private static final int TYPE_LENGTH = 14;
  private static final int TIME = 16;
  private static final int VERSION = 22;
  private static final int VALUE_LENGTH = 28;
  private static final int HEAD = 32;

  private final Region region;
  private final RecordHeap heap;
  private final int historyMax;
  private long versions;

  /**
   * @param historyMax how many versions of a key are kept, the current one included, where a
   *     decision does not say; -1: all
   */
  History(Region region, RecordHeap heap, int historyMax) {
    this.region = region;
    this.heap = heap;
    this.historyMax = historyMax;
  }

  /** How many older versions stay when this gives an entry a new value. */
  int olderVersionsMax(Decision decision) {
    int kept = decision.isTracked() ? decision.historyMax() : historyMax;
    return kept < 0 ? Integer.MAX_VALUE : kept - 1;
  }

  /** How many older versions there are. */
  long versions() {
    return versions;
  }

  /** The bytes that keeping this record's value would take. */
  static int bytesFor(RecordHeader header) {
    return HEAD + header.contentType.length + header.valueLength;
  }

  /** The bytes that a version of such lengths takes. */
  static int bytesFor(int contentTypeLength, int valueLength) {
    return HEAD + contentTypeLength + valueLength;
  }

  /** Room for a link; to be filled by {@link #push}. */
  int allocate(RecordHeader header) {
    return heap.allocate(bytesFor(header));
  }

  /** Fills the link with the value of the record and puts it before the record's chain. */
  void push(int ref, RecordHeader header, Region records, long recordAt) {
    long at = RecordHeap.offset(ref);
    region.putInt(at, header.historyRef);
    region.putInt(at + COUNT, length(header.historyRef) + 1);
    region.putLong48(at + REVISION, header.revision);
    region.putShort(at + TYPE_LENGTH, (short) header.contentType.length);
    long time = header.updatedMillis != 0 ? header.updatedMillis : header.createdMillis;
    region.putLong48(at + TIME, time);
    region.putLong48(at + VERSION, header.version);
    region.putInt(at + VALUE_LENGTH, header.valueLength);
    region.copyIn(header.contentType, 0, at + HEAD, header.contentType.length);
    records.copyTo(
        recordAt + header.valueOffset(),
        region,
        at + HEAD + header.contentType.length,
        header.valueLength);
    versions++;
  }

  /** Fills the link with a version from elsewhere and puts it before a chain. */
  void push(int ref, int chain, PastValue past, byte[] contentType) {
    long at = RecordHeap.offset(ref);
    region.putInt(at, chain);
    region.putInt(at + COUNT, length(chain) + 1);
    region.putLong48(at + REVISION, past.revision());
    region.putShort(at + TYPE_LENGTH, (short) contentType.length);
    region.putLong48(at + TIME, past.timeMillis());
    region.putLong48(at + VERSION, past.version());
    region.putInt(at + VALUE_LENGTH, past.value().length);
    region.copyIn(contentType, 0, at + HEAD, contentType.length);
    region.copyIn(past.value(), 0, at + HEAD + contentType.length, past.value().length);
    versions++;
  }

  /** Copies a whole chain, newest first. */
  void readAll(int ref, List<PastValue> into) {
    for (int link = ref; link != 0; link = region.getInt(RecordHeap.offset(link))) {
      into.add(version(link));
    }
  }

  /** How many links a chain has. */
  int length(int ref) {
    return ref == 0 ? 0 : region.getInt(RecordHeap.offset(ref) + COUNT);
  }

  /**
   * Cuts a chain after so many links.
   *
   * @return the reference of what is left
   */
  int trim(int ref, int linksMax) {
    if (linksMax <= 0) {
      drop(ref);
      return 0;
    }
    int length = length(ref);
    if (length <= linksMax) {
      return ref;
    }
    int last = ref;
    for (int i = 1; i <= linksMax; i++) {
      long at = RecordHeap.offset(last);
      region.putInt(at + COUNT, linksMax - i + 1);
      if (i < linksMax) {
        last = region.getInt(at);
      }
    }
    long at = RecordHeap.offset(last);
    drop(region.getInt(at));
    region.putInt(at, 0);
    return ref;
  }

  /** Frees a chain. */
  void drop(int ref) {
    int link = ref;
    while (link != 0) {
      int next = region.getInt(RecordHeap.offset(link));
      heap.free(link);
      versions--;
      link = next;
    }
  }

  /** The link that holds this version; 0 when there is none. */
  private int find(int ref, long version) {
    int link = ref;
    while (link != 0 && region.getLong48(RecordHeap.offset(link) + VERSION) > version) {
      link = region.getInt(RecordHeap.offset(link));
    }
    return link != 0 && region.getLong48(RecordHeap.offset(link) + VERSION) == version ? link : 0;
  }

  /** The value of this version, or null. */
  @Nullable PastValue read(int ref, long version) {
    int link = find(ref, version);
    return link == 0 ? null : version(link);
  }

  private PastValue version(int link) {
    long at = RecordHeap.offset(link);
    byte[] type = new byte[region.getShort(at + TYPE_LENGTH) & 0xFFFF];
    region.copyOut(at + HEAD, type, 0, type.length);
    byte[] value = new byte[region.getInt(at + VALUE_LENGTH)];
    region.copyOut(at + HEAD + type.length, value, 0, value.length);
    return new PastValue(
        value,
        type.length == 0 ? null : new String(type, StandardCharsets.UTF_8),
        region.getLong48(at + VERSION),
        region.getLong48(at + REVISION),
        region.getLong48(at + TIME));
  }
}
