package dev.mayfly.store;

import java.util.List;

/**
 * Leases: many keys that live as long as somebody says that they are to. A key is put on a lease by
 * a write whose {@link Lifespan} names it, and leaves it with the next write that gives it another
 * lifespan, or none.
 *
 * <p>A lease ends at its deadline unless it is renewed before. From that moment on none of its keys
 * is read any more; each is told of by {@code EXPIRED}. Nobody sees a lease ended that goes on
 * later. A key on a lease has the lease's deadline: renewing changes none of its keys, takes no
 * revision and is told by no event.
 *
 * <p>A store that is kept on disk keeps its leases: what has not ended by the next start goes on.
 * Safe for concurrent use.
 */
public interface Leases {
  /** No lease has a greater number. */
  long LEASE_MAX = (1L << 47) - 1;

  /** The shortest lease: 100 ms. */
  long LENGTH_MILLIS_MIN = 100;

  /** The longest lease: 30 days. */
  long LENGTH_MILLIS_MAX = 30L * 86_400_000;

  /** No lease has more keys, so that all of them can be removed in one step. */
  int KEYS_MAX = TransactionRequest.PARTS_MAX;

  /**
   * A new lease without keys.
   *
   * @throws MayflyException ARGUMENT_INVALID for the length; STORE_FULL when there are too many
   */
  LeaseState grant(long lengthMillis, Stamp stamp);

  /**
   * Lets a lease, and with it all of its keys, last its whole length from now on.
   *
   * @throws MayflyException NOT_FOUND when it has ended, or never was
   */
  LeaseState renew(long lease, Stamp stamp);

  /**
   * Removes all keys of a lease in one step, whoever locked them, and ends it. Each is told of by
   * {@code DELETED}.
   *
   * @return how many keys there were
   * @throws MayflyException NOT_FOUND; READ_ONLY
   */
  int revoke(long lease, Stamp stamp);

  /**
   * How a lease stands.
   *
   * @throws MayflyException NOT_FOUND
   */
  LeaseState inspect(long lease, Stamp stamp);

  /**
   * The keys of a lease, in no order that means anything.
   *
   * @throws MayflyException NOT_FOUND
   */
  List<byte[]> keys(long lease, Stamp stamp);

  /** What leases there are and were. */
  LeaseStats stats();
}
