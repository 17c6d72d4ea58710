package dev.mayfly.store;

import java.util.List;

/**
 * Leases whose calls, those that are refused too, have shown their thread all that there was.
 *
 * <p>As safe for concurrent use as what it stands before, which is its host's.
 */
public final class DurableLeases implements Leases {
  private final Leases leases;
  private final ShownCalls shown;

  /** Stands before leases. */
  public DurableLeases(Leases leases, Durability durability) {
    this.leases = leases;
    shown = new ShownCalls(durability);
  }

  @Override
  public LeaseState grant(long lengthMillis, Stamp stamp) {
    return shown.seeAll(() -> leases.grant(lengthMillis, stamp));
  }

  @Override
  public LeaseState renew(long lease, Stamp stamp) {
    return shown.seeAll(() -> leases.renew(lease, stamp));
  }

  @Override
  public int revoke(long lease, Stamp stamp) {
    return shown.seeAll(() -> leases.revoke(lease, stamp));
  }

  @Override
  public LeaseState inspect(long lease, Stamp stamp) {
    return shown.seeAll(() -> leases.inspect(lease, stamp));
  }

  @Override
  public List<byte[]> keys(long lease, Stamp stamp) {
    return shown.seeAll(() -> leases.keys(lease, stamp));
  }

  @Override
  public LeaseStats stats() {
    return leases.stats();
  }
}
