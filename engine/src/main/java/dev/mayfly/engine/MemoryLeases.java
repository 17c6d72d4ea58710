package dev.mayfly.engine;

import dev.mayfly.store.Condition;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.DeleteResult;
import dev.mayfly.store.LeaseState;
import dev.mayfly.store.LeaseStats;
import dev.mayfly.store.Leases;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransactionRequest.OnRefusal;
import dev.mayfly.store.TransactionResult;
import dev.mayfly.store.Transactions;
import java.util.List;

/** The leases of an in-memory keyspace. Safe for concurrent use. */
final class MemoryLeases implements Leases {
  private final LeaseTable table;
  private final Transactions transactions;

  MemoryLeases(LeaseTable table, Transactions transactions) {
    this.table = table;
    this.transactions = transactions;
  }

  @Override
  public LeaseState grant(long lengthMillis, Stamp stamp) {
    return table.grant(lengthMillis);
  }

  @Override
  public LeaseState renew(long lease, Stamp stamp) {
    return table.renew(lease);
  }

  @Override
  public int revoke(long lease, Stamp stamp) {
    List<byte[]> keys = table.close(lease);
    Condition leased = Condition.ifLeased(lease);
    List<Operation> deletions =
        keys.stream()
            .<Operation>map(key -> new Operation.Write(new DeleteRequest(key, leased, true)))
            .toList();
    TransactionResult result;
    try {
      result =
          transactions.transact(
              new TransactionRequest(List.of(), deletions, List.of(), OnRefusal.NOTHING_DONE),
              stamp);
    } catch (MayflyException e) {
      table.reopen(lease);
      throw e;
    }
    table.remove(lease);
    int deleted = 0;
    for (Object each : result.results()) {
      deleted += each instanceof DeleteResult one && one.deleted() ? 1 : 0;
    }
    return deleted;
  }

  @Override
  public LeaseState inspect(long lease, Stamp stamp) {
    return table.inspect(lease);
  }

  @Override
  public List<byte[]> keys(long lease, Stamp stamp) {
    table.inspect(lease);
    return table.keys(lease);
  }

  @Override
  public LeaseStats stats() {
    return table.stats();
  }
}
