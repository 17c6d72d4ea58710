package dev.mayfly.engine;

import dev.mayfly.engine.memory.Region;
import dev.mayfly.store.EntryView;
import dev.mayfly.store.Lock;
import org.jspecify.annotations.Nullable;

/**
 * The entry of one record, as a transition sees it. Used again for each transition of its shard;
 * confined to whoever holds the shard's lock.
 */
final class RecordView implements EntryView {
  private final Region region;
  private final RecordHeader header;
  private long at;
  private @Nullable Lock lock;

  RecordView(Region region, LeaseTable leases) {
    this.region = region;
    header = new RecordHeader(leases);
  }

  /** Shows the record at this offset, and the lock on it. */
  void show(long at, @Nullable Lock lock) {
    this.at = at;
    this.lock = lock;
    header.load(region, at);
  }

  /** The head of the record shown; not to be written to. */
  RecordHeader header() {
    return header;
  }

  @Override
  public long revision() {
    return header.revision;
  }

  @Override
  public long version() {
    return header.version;
  }

  @Override
  public long createdMillis() {
    return header.createdMillis;
  }

  @Override
  public long updatedMillis() {
    return header.updatedMillis;
  }

  @Override
  public long deadlineMillis() {
    return header.deadlineMillis;
  }

  @Override
  public long lifespanMillis() {
    return header.lifespanMillis();
  }

  @Override
  public long lifespanSetMillis() {
    return header.lifespanSetMillis;
  }

  @Override
  public long lease() {
    return header.lease;
  }

  @Override
  public int valueLength() {
    return header.valueLength;
  }

  @Override
  public byte[] value() {
    byte[] copy = new byte[header.valueLength];
    region.copyOut(at + header.valueOffset(), copy, 0, copy.length);
    return copy;
  }

  @Override
  public boolean valueEquals(byte[] other) {
    return other.length == header.valueLength
        && region.matches(at + header.valueOffset(), other, 0, other.length);
  }

  @Override
  public @Nullable String contentType() {
    return header.contentTypeText();
  }

  @Override
  public @Nullable Lock lock() {
    return lock;
  }

  @Override
  public boolean keepsHistory() {
    return header.has(RecordHeader.TRACKED);
  }

  @Override
  public boolean keepsMetrics() {
    return header.has(RecordHeader.METRICS);
  }
}
