package dev.mayfly.engine;

import dev.mayfly.store.Bounds;
import dev.mayfly.store.Compare;
import dev.mayfly.store.Decision;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransactionRequest.OnRefusal;
import dev.mayfly.store.TransactionResult;
import dev.mayfly.store.TransferRequest;
import dev.mayfly.store.TransferResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Operations on several keys: all shards concerned are locked, in the order of their numbers, so
 * that no two of them can wait for each other. Safe for concurrent use.
 */
final class MultiKey {
  private final ShardSet shards;
  private final Bounds bounds;

  MultiKey(ShardSet shards, Bounds bounds) {
    this.shards = shards;
    this.bounds = bounds;
  }

  TransactionResult transact(TransactionRequest request, boolean readOnly, Stamp stamp) {
    BitSet concerned = new BitSet();
    request.compares().forEach(compare -> concerned.set(number(compare.key())));
    request.then().forEach(operation -> concerned.set(number(operation.key())));
    request.otherwise().forEach(operation -> concerned.set(number(operation.key())));
    enterGroup();
    lock(concerned);
    try {
      boolean held = true;
      for (Compare compare : request.compares()) {
        held &= holds(compare, stamp);
      }
      List<Operation> chosen = held ? request.then() : request.otherwise();
      if (request.onRefusal() == OnRefusal.GO_ON) {
        return new TransactionResult(held, runEach(chosen, readOnly, stamp));
      }
      Population.Places places = requireAllPossible(chosen, readOnly, stamp);
      useOnly(concerned, places);
      try {
        return new TransactionResult(held, runAll(chosen, readOnly, stamp));
      } finally {
        useOnly(concerned, null);
        places.close();
      }
    } finally {
      unlock(concerned, stamp);
      leaveGroup();
    }
  }

  private void useOnly(BitSet concerned, Population.@Nullable Places places) {
    concerned.stream().forEach(number -> shards.shard(number).writer().useOnly(places));
  }

  /** Those of which none is refused any more. */
  private List<@Nullable Object> runAll(List<Operation> operations, boolean readOnly, Stamp stamp) {
    List<@Nullable Object> results = new ArrayList<>(operations.size());
    for (Operation operation : operations) {
      results.add(run(operation, readOnly, stamp));
    }
    return results;
  }

  /** Those each of which may be refused by itself. */
  private List<@Nullable Object> runEach(
      List<Operation> operations, boolean readOnly, Stamp stamp) {
    List<@Nullable Object> results = new ArrayList<>(operations.size());
    for (Operation operation : operations) {
      MayflyException refusal = leaseRefusal(operation);
      results.add(refusal == null ? run(operation, readOnly, stamp) : refusal);
    }
    return results;
  }

  private @Nullable MayflyException leaseRefusal(Operation operation) {
    long lease = operation instanceof Operation.Write write ? write.request().lease() : 0;
    if (lease == 0) {
      return null;
    }
    try {
      shards.leases().requireRoom(lease, List.of(operation.key()));
      return null;
    } catch (MayflyException e) {
      return e;
    }
  }

  /** No cut of recorded changes parts those that belong together. */
  private void enterGroup() {
    shards.recorder().requireOpen();
    shards.recorder().groups().readLock().lock();
  }

  private void leaveGroup() {
    shards.recorder().groups().readLock().unlock();
  }

  private boolean holds(Compare compare, Stamp stamp) {
    long hash = shards.router().hash(compare.key());
    return compare.holds(
        shards.of(hash).viewLocked(compare.key(), shards.router().index(hash), stamp));
  }

  private @Nullable Object run(Operation operation, boolean readOnly, Stamp stamp) {
    long hash = shards.router().hash(operation.key());
    Shard shard = shards.of(hash);
    int index = shards.router().index(hash);
    try {
      boolean counted = !(operation instanceof Operation.Read(ReadRequest read)) || read.counted();
      Object result =
          switch (operation) {
            case Operation.Read read -> shard.readLocked(read.request(), index, stamp);
            case Operation.Write write -> apply(write.request(), shard, index, readOnly, stamp);
          };
      if (counted && result instanceof Entry entry) {
        shards.accesses().onAccess(operation.key(), entry, stamp);
      }
      return result;
    } catch (MayflyException e) {
      return e;
    }
  }

  private <R extends @Nullable Object> R apply(
      KeyMutation<R> mutation, Shard shard, int index, boolean readOnly, Stamp stamp) {
    mutation.requireValid(bounds, readOnly);
    return shard.applyLocked(mutation, index, stamp);
  }

  /**
   * Throws what any of the operations would refuse, and makes sure that all find room.
   *
   * @return the room for their keys, which is theirs until it is closed
   */
  private Population.Places requireAllPossible(
      List<Operation> chosen, boolean readOnly, Stamp stamp) {
    TreeSet<byte[]> written = new TreeSet<>(Arrays::compare);
    Decision decision = new Decision(bounds);
    Map<Long, List<byte[]>> leased = new HashMap<>();
    int more = 0;
    int mostMore = 0;
    long[] bytes = new long[shards.count()];
    for (Operation operation : chosen) {
      long hash = shards.router().hash(operation.key());
      Shard shard = shards.of(hash);
      int index = shards.router().index(hash);
      switch (operation) {
        case Operation.Read read -> shard.readLocked(uncounted(read.request()), index, stamp);
        case Operation.Write write -> {
          if (!written.add(operation.key())) {
            throw new MayflyException(
                ErrorCode.ARGUMENT_INVALID, "a key is written twice: expected once");
          }
          write.request().requireValid(bounds, readOnly);
          long lease = write.request().lease();
          if (lease != 0) {
            leased.computeIfAbsent(lease, number -> new ArrayList<>()).add(operation.key());
          }
          boolean exists = shard.viewLocked(operation.key(), index, stamp) != null;
          shard.decideOnly(write.request(), index, stamp, decision);
          switch (decision.outcome()) {
            case KEEP -> {}
            case REMOVE -> more--;
            case PUT -> {
              more += exists ? 0 : 1;
              mostMore = Math.max(mostMore, more);
              bytes[shards.router().shard(hash)] +=
                  shard.writer().bytesAtMost(decision, operation.key());
            }
          }
        }
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

  private static ReadRequest uncounted(ReadRequest read) {
    return new ReadRequest(
        read.key(), ReadRequest.Part.METADATA, 0, -1, read.lockObeyed(), false, false);
  }

  TransferResult transfer(TransferRequest request, boolean readOnly, Stamp stamp) {
    request.requireValid(bounds, readOnly);
    long fromHash = shards.router().hash(request.source());
    long intoHash = shards.router().hash(request.target());
    BitSet concerned = new BitSet();
    concerned.set(shards.router().shard(fromHash));
    concerned.set(shards.router().shard(intoHash));
    enterGroup();
    lock(concerned);
    try {
      return transferLocked(request, fromHash, intoHash, stamp);
    } finally {
      unlock(concerned, stamp);
      leaveGroup();
    }
  }

  private TransferResult transferLocked(
      TransferRequest request, long fromHash, long intoHash, Stamp stamp) {
    Shard from = shards.of(fromHash);
    Shard into = shards.of(intoHash);
    int fromIndex = shards.router().index(fromHash);
    int intoIndex = shards.router().index(intoHash);
    if (Arrays.equals(request.source(), request.target())) {
      var same = from.viewLocked(request.source(), fromIndex, stamp);
      if (same == null) {
        throw new MayflyException(ErrorCode.NOT_FOUND, "no such key to rename or copy");
      }
      return new TransferResult(request.replacing(), request.replacing() ? same.revision() : 0);
    }
    Decision fromDecision = new Decision(bounds);
    Decision intoDecision = new Decision(bounds);
    // Each shard has one view, so the source is copied out where both keys share a shard.
    var source = from.copyLocked(request.source(), fromIndex, stamp);
    var target = into.viewLocked(request.target(), intoIndex, stamp);
    if (!request.decide(source, target, stamp, fromDecision, intoDecision)) {
      return new TransferResult(false, 0);
    }
    if (intoDecision.lease() != 0) {
      // A key that only changes its name takes no room on its lease.
      byte[] more = request.sourceKept() ? request.target() : request.source();
      shards.leases().requireRoom(intoDecision.lease(), List.of(more));
    }
    // The target first: it may find no room, and then nothing has happened.
    long revision = into.commitLocked(intoDecision, request.target(), intoIndex, stamp);
    from.commitLocked(fromDecision, request.source(), fromIndex, stamp);
    return new TransferResult(true, revision);
  }

  private int number(byte[] key) {
    return shards.router().shard(shards.router().hash(key));
  }

  private void lock(BitSet concerned) {
    concerned.stream().forEach(number -> shards.shard(number).lock().lock());
  }

  /** Nothing is passed on before the whole is done, and nobody called back under a lock. */
  private void unlock(BitSet concerned, Stamp stamp) {
    List<Runnable> calls = new ArrayList<>();
    concerned.stream()
        .forEach(number -> calls.addAll(shards.shard(number).takeCalls(stamp.timeMillis())));
    concerned.stream().forEach(number -> shards.shard(number).lock().unlock());
    shards.log().signal();
    LockQueue.makeCalls(calls);
  }
}
