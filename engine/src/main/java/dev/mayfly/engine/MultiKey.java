package dev.mayfly.engine;

import dev.mayfly.store.Absence;
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
import java.util.function.Consumer;
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
    request.absences().forEach(absence -> concerned.set(number(absence.key())));
    Consumer<byte[]> note = key -> concerned.set(number(key));
    request.then().forEach(operation -> operation.forEachKey(note));
    request.otherwise().forEach(operation -> operation.forEachKey(note));
    enterGroup();
    lock(concerned);
    try {
      boolean held = true;
      for (Compare compare : request.compares()) {
        held &= holds(compare, stamp);
      }
      for (Absence absence : request.absences()) {
        held &= !absence.isBroken();
      }
      List<Operation> chosen = held ? request.then() : request.otherwise();
      if (request.onRefusal() == OnRefusal.GO_ON) {
        return new TransactionResult(held, runEach(chosen, readOnly, stamp));
      }
      return new TransactionResult(held, runWhole(chosen, concerned, readOnly, stamp));
    } finally {
      unlock(concerned, stamp);
      leaveGroup();
    }
  }

  private void useOnly(BitSet concerned, Population.@Nullable Places places) {
    for (int i = concerned.nextSetBit(0); i >= 0; i = concerned.nextSetBit(i + 1)) {
      shards.shard(i).writer().useOnly(places);
    }
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
    if (!(operation instanceof Operation.Write(KeyMutation<?> write)) || write.lease() == 0) {
      return null;
    }
    try {
      shards.leases().requireRoom(write.lease(), List.of(write.key()));
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

  /** Does all of them, or throws what one of them refuses. */
  private List<@Nullable Object> runWhole(
      List<Operation> operations, BitSet concerned, boolean readOnly, Stamp stamp) {
    Population.Places places = requireAllPossible(operations, readOnly, stamp);
    useOnly(concerned, places);
    try {
      return runAll(operations, readOnly, stamp);
    } finally {
      useOnly(concerned, null);
      places.close();
    }
  }

  private @Nullable Object run(Operation operation, boolean readOnly, Stamp stamp) {
    try {
      return switch (operation) {
        case Operation.Read(ReadRequest read) -> read(read, stamp);
        case Operation.Write(KeyMutation<?> write) -> write(write, readOnly, stamp);
        case Operation.Transfer(TransferRequest transfer) -> {
          transfer.requireValid(bounds, readOnly);
          yield transferLocked(transfer, stamp);
        }
        case Operation.Group group -> runGroup(group, readOnly, stamp);
      };
    } catch (MayflyException e) {
      return e;
    }
  }

  private @Nullable Entry read(ReadRequest request, Stamp stamp) {
    long hash = shards.router().hash(request.key());
    Entry entry = shards.of(hash).readLocked(request, shards.router().index(hash), stamp);
    if (request.counted() && entry != null) {
      shards.accesses().onAccess(request.key(), entry, stamp);
    }
    return entry;
  }

  private @Nullable Object write(KeyMutation<?> request, boolean readOnly, Stamp stamp) {
    long hash = shards.router().hash(request.key());
    Shard shard = shards.of(hash);
    Object result = apply(request, shard, shards.router().index(hash), readOnly, stamp);
    if (result instanceof Entry entry) {
      shards.accesses().onAccess(request.key(), entry, stamp);
    }
    return result;
  }

  private TransactionResult runGroup(Operation.Group group, boolean readOnly, Stamp stamp) {
    for (Compare compare : group.compares()) {
      if (!holds(compare, stamp)) {
        return new TransactionResult(false, List.of());
      }
    }
    BitSet concerned = new BitSet();
    group.forEachKey(key -> concerned.set(number(key)));
    return new TransactionResult(true, runWhole(group.operations(), concerned, readOnly, stamp));
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
      switch (operation) {
        case Operation.Read(ReadRequest read) -> {
          long hash = shards.router().hash(read.key());
          shards.of(hash).readLocked(uncounted(read), shards.router().index(hash), stamp);
        }
        case Operation.Write(KeyMutation<?> write) -> {
          if (!written.add(write.key())) {
            throw invalid("a key is written twice: expected once");
          }
          write.requireValid(bounds, readOnly);
          if (write.lease() != 0) {
            leased.computeIfAbsent(write.lease(), number -> new ArrayList<>()).add(write.key());
          }
          long hash = shards.router().hash(write.key());
          Shard shard = shards.of(hash);
          int index = shards.router().index(hash);
          boolean exists = shard.decideOnly(write, index, stamp, decision);
          switch (decision.outcome()) {
            case KEEP -> {}
            case REMOVE -> more--;
            case PUT -> {
              more += exists ? 0 : 1;
              mostMore = Math.max(mostMore, more);
              bytes[shards.router().shard(hash)] +=
                  shard.writer().bytesAtMost(decision, write.key());
            }
          }
        }
        case Operation.Transfer transfer ->
            throw invalid("a transfer is no part of what is done as a whole");
        case Operation.Group group ->
            throw invalid("a group is no part of what is done as a whole");
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

  private static MayflyException invalid(String what) {
    return new MayflyException(ErrorCode.ARGUMENT_INVALID, what);
  }

  private static ReadRequest uncounted(ReadRequest read) {
    return new ReadRequest(
        read.key(), ReadRequest.Part.METADATA, 0, -1, read.lockObeyed(), false, false);
  }

  TransferResult transfer(TransferRequest request, boolean readOnly, Stamp stamp) {
    request.requireValid(bounds, readOnly);
    BitSet concerned = new BitSet();
    concerned.set(number(request.source()));
    concerned.set(number(request.target()));
    enterGroup();
    lock(concerned);
    try {
      return transferLocked(request, stamp);
    } finally {
      unlock(concerned, stamp);
      leaveGroup();
    }
  }

  private TransferResult transferLocked(TransferRequest request, Stamp stamp) {
    long fromHash = shards.router().hash(request.source());
    long intoHash = shards.router().hash(request.target());
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
    for (int i = concerned.nextSetBit(0); i >= 0; i = concerned.nextSetBit(i + 1)) {
      shards.shard(i).lock().lock();
    }
  }

  /** Nothing is passed on before the whole is done, and nobody called back under a lock. */
  private void unlock(BitSet concerned, Stamp stamp) {
    List<Runnable> calls = new ArrayList<>();
    for (int i = concerned.nextSetBit(0); i >= 0; i = concerned.nextSetBit(i + 1)) {
      calls.addAll(shards.shard(i).takeCalls(stamp.timeMillis()));
    }
    for (int i = concerned.nextSetBit(0); i >= 0; i = concerned.nextSetBit(i + 1)) {
      shards.shard(i).lock().unlock();
    }
    shards.log().signal();
    LockQueue.makeCalls(calls);
  }
}
