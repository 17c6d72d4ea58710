package dev.mayfly.store;

/**
 * A key that did not exist when {@link Transactions#absence} was asked, and whether it has come
 * since: that it may be gone again, or was at once, makes no difference. {@link
 * TransactionRequest#absences} lets a transaction depend on it.
 *
 * <p>Safe for concurrent use. It belongs to whoever asked for it, who closes it.
 */
public interface Absence extends AutoCloseable {
  /** The key. */
  byte[] key();

  /** Whether the key has come. Once true it stays so; once closed it stays as it is. */
  boolean isBroken();

  /** Observes no longer; again, does nothing. */
  @Override
  void close();
}
