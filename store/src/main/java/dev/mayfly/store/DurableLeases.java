package dev.mayfly.store;

import java.util.List;

/**
 * Leases whose calls have shown their thread all that there was.
 *
 * <p>As safe for concurrent use as what it stands before, which is its host's.
 */
public final class DurableLeases implements Leases {
  private final Leases leases;
  private final Durability durability;

  /** Stands before leases. */
  public DurableLeases(Leases leases, Durability durability) {
    this.leases = leases;
    this.durability = durability;
  }

  @Override
  public LeaseState grant(long lengthMillis, Stamp stamp) {
    LeaseState state = leases.grant(lengthMillis, stamp);
    durability.seeAll();
    return state;
  }

  @Override
  public LeaseState renew(long lease, Stamp stamp) {
    LeaseState state = leases.renew(lease, stamp);
    durability.seeAll();
    return state;
  }

  @Override
  public int revoke(long lease, Stamp stamp) {
    int keys = leases.revoke(lease, stamp);
    durability.seeAll();
    return keys;
  }

  @Override
  public LeaseState inspect(long lease, Stamp stamp) {
    LeaseState state = leases.inspect(lease, stamp);
    durability.seeAll();
    return state;
  }

  @Override
  public List<byte[]> keys(long lease, Stamp stamp) {
    List<byte[]> keys = leases.keys(lease, stamp);
    durability.seeAll();
    return keys;
  }

  @Override
  public LeaseStats stats() {
    return leases.stats();
  }
}
