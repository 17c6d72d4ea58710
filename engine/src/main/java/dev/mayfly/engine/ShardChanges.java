package dev.mayfly.engine;

import dev.mayfly.engine.memory.Region;
import dev.mayfly.store.ChangeCodec;
import dev.mayfly.store.ChangeCut;
import dev.mayfly.store.Lock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one shard that the journal has not taken yet, while they are recorded. Confined to
 * whoever holds the shard's lock, but for {@link #hasSome} and {@link #removedRevision}.
 */
final class ShardChanges {
  private static final int CHUNK_MIN = 1 << 10;
  private static final int CHUNK_MAX = 64 << 10;
  private static final byte[] NONE = new byte[0];

  private final ChangeRecorder recorder;
  private List<ChangeCut.Piece> full = new ArrayList<>();
  private byte[] chunk = NONE;
  private int used;
  private int chunkBytes = CHUNK_MIN;
  private boolean on;
  private volatile boolean some;
  private volatile long removed;

  ShardChanges(ChangeRecorder recorder) {
    this.recorder = recorder;
  }

  ChangeRecorder recorder() {
    return recorder;
  }

  boolean isOn() {
    return on;
  }

  /** Records from here on, or no more; what was not taken is forgotten. */
  void turn(boolean on) {
    this.on = on;
    full = new ArrayList<>();
    chunk = NONE;
    used = 0;
    some = false;
  }

  /** Whether there is something to take; safe on any thread. */
  boolean hasSome() {
    return some;
  }

  /** The newest removal of any key; safe on any thread. */
  long removedRevision() {
    return removed;
  }

  /** A key is about to go: before anybody can see that it is not there. */
  void removing(long revision) {
    removed = revision;
  }

  /** Records what an entry has become; its value lies in the region. */
  void put(
      RecordHeader next,
      byte[] key,
      Region region,
      long valueAt,
      @Nullable Lock lock,
      boolean newValue,
      int olderVersionsMax) {
    int flags =
        (next.has(RecordHeader.TRACKED) ? ChangeCodec.TRACKED : 0)
            | (newValue ? ChangeCodec.NEW_VALUE : 0)
            | (next.metricsRef == 0 ? 0 : ChangeCodec.METRICS);
    ChangeCodec.PutHead head =
        new ChangeCodec.PutHead(
            next.revision,
            flags,
            key.length,
            next.valueLength,
            next.createdMillis,
            next.version,
            next.updatedMillis,
            next.deadlineMillis,
            next.lifespanSetMillis,
            next.lease,
            olderVersionsMax,
            next.contentType,
            lock);
    int bytes = ChangeCodec.putBytes(head);
    if (!makeRoom(bytes)) {
      return;
    }
    int at = ChangeCodec.encodePut(chunk, used, bytes, head);
    System.arraycopy(key, 0, chunk, at, key.length);
    region.copyOut(valueAt, chunk, at + key.length, next.valueLength);
    used += bytes;
  }

  /** Records that a key is gone; {@code keptUntilMillis} 0: with its history. */
  void remove(byte[] key, long revision, long timeMillis, long keptUntilMillis) {
    int bytes = ChangeCodec.removeBytes(key.length);
    if (makeRoom(bytes)) {
      ChangeCodec.encodeRemove(chunk, used, key, revision, timeMillis, keptUntilMillis);
      used += bytes;
    }
  }

  /** Records that the older versions of an entry are gone. */
  void clearHistory(byte[] key, long revision) {
    int bytes = ChangeCodec.clearBytes(key.length);
    if (makeRoom(bytes)) {
      ChangeCodec.encodeClear(chunk, used, key, revision, 0);
      used += bytes;
    }
  }

  private boolean makeRoom(int bytes) {
    if (bytes <= chunk.length - used) {
      some = true;
      return true;
    }
    finishChunk();
    int length = Math.max(bytes, chunkBytes);
    if (!recorder.grow(length)) {
      turn(false);
      return false;
    }
    chunkBytes = Math.min(2 * chunkBytes, CHUNK_MAX);
    chunk = new byte[length];
    used = 0;
    some = true;
    return true;
  }

  private void finishChunk() {
    if (used > 0) {
      full.add(new ChangeCut.Piece(chunk, 0, used));
    }
    chunk = NONE;
    used = 0;
  }

  /** Hands over what was recorded; whoever takes it tells the recorder once it is written. */
  List<ChangeCut.Piece> take() {
    finishChunk();
    List<ChangeCut.Piece> taken = full;
    if (taken.size() <= 1) {
      int last = taken.isEmpty() ? 0 : taken.getFirst().size();
      chunkBytes = Math.clamp(Integer.highestOneBit(2 * last + 1), CHUNK_MIN, CHUNK_MAX);
    }
    full = new ArrayList<>();
    some = false;
    return taken;
  }
}
