package dev.mayfly.resp;

import dev.mayfly.store.Counters;
import dev.mayfly.store.Durability;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.Limits;
import dev.mayfly.store.TimeSource;
import dev.mayfly.store.Transactions;
import dev.mayfly.store.Watches;

/**
 * The contracts that the resp door works on; their host owns what is behind them.
 *
 * @param keyspace does not block
 * @param durability what replies wait for
 */
public record RespStore(
    Keyspace keyspace,
    Transactions transactions,
    Watches watches,
    Counters counters,
    Limits limits,
    Durability durability,
    TimeSource time) {
  /** Refuses a keyspace that may block. */
  public RespStore {
    if (keyspace.mayBlock()) {
      throw new IllegalArgumentException("the keyspace may block: expected one that does not");
    }
  }
}
