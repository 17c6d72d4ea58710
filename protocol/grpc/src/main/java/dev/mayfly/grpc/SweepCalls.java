package dev.mayfly.grpc;

import dev.mayfly.api.keyquarry.ClearHistoryResponse;
import dev.mayfly.api.keyquarry.ClearRequest;
import dev.mayfly.api.keyquarry.ClearResponse;
import dev.mayfly.api.keyquarry.EmptyRequest;
import dev.mayfly.api.keyquarry.ListKeysRequest;
import dev.mayfly.api.keyquarry.ListKeysResponse;
import dev.mayfly.api.keyquarry.PruneRequest;
import dev.mayfly.api.keyquarry.PruneResponse;
import dev.mayfly.grpc.SteppedHandler.Progress;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SweepRequest.What;
import java.util.List;

/** The calls of {@code keyquarry} that go through many keys. Immutable; safe for concurrent use. */
final class SweepCalls {
  private static final byte[] ANY = new byte[0];

  private final Keyspace keyspace;
  private final ReservedEntries reserved;
  private final MemoryBudget memory;
  private final ServerInfoCalls operator;

  SweepCalls(
      Keyspace keyspace, ReservedEntries reserved, MemoryBudget memory, ServerInfoCalls operator) {
    this.keyspace = keyspace;
    this.reserved = reserved;
    this.memory = memory;
    this.operator = operator;
  }

  Progress<ListKeysResponse> list(ListKeysRequest request, Stamp stamp) {
    String pattern = request.getPattern();
    KeyFilter filter = pattern.isEmpty() ? KeyFilter.ALL : KeyFilter.pattern(ANY, pattern);
    return new KeyListing(
        keyspace,
        request.getIncludeReserved() ? reserved : ReservedEntries.NONE,
        memory,
        filter,
        request.getLimit());
  }

  /** What a listing tells at most. */
  long listBytes(ListKeysRequest request, Stamp stamp) {
    long limit = request.getLimit();
    long key = ReplySize.PART_BYTES + keyspace.bounds().keyBytesMax();
    return limit <= 0 || limit > Long.MAX_VALUE / key ? Long.MAX_VALUE : limit * key;
  }

  Progress<ClearResponse> clear(ClearRequest request, Stamp stamp) {
    requireWritable();
    return new Sweeping<>(
        keyspace,
        KeyFilter.ALL,
        What.KEYS,
        request.getForce(),
        (keys, versions) ->
            ClearResponse.newBuilder().setSuccess(true).setKeysDeleted(keys).build());
  }

  Progress<ClearHistoryResponse> clearHistory(EmptyRequest request, Stamp stamp) {
    requireWritable();
    return new Sweeping<>(
        keyspace,
        KeyFilter.ALL,
        What.HISTORY,
        false,
        (keys, versions) ->
            ClearHistoryResponse.newBuilder().setKeys(keys).setCleared(versions).build());
  }

  Progress<PruneResponse> prune(PruneRequest request, Stamp stamp) {
    operator.requireOperator(stamp);
    long left = request.getPruneTo() < 0 ? Long.MAX_VALUE : request.getPruneTo();
    List<byte[]> ignored = request.getIgnoreKeysList().stream().map(KeyCalls::bytes).toList();
    var prune = new dev.mayfly.store.PruneRequest(left, ignored);
    // The store goes in steps of its own.
    return now -> PruneResponse.newBuilder().setPruned(keyspace.prune(prune, now)).build();
  }

  private void requireWritable() {
    if (keyspace.isReadOnly()) {
      throw new RefusedException(GrpcErrors.READ_ONLY);
    }
  }
}
