package dev.mayfly.engine;

import dev.mayfly.engine.memory.Region;
import dev.mayfly.store.Decision;
import dev.mayfly.store.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * Tells the event log of one mutation after another: {@link #claim}, {@link #write}, {@link
 * #publish}. Confined to whoever holds the shard's lock.
 */
final class EventAppender {
  private static final byte[] NONE = new byte[0];

  private final NativeEventLog log;
  private final Region values;
  private final long[] counts;
  private final Claim claim = new Claim();
  private byte[] key = NONE;
  private long timeMillis;
  private long version;
  private @Nullable Decision decision;

  /**
   * @param values the memory that values are told from
   * @param counts receives how many events of each kind were told
   */
  EventAppender(NativeEventLog log, Region values, long[] counts) {
    this.log = log;
    this.values = values;
    this.counts = counts;
  }

  /** Claims the revision of a mutation; {@code header} is the entry's afterwards, or its last. */
  long claim(Decision decision, Stamp stamp, byte[] key, RecordHeader header) {
    this.decision = decision;
    this.key = key;
    timeMillis = stamp.timeMillis();
    version = header.version;
    return log.claim(
        claim, stamp.client(), header.contentTypeText(), key.length, header.valueLength);
  }

  /** Writes the events, with the value at this place. */
  void write(long valueAt) {
    Decision told = decision;
    if (told == null) {
      throw new IllegalStateException("no place is claimed");
    }
    byte[] value = told.value();
    if (value == null) {
      log.write(claim, told, timeMillis, version, key, values, valueAt);
    } else {
      log.write(claim, told, timeMillis, version, key, value);
    }
    for (int kinds = told.eventKinds(); kinds != 0; kinds >>>= 4) {
      counts[kinds & 0xF]++;
    }
  }

  /** Lets readers see what was written. */
  void publish() {
    log.publish(claim);
    decision = null;
  }

  /**
   * Gives the claimed place up, where a fault of ours keeps the mutation from being carried out.
   */
  void abandon() {
    log.abandon(claim);
    decision = null;
  }
}
