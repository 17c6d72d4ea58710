package dev.mayfly.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A keyspace that tells a {@link Durability} what its calls have shown to their thread: a read of a
 * key the revision of its entry, or that of the last removal near it; everything else, and what was
 * refused, all that there was.
 *
 * <p>As safe for concurrent use as what it stands before, which is its host's.
 */
public final class DurableKeyspace implements Keyspace, Transactions, LockWaits {
  private final Keyspace keyspace;
  private final Transactions transactions;
  private final LockWaits waits;
  private final Durability durability;
  private final ShownCalls shown;

  /** Stands before these three, which may be one object. */
  public DurableKeyspace(
      Keyspace keyspace, Transactions transactions, LockWaits waits, Durability durability) {
    this.keyspace = keyspace;
    this.transactions = transactions;
    this.waits = waits;
    this.durability = durability;
    shown = new ShownCalls(durability);
  }

  @Override
  public @Nullable Entry read(ReadRequest request, Stamp stamp) {
    Entry entry;
    try {
      entry = keyspace.read(request, stamp);
    } catch (MayflyException e) {
      shown.seeRefusal(e);
      throw e;
    }
    if (entry == null) {
      durability.seeAbsent(request.key());
    } else {
      durability.see(entry.revision());
    }
    return entry;
  }

  @Override
  public void expect(List<byte[]> keys) {
    keyspace.expect(keys);
  }

  @Override
  public <R extends @Nullable Object> R apply(KeyMutation<R> request, Stamp stamp) {
    return shown.seeAll(() -> keyspace.apply(request, stamp));
  }

  @Override
  public PastValue history(HistoryRequest request, Stamp stamp) {
    return shown.seeAll(() -> keyspace.history(request, stamp));
  }

  @Override
  public ScanPage scan(ScanRequest request, Stamp stamp) {
    return shown.seeAll(() -> keyspace.scan(request, stamp));
  }

  @Override
  public SweepPage sweep(SweepRequest request, Stamp stamp) {
    return shown.seeAll(() -> keyspace.sweep(request, stamp));
  }

  @Override
  public long count(KeyFilter filter, Stamp stamp) {
    return shown.seeAll(() -> keyspace.count(filter, stamp));
  }

  @Override
  public long prune(PruneRequest request, Stamp stamp) {
    return shown.seeAll(() -> keyspace.prune(request, stamp));
  }

  @Override
  public byte @Nullable [] randomKey(Stamp stamp) {
    return shown.seeAll(() -> keyspace.randomKey(stamp));
  }

  @Override
  public boolean isReadOnly() {
    return keyspace.isReadOnly();
  }

  @Override
  public void readOnly(boolean readOnly) {
    keyspace.readOnly(readOnly);
  }

  @Override
  public boolean register(String client) {
    return keyspace.register(client);
  }

  @Override
  public boolean isRegistered(String client) {
    return keyspace.isRegistered(client);
  }

  @Override
  public StoreStats stats() {
    return keyspace.stats();
  }

  @Override
  public Bounds bounds() {
    return keyspace.bounds();
  }

  @Override
  public boolean mayBlock() {
    return keyspace.mayBlock();
  }

  @Override
  public TransactionResult transact(TransactionRequest request, Stamp stamp) {
    return shown.seeAll(() -> transactions.transact(request, stamp));
  }

  @Override
  public TransferResult transfer(TransferRequest request, Stamp stamp) {
    return shown.seeAll(() -> transactions.transfer(request, stamp));
  }

  @Override
  public @Nullable Absence absence(byte[] key, Stamp stamp) {
    return shown.seeAll(() -> transactions.absence(key, stamp));
  }

  /** The waiter is called on any thread, and has to say there what it has seen. */
  @Override
  public Ticket await(LockRequest request, long waitMillis, Stamp stamp, LockWaiter waiter) {
    return shown.seeAll(() -> waits.await(request, waitMillis, stamp, waiter));
  }
}
