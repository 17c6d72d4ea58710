package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * Operations on several keys in one atomic, isolated step.
 *
 * <p>Scope: one node; in a cluster, keys that share a hash tag, else CROSS_SCOPE. Nobody sees a
 * state between the operations of one transaction, and each change takes its own revision. Safe for
 * concurrent use; transactions on overlapping keys take turns and cannot deadlock.
 */
public interface Transactions {
  /**
   * Compares, then does one of two lists of operations, in order.
   *
   * @throws MayflyException what an operation refuses, nothing done, when the request says {@link
   *     TransactionRequest.OnRefusal#NOTHING_DONE}; ARGUMENT_INVALID when it has too many parts
   */
  TransactionResult transact(TransactionRequest request, Stamp stamp);

  /**
   * Gives a key's entry to another key: rename, or copy.
   *
   * @throws MayflyException NOT_FOUND without a source; LOCKED; and as any write
   */
  TransferResult transfer(TransferRequest request, Stamp stamp);

  /**
   * Observes from here on whether a key comes that does not exist now.
   *
   * @return null when it exists
   */
  @Nullable Absence absence(byte[] key, Stamp stamp);
}
