package dev.mayfly.engine;

import dev.mayfly.engine.memory.Region;
import dev.mayfly.store.Decision;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.EventLog;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ResumeToken;
import org.jspecify.annotations.Nullable;

/**
 * The event log in native memory: an {@link EventRing}, written by all shards at once.
 *
 * <p>A shard, holding its lock, claims a revision and a place in one step, changes its entry,
 * writes the events and publishes them; after letting its lock go it calls {@link #signal}. Between
 * claim and publish, or {@link #abandon}, it neither claims again nor waits for anything. A
 * writer's calls allocate nothing, but for a client id or content type that was not seen lately.
 *
 * <p>Safe for concurrent use; readers take no lock. The region belongs to whoever reserved it, and
 * is unmapped only after {@link #close} returned and no thread can reach the log or a reader.
 */
final class NativeEventLog implements EventLog, AutoCloseable {
  /** The least capacity. */
  static final int CAPACITY_MIN = 64 << 10;

  /** Client ids and content types are told up to this many bytes. */
  static final int TEXT_BYTES_MAX = 1024;

  /** All revisions are below: entries keep six bytes of them. */
  static final long REVISION_MAX = 1L << 47;

  private static final int VALUE_SHARE = 16;
  private static final int RECORD_SHARE = 4;
  private static final byte[] NONE = new byte[0];

  private final Region region;
  private final EventRing ring;
  private final int valueBytesMax;
  private final int recordBytesMax;
  private final long incarnation;
  private final AppendNotifier notifier;
  private final TextCache texts = new TextCache(TEXT_BYTES_MAX);

  /**
   * A log without events.
   *
   * @param region never written to before; its size is the capacity
   * @param keyBytesMax the longest key
   * @param valueBytesMax values longer than this are told without their bytes, as are those longer
   *     than a sixteenth of the capacity
   * @param incarnation which life of the store this is
   * @param firstRevision the revision of the first mutation, from 1 on
   * @param passWriters takes and lets go each lock under which anybody publishes
   * @throws IllegalArgumentException when the capacity is too small, for a key or at all
   */
  NativeEventLog(
      Region region,
      int keyBytesMax,
      int valueBytesMax,
      long incarnation,
      long firstRevision,
      Runnable passWriters) {
    if (region.size() < CAPACITY_MIN) {
      throw new IllegalArgumentException(
          "event log of %d bytes: expected at least %d".formatted(region.size(), CAPACITY_MIN));
    }
    if (firstRevision < 1 || firstRevision >= REVISION_MAX) {
      throw new IllegalArgumentException(
          "first revision %d: expected 1 to 2^47-1".formatted(firstRevision));
    }
    this.region = region;
    this.incarnation = incarnation;
    this.valueBytesMax = (int) Math.min(valueBytesMax, region.size() / VALUE_SHARE);
    ring = new EventRing(region, firstRevision);
    int bytes = EventRecord.HEADER_BYTES + 2 * TEXT_BYTES_MAX + keyBytesMax + this.valueBytesMax;
    recordBytesMax = (bytes + 7) & -8;
    if ((long) RECORD_SHARE * recordBytesMax > ring.recordBytes()) {
      throw new IllegalArgumentException(
          "event log of %d bytes: expected room for %d records of up to %d"
              .formatted(region.size(), RECORD_SHARE, recordBytesMax));
    }
    notifier = new AppendNotifier(ring::newestRevision, passWriters);
  }

  /**
   * Claims the next revision and a place for its events.
   *
   * @param contentType what a client gave, if any
   * @param valueLength of the value to be told: the one after, for a removal the last one
   * @return the revision
   */
  long claim(
      Claim claim, String client, @Nullable String contentType, int keyLength, int valueLength) {
    claim.client = texts.encode(client);
    claim.hasContentType = contentType != null;
    claim.contentType = contentType == null ? NONE : texts.encode(contentType);
    claim.keyLength = keyLength;
    claim.valueLength = valueLength;
    claim.isValueKept = valueLength <= valueBytesMax;
    int bytes =
        EventRecord.HEADER_BYTES
            + claim.client.length
            + claim.contentType.length
            + keyLength
            + (claim.isValueKept ? valueLength : 0);
    // The last revision of this shard alone: to ask for that of all would cost a cache miss more
    // than the claim itself, and the distance kept has room for one revision of every shard.
    if (bytes > recordBytesMax || claim.revision >= REVISION_MAX - (1 << 20)) {
      throw new IllegalStateException(
          "record of %d bytes after revision %d: expected at most %d, below 2^47"
              .formatted(bytes, claim.revision, recordBytesMax));
    }
    ring.claim(claim, bytes);
    return claim.revision;
  }

  /** Writes the events of the claimed mutation; key and value are as long as was claimed. */
  void write(
      Claim claim, Decision decision, long timeMillis, long version, byte[] key, byte[] value) {
    long to = writeHeader(claim, decision, timeMillis, version);
    region.copyIn(key, 0, to, claim.keyLength);
    if (claim.isValueKept) {
      region.copyIn(value, 0, to + claim.keyLength, claim.valueLength);
    }
  }

  /** The same with a value from native memory. */
  void write(
      Claim claim,
      Decision decision,
      long timeMillis,
      long version,
      byte[] key,
      Region values,
      long valueAt) {
    long to = writeHeader(claim, decision, timeMillis, version);
    region.copyIn(key, 0, to, claim.keyLength);
    if (claim.isValueKept) {
      copy(values, valueAt, to + claim.keyLength, claim.valueLength);
    }
  }

  private long writeHeader(Claim claim, Decision decision, long timeMillis, long version) {
    int kinds = EventRecord.kinds(decision);
    return EventRecord.writeHeader(region, claim, kinds, timeMillis, version);
  }

  private void copy(Region from, long at, long to, int length) {
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      region.putLong(to + i, from.getLong(at + i));
    }
    for (; i < length; i++) {
      region.putByte(to + i, from.getByte(at + i));
    }
  }

  /** Lets readers see what was written for the claim. */
  void publish(Claim claim) {
    ring.publish(claim);
  }

  /** Publishes the claim as a revision without events, since its mutation failed half-way. */
  void abandon(Claim claim) {
    claim.client = NONE;
    claim.contentType = NONE;
    claim.hasContentType = false;
    claim.keyLength = 0;
    claim.valueLength = 0;
    EventRecord.writeHeader(region, claim, 0, 0, 0);
    ring.publish(claim);
  }

  /** Wakes who waits for events. To be called after publishing and letting the shard's lock go. */
  void signal() {
    notifier.signal();
  }

  @Override
  public long incarnation() {
    return incarnation;
  }

  @Override
  public long newestRevision() {
    return ring.newestRevision();
  }

  /** The last revision claimed, published or not. */
  long claimedRevision() {
    return ring.claimedRevision();
  }

  @Override
  public long oldestRevision() {
    return ring.oldestRevision();
  }

  @Override
  public ResumeToken end() {
    return new ResumeToken(incarnation, newestRevision());
  }

  @Override
  public EventReader readFromEnd() {
    return reader(newestRevision() + 1);
  }

  @Override
  public EventReader readFrom(ResumeToken token) {
    if (token.incarnation() != incarnation) {
      throw new MayflyException(
          ErrorCode.COMPACTED,
          "token of incarnation %d: this is %d, its oldest revision %d"
              .formatted(token.incarnation(), incarnation, oldestRevision()));
    }
    return readFromRevision(token.position() + 1);
  }

  @Override
  public EventReader readFromRevision(long revision) {
    long newest = newestRevision();
    if (revision < 1 || revision > newest + 1) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "revision %d: expected 1 to %d".formatted(revision, newest + 1));
    }
    long oldest = oldestRevision();
    if (revision < oldest) {
      throw compacted(revision, oldest);
    }
    return reader(revision);
  }

  private RingReader reader(long revision) {
    return new RingReader(ring, incarnation, revision, recordBytesMax);
  }

  static MayflyException compacted(long revision, long oldest) {
    return new MayflyException(
        ErrorCode.COMPACTED,
        "revision %d is not held any more: the oldest is %d".formatted(revision, oldest));
  }

  @Override
  public Registration onAppend(Runnable callback) {
    return notifier.add(callback);
  }

  /** Forgets the callbacks; returns when none is running. Writing and reading go on working. */
  @Override
  public void close() {
    notifier.close();
  }
}
