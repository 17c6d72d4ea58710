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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations on several keys: all shards concerned are locked, in the order of their numbers, so
 * that no two of them can wait for each other. Safe for concurrent use.
 */
final class MultiKey {
  /** Up to so many hashes are compared in pairs, which takes less time than to sort them. */
  private static final int PAIRS_MAX = 16;

  private final ShardSet shards;
  private final Bounds bounds;
  private final Maintenance maintenance;

  MultiKey(ShardSet shards, Bounds bounds, Maintenance maintenance) {
    this.shards = shards;
    this.bounds = bounds;
    this.maintenance = maintenance;
  }

  /**
   * Operations in order, each with the hash of its key, which is asked for more than once; 0 where
   * it has several.
   */
  record Batch(List<Operation> operations, long[] hashes) {
    int size() {
      return hashes.length;
    }

    /** Whether a key may be there twice; never false where one is. */
    boolean mayRepeat() {
      return hashes.length <= PAIRS_MAX ? hasEqualPair() : hasEqualNeighbours();
    }

    private boolean hasEqualPair() {
      for (int i = 1; i < hashes.length; i++) {
        for (int j = 0; j < i; j++) {
          if (hashes[i] == hashes[j]) {
            return true;
          }
        }
      }
      return false;
    }

    private boolean hasEqualNeighbours() {
      long[] sorted = hashes.clone();
      Arrays.sort(sorted);
      for (int i = 1; i < sorted.length; i++) {
        if (sorted[i] == sorted[i - 1]) {
          return true;
        }
      }
      return false;
    }
  }

  /** These operations, whose shards are added to the others. */
  private Batch batch(List<Operation> operations, BitSet concerned) {
    long[] hashes = new long[operations.size()];
    for (int i = 0; i < hashes.length; i++) {
      Operation operation = operations.get(i);
      switch (operation) {
        case Operation.Read(ReadRequest read) -> hashes[i] = add(read.key(), concerned);
        case Operation.Write(KeyMutation<?> write) -> hashes[i] = add(write.key(), concerned);
        case Operation.Transfer _, Operation.Group _ ->
            operation.forEachKey(key -> add(key, concerned));
      }
    }
    return new Batch(operations, hashes);
  }

  /** Adds the shard of a key, whose hash it gives. */
  private long add(byte[] key, BitSet concerned) {
    long hash = shards.router().hash(key);
    concerned.set(shards.router().shard(hash));
    return hash;
  }

  TransactionResult transact(TransactionRequest request, boolean readOnly, Stamp stamp) {
    BitSet concerned = new BitSet();
    request.compares().forEach(compare -> add(compare.key(), concerned));
    request.absences().forEach(absence -> add(absence.key(), concerned));
    Batch then = batch(request.then(), concerned);
    Batch otherwise = batch(request.otherwise(), concerned);
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
      Batch chosen = held ? then : otherwise;
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
      shards.shard(i).allocator().useOnly(places);
    }
  }

  /** Those each of which may be refused by itself. */
  private List<@Nullable Object> runEach(Batch batch, boolean readOnly, Stamp stamp) {
    List<@Nullable Object> results = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Operation operation = batch.operations().get(i);
      MayflyException refusal = leaseRefusal(operation);
      results.add(refusal == null ? run(operation, batch.hashes()[i], readOnly, stamp) : refusal);
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
      Batch batch, BitSet concerned, boolean readOnly, Stamp stamp) {
    WholeBatch whole = new WholeBatch(this, shards, bounds, batch, readOnly, stamp);
    Population.Places places = whole.requirePossible();
    useOnly(concerned, places);
    try {
      return whole.carryOut();
    } finally {
      useOnly(concerned, null);
      places.close();
    }
  }

  /** One operation, or why it is refused; needs the locks. */
  @Nullable Object run(Operation operation, long hash, boolean readOnly, Stamp stamp) {
    try {
      return switch (operation) {
        case Operation.Read(ReadRequest read) -> read(read, hash, stamp);
        case Operation.Write(KeyMutation<?> write) -> write(write, hash, readOnly, stamp);
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

  private @Nullable Entry read(ReadRequest request, long hash, Stamp stamp) {
    Entry entry = shards.of(hash).readLocked(request, shards.router().index(hash), stamp);
    if (request.counted() && entry != null) {
      shards.accesses().onAccess(request.key(), entry, stamp);
    }
    return entry;
  }

  private @Nullable Object write(KeyMutation<?> request, long hash, boolean readOnly, Stamp stamp) {
    request.requireValid(bounds, readOnly);
    Object result = shards.of(hash).applyLocked(request, shards.router().index(hash), stamp);
    noteAccess(request, result, stamp);
    return result;
  }

  /** A write may answer with the entry, which is then read as well. */
  void noteAccess(KeyMutation<?> request, @Nullable Object result, Stamp stamp) {
    if (result instanceof Entry entry) {
      shards.accesses().onAccess(request.key(), entry, stamp);
    }
  }

  private TransactionResult runGroup(Operation.Group group, boolean readOnly, Stamp stamp) {
    for (Compare compare : group.compares()) {
      if (!holds(compare, stamp)) {
        return new TransactionResult(false, List.of());
      }
    }
    BitSet concerned = new BitSet();
    Batch batch = batch(group.operations(), concerned);
    return new TransactionResult(true, runWhole(batch, concerned, readOnly, stamp));
  }

  TransferResult transfer(TransferRequest request, boolean readOnly, Stamp stamp) {
    request.requireValid(bounds, readOnly);
    BitSet concerned = new BitSet();
    add(request.source(), concerned);
    add(request.target(), concerned);
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

  private void lock(BitSet concerned) {
    for (int i = concerned.nextSetBit(0); i >= 0; i = concerned.nextSetBit(i + 1)) {
      shards.shard(i).lock().lock();
    }
  }

  /** Nothing is passed on before the whole is done, and nobody called back under a lock. */
  private void unlock(BitSet concerned, Stamp stamp) {
    List<Runnable> calls = List.of();
    for (int i = concerned.nextSetBit(0); i >= 0; i = concerned.nextSetBit(i + 1)) {
      List<Runnable> more = shards.shard(i).takeCalls(stamp.timeMillis());
      if (!more.isEmpty()) {
        calls = new ArrayList<>(calls);
        calls.addAll(more);
      }
    }
    for (int i = concerned.nextSetBit(0); i >= 0; i = concerned.nextSetBit(i + 1)) {
      shards.shard(i).lock().unlock();
    }
    shards.log().signal();
    for (int i = concerned.nextSetBit(0); i >= 0; i = concerned.nextSetBit(i + 1)) {
      maintenance.noticeWork(shards.shard(i));
    }
    LockQueue.makeCalls(calls);
  }
}
