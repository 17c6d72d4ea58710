package dev.mayfly.engine;

import dev.mayfly.store.Bounds;
import dev.mayfly.store.Decision;
import dev.mayfly.store.EntryView;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.Lock;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Operations that are done as a whole or not at all: first all is decided and room made for it,
 * then it is carried out. Where every key comes once, as it mostly does, what was found and decided
 * for one still holds when the others are done, and nothing is looked for twice.
 *
 * <p>Confined to the thread of the transaction, which holds the locks of all shards concerned.
 */
final class WholeBatch {
  private final MultiKey multiKey;
  private final ShardSet shards;
  private final Bounds bounds;
  private final MultiKey.Batch batch;
  private final boolean readOnly;
  private final Stamp stamp;

  /** What was decided for each write, and of which record; empty where keys may repeat. */
  private final @Nullable Decision[] decided;

  private final int[] refs;

  /** The locks after the writes so far, by keys; null where none comes twice. */
  private final @Nullable Map<byte[], @Nullable Lock> written;

  private final Map<Long, List<byte[]>> leased = new HashMap<>();
  private final long[] bytes;
  private int more;
  private int mostMore;

  WholeBatch(
      MultiKey multiKey,
      ShardSet shards,
      Bounds bounds,
      MultiKey.Batch batch,
      boolean readOnly,
      Stamp stamp) {
    this.multiKey = multiKey;
    this.shards = shards;
    this.bounds = bounds;
    this.batch = batch;
    this.readOnly = readOnly;
    this.stamp = stamp;
    decided = new Decision[batch.size()];
    refs = new int[batch.size()];
    written = batch.mayRepeat() ? new TreeMap<>(Arrays::compare) : null;
    bytes = new long[shards.count()];
  }

  /**
   * Throws what any of the operations would refuse, and makes sure that all find room.
   *
   * @return the room for their keys, which is theirs until it is closed
   */
  Population.Places requirePossible() {
    for (int i = 0; i < batch.size(); i++) {
      switch (batch.operations().get(i)) {
        case Operation.Read(ReadRequest read) -> requireReadable(read, batch.hashes()[i]);
        case Operation.Write(KeyMutation<?> write) -> decide(i, write, batch.hashes()[i]);
        case Operation.Transfer _ ->
            throw invalid("a transfer is no part of what is done as a whole");
        case Operation.Group _ -> throw invalid("a group is no part of what is done as a whole");
      }
    }
    leased.forEach(shards.leases()::requireRoom);
    boolean fits = true;
    for (int i = 0; i < bytes.length && fits; i++) {
      fits = bytes[i] == 0 || shards.shard(i).parts().usage().tryReserve(bytes[i]);
    }
    Population.Places places = fits ? shards.tryReserve(mostMore) : null;
    if (places == null) {
      throw new MayflyException(
          ErrorCode.STORE_FULL, "the store has no room for %d new keys".formatted(mostMore));
    }
    return places;
  }

  private void requireReadable(ReadRequest read, long hash) {
    if (written != null && written.containsKey(read.key())) {
      read.requireReadable(written.get(read.key()), stamp);
    } else {
      shards.of(hash).readLocked(uncounted(read), shards.router().index(hash), stamp);
    }
  }

  private static ReadRequest uncounted(ReadRequest read) {
    return new ReadRequest(
        read.key(), ReadRequest.Part.METADATA, 0, -1, read.lockObeyed(), false, false);
  }

  private void decide(int i, KeyMutation<?> write, long hash) {
    if (written != null && written.containsKey(write.key())) {
      throw invalid("a key is written twice: expected once");
    }
    write.requireValid(bounds, readOnly);
    if (write.lease() != 0) {
      leased.computeIfAbsent(write.lease(), _ -> new ArrayList<>()).add(write.key());
    }
    int number = shards.router().shard(hash);
    Shard shard = shards.shard(number);
    Decision decision = new Decision(bounds);
    int ref = shard.decideLocked(write, shards.router().index(hash), stamp, decision);
    EntryView before = shard.shown(ref);
    if (written == null) {
      decided[i] = decision;
      refs[i] = ref;
    } else {
      written.put(write.key(), lockAfter(decision, before));
    }
    switch (decision.outcome()) {
      case KEEP, PASS -> {}
      case REMOVE -> more--;
      case PUT -> {
        more += before != null ? 0 : 1;
        mostMore = Math.max(mostMore, more);
        bytes[number] += shard.allocator().bytesAtMost(decision, write.key());
      }
    }
  }

  /** The lock that a read meets which comes after a write in the same transaction. */
  private static @Nullable Lock lockAfter(Decision decision, @Nullable EntryView before) {
    return switch (decision.outcome()) {
      case REMOVE, PASS -> null;
      case PUT, KEEP ->
          decision.isLockChanged() ? decision.lock() : before == null ? null : before.lock();
    };
  }

  private static MayflyException invalid(String what) {
    return new MayflyException(ErrorCode.ARGUMENT_INVALID, what);
  }

  /** Does all of them; none is refused any more. */
  List<@Nullable Object> carryOut() {
    List<@Nullable Object> results = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Operation operation = batch.operations().get(i);
      Decision decision = decided[i];
      if (decision != null && operation instanceof Operation.Write(KeyMutation<?> write)) {
        results.add(carryOut(write, decision, batch.hashes()[i], refs[i]));
      } else {
        results.add(multiKey.run(operation, batch.hashes()[i], readOnly, stamp));
      }
    }
    return results;
  }

  private @Nullable Object carryOut(KeyMutation<?> write, Decision decision, long hash, int ref) {
    try {
      int index = shards.router().index(hash);
      Object result = shards.of(hash).carryOutLocked(write, decision, index, ref, stamp);
      multiKey.noteAccess(write, result, stamp);
      return result;
    } catch (MayflyException e) {
      return e;
    }
  }
}
