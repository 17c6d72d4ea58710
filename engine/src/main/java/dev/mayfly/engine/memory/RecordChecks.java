package dev.mayfly.engine.memory;

/**
 * What {@link MemoryMode#CHECKED} does around a record: every byte of a heap that is in no live
 * record holds the poison, and is verified to hold it still when it is handed out and, for the
 * canary behind a record, when the record is freed. Confined to the writer.
 */
final class RecordChecks {
  /** Bytes kept free behind each record of a slab. */
  static final int CANARY_BYTES = 8;

  private static final byte POISON = (byte) 0xDE;

  /** What a new record holds: not zero, so that nobody relies on zero. */
  private static final byte UNSET = (byte) 0xA5;

  private final Region region;
  private final Liveness liveness;

  RecordChecks(Region region, Liveness liveness) {
    this.region = region;
    this.liveness = liveness;
    liveness.manage();
  }

  /** Memory that came from the gap or was discarded. */
  void onFresh(long offset, long bytes) {
    region.fillDead(offset, bytes, POISON);
  }

  void onAllocate(long offset, long bytes) {
    requirePoison(offset, bytes, "a free record was written to");
    region.fillDead(offset, bytes, UNSET);
    liveness.set(offset, bytes, true);
  }

  void onFree(long offset, long bytes, long canaryBytes) {
    liveness.require(offset, bytes, "free");
    requirePoison(offset + bytes, canaryBytes, "a record was written past its end");
    liveness.set(offset, bytes, false);
    region.fillDead(offset, bytes, POISON);
  }

  private void requirePoison(long offset, long bytes, String fault) {
    for (long at = offset; at < offset + bytes; at++) {
      if (region.getByte(at) != POISON) {
        throw new MemoryCheckException(
            fault + ": record at offset " + offset + ", byte at offset " + at);
      }
    }
  }
}
