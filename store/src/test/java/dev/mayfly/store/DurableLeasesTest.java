package dev.mayfly.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DurableLeasesTest {
  private static final Stamp NOW = new Stamp(1_000, "alice");
  private static final long REVISION = 7;

  private final SeenDurability durability = new SeenDurability();

  /** Remembers what was seen. */
  private static final class SeenDurability implements Durability {
    private long seen;

    @Override
    public boolean mayHold() {
      return true;
    }

    @Override
    public long revision() {
      return REVISION;
    }

    @Override
    public boolean isDurable(long revision) {
      return false;
    }

    @Override
    public void onDurable(long revision, Runnable callback) {
      throw new AssertionError("nothing waits here");
    }

    @Override
    public void see(long revision) {
      seen = Math.max(seen, revision);
    }

    @Override
    public void seeAbsent(byte[] key) {
      throw new AssertionError("no key is asked for here");
    }

    @Override
    public long seen() {
      return seen;
    }
  }

  /** Leases that have all ended, or whose store does not serve. */
  private record RefusingLeases(ErrorCode code) implements Leases {
    private MayflyException refusal() {
      return new MayflyException(code, code.summary());
    }

    @Override
    public LeaseState grant(long lengthMillis, Stamp stamp) {
      throw refusal();
    }

    @Override
    public LeaseState renew(long lease, Stamp stamp) {
      throw refusal();
    }

    @Override
    public int revoke(long lease, Stamp stamp) {
      throw refusal();
    }

    @Override
    public LeaseState inspect(long lease, Stamp stamp) {
      throw refusal();
    }

    @Override
    public List<byte[]> keys(long lease, Stamp stamp) {
      throw refusal();
    }

    @Override
    public LeaseStats stats() {
      throw refusal();
    }
  }

  /** Whoever learns that a lease has ended must not see it again after a crash. */
  @Test
  void refusal_thatTellsOfAnEnd_countsAsSeen() {
    Leases leases = new DurableLeases(new RefusingLeases(ErrorCode.NOT_FOUND), durability);

    assertThatThrownBy(() -> leases.renew(1, NOW)).isInstanceOf(MayflyException.class);

    assertThat(durability.seen()).isEqualTo(REVISION);
  }

  @Test
  void refusal_ofAStoreThatDidNotLook_showsNothing() {
    Leases leases = new DurableLeases(new RefusingLeases(ErrorCode.UNAVAILABLE), durability);

    assertThatThrownBy(() -> leases.renew(1, NOW)).isInstanceOf(MayflyException.class);

    assertThat(durability.seen()).isZero();
  }
}
