package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Condition;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Event;
import dev.mayfly.store.IncrementRequest;
import dev.mayfly.store.LeaseState;
import dev.mayfly.store.Leases;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SetResult;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransactionRequest.OnRefusal;
import dev.mayfly.store.TransferRequest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Leases over many keys. The store takes {@link #LEASES_MAX} leases of {@link #KEYS_MAX} keys. */
public abstract class LeasesContract extends StoreContract {
  /** How many leases the store takes. */
  public static final int LEASES_MAX = 20;

  /** How many keys each takes. */
  public static final int KEYS_MAX = 50;

  /** The leases of a store that was opened. */
  protected abstract Leases leases(OpenStore store);

  private Leases leases() {
    return leases(store());
  }

  private long grant(long millis) {
    return leases().grant(millis, alice()).lease();
  }

  private void setOn(long lease, String key, String value) {
    set(key, value, Lifespan.ofLease(lease), RESP);
  }

  @Test
  void lease_ends_allItsKeysAtOnce() {
    long lease = grant(10_000);
    for (int i = 0; i < KEYS_MAX; i++) {
      setOn(lease, "k" + i, "v");
    }
    set("other", "v");
    events();
    assertThat(entry("k0").lease()).isEqualTo(lease);
    assertThat(entry("other").lease()).isZero();

    time.advanceMillis(9_999);
    assertThat(keyspace().stats().keys()).isEqualTo(KEYS_MAX + 1);
    assertThat(value("k0")).isEqualTo("v");
    time.advanceMillis(1);

    for (int i = 0; i < KEYS_MAX; i++) {
      assertThat(read("k" + i)).isNull();
    }
    pass(LAG_MILLIS_MAX);
    List<Event> ends = events();
    assertThat(ends).hasSize(KEYS_MAX).allMatch(event -> event.client().equals("keyquarry"));
    assertThat(ends).extracting(event -> event.kind().name()).containsOnly("EXPIRED");
    assertThat(ends).extracting(event -> text(event.value())).containsOnly("v");
    assertThat(value("other")).isEqualTo("v");
    assertRefused(ErrorCode.NOT_FOUND, () -> leases().renew(lease, alice()));
    assertThat(leases().stats().leases()).isZero();
    assertThat(leases().stats().expired()).isEqualTo(1);
  }

  @Test
  void renew_keepsEveryKey_withoutEventOrRevision() {
    long lease = grant(10_000);
    setOn(lease, "a", "1");
    setOn(lease, "b", "1");
    long revision = entry("a").revision();
    events();

    for (int i = 0; i < 20; i++) {
      pass(9_000);
      assertThat(leases().renew(lease, bob()).deadlineMillis()).isEqualTo(time.millis() + 10_000);
    }

    assertThat(told()).isEmpty();
    Entry entry = entry("a");
    assertThat(entry.revision()).isEqualTo(revision);
    assertThat(entry.deadlineMillis()).isEqualTo(time.millis() + 10_000);
    pass(10_000 + LAG_MILLIS_MAX);
    assertThat(told()).containsExactlyInAnyOrder("EXPIRED a", "EXPIRED b");
  }

  @Test
  void revoke_removesTheKeysAsTheCaller_lockedOnesToo() {
    long lease = grant(10_000);
    setOn(lease, "a", "1");
    setOn(lease, "b", "1");
    setOn(lease, "c", "1");
    set("c", "own now");
    lock("a", 60_000);
    events();

    assertThat(leases().revoke(lease, bob())).isEqualTo(2);

    List<Event> ends = events();
    assertThat(ends)
        .extracting(event -> event.kind() + " " + text(event.key()) + " " + event.client())
        .containsExactlyInAnyOrder("DELETED a bob", "DELETED b bob");
    assertThat(value("c")).isEqualTo("own now");
    assertRefused(ErrorCode.NOT_FOUND, () -> leases().revoke(lease, bob()));
    assertRefused(ErrorCode.NOT_FOUND, () -> setOn(lease, "d", "1"));
    assertThat(read("d")).isNull();
    assertThat(leases().stats().revoked()).isEqualTo(1);
    pass(20_000);
    assertThat(told()).isEmpty();
  }

  @Test
  void revoke_readOnly_isRefusedAndTheLeaseGoesOn() {
    long lease = grant(10_000);
    setOn(lease, "a", "1");
    keyspace().readOnly(true);

    assertRefused(ErrorCode.READ_ONLY, () -> leases().revoke(lease, alice()));
    keyspace().readOnly(false);
    setOn(lease, "b", "1");

    assertThat(leases().inspect(lease, alice()).keys()).isEqualTo(2);
  }

  @Test
  void key_leavesItsLease_withAnotherLifespanOrItsEnd() {
    long lease = grant(10_000);
    for (String key : List.of("cleared", "timed", "deleted", "other", "kept", "renewed")) {
      setOn(lease, key, "1");
    }
    long second = grant(60_000);
    set("cleared", "2");
    set("timed", "2", Lifespan.ofMillis(30_000), RESP);
    apply(DeleteRequest.of(bytes("deleted")));
    setOn(second, "other", "2");
    set("kept", "2", Lifespan.KEEP, RESP);
    set("renewed", "2", Lifespan.UNSTATED, GRPC);

    assertThat(leases().keys(lease, alice()))
        .extracting(StoreContract::text)
        .containsExactlyInAnyOrder("kept", "renewed");
    pass(10_000 + LAG_MILLIS_MAX);

    assertThat(List.of(value("cleared"), value("timed"), value("other"))).containsOnly("2");
    assertThat(read("kept")).isNull();
    assertThat(read("renewed")).isNull();
    pass(20_000);
    assertThat(read("timed")).isNull();
    assertThat(value("other")).isEqualTo("2");
  }

  @Test
  void key_overwrittenBetweenDeadlineAndLease_livesByTheLast() {
    long lease = grant(10_000);
    for (int i = 0; i < 3; i++) {
      set("leased", "" + i, Lifespan.ofMillis(60_000), RESP);
      setOn(lease, "timed", "" + i);
    }

    setOn(lease, "leased", "v");
    set("timed", "v", Lifespan.ofMillis(60_000), RESP);

    assertThat(leases().keys(lease, alice()))
        .extracting(StoreContract::text)
        .containsExactly("leased");
    assertThat(leases().revoke(lease, alice())).isEqualTo(1);
    assertThat(read("leased")).isNull();
    assertThat(value("timed")).isEqualTo("v");
  }

  @Test
  void write_againOnTheSameLease_tellsNoNewLifespan() {
    long lease = grant(10_000);
    setOn(lease, "a", "1");
    events();

    setOn(lease, "a", "2");
    apply(new IncrementRequest(bytes("n"), 5, Lifespan.ofLease(lease), RESP));

    assertThat(told()).containsExactly("UPDATED a", "CREATED n", "LIFESPAN_SET n");
    assertThat(leases().inspect(lease, alice()).keys()).isEqualTo(2);
  }

  @Test
  void transaction_onALeaseThatIsFullOrGone_doesNothing() {
    long lease = grant(10_000);
    for (int i = 0; i < KEYS_MAX - 1; i++) {
      setOn(lease, "k" + i, "v");
    }
    assertRefused(ErrorCode.STORE_FULL, () -> transact(lease, "x", "y"));
    assertThat(read("x")).isNull();

    transact(lease, "x");
    assertThat(value("x")).isEqualTo("v");
    assertRefused(ErrorCode.STORE_FULL, () -> setOn(lease, "y", "v"));
    assertRefused(ErrorCode.NOT_FOUND, () -> transact(lease + 1, "y"));
    assertThat(read("y")).isNull();
  }

  @Test
  void transaction_goingOn_refusesWhatItsLeaseDoesNotTake() {
    long lease = grant(10_000);
    for (int i = 0; i < KEYS_MAX - 1; i++) {
      setOn(lease, "k" + i, "v");
    }

    List<@Nullable Object> results =
        store()
            .transactions()
            .transact(
                new TransactionRequest(
                    List.of(),
                    List.of(write(lease, "last"), write(lease, "over"), write(lease + 1, "gone")),
                    List.of(),
                    OnRefusal.GO_ON),
                alice())
            .results();

    assertThat(results.get(0)).isInstanceOf(SetResult.class);
    assertThat(results.get(1)).isInstanceOf(MayflyException.class);
    assertThat(results.get(2)).isInstanceOf(MayflyException.class);
    assertThat(value("last")).isEqualTo("v");
    assertThat(read("over")).isNull();
    assertThat(read("gone")).isNull();
    assertThat(told()).doesNotContain("CREATED over", "CREATED gone");
  }

  @Test
  void write_onALeaseThatEndedUnnoticed_isRefused() {
    long lease = grant(10_000);
    time.advanceMillis(10_000);

    assertRefused(ErrorCode.NOT_FOUND, () -> setOn(lease, "a", "1"));

    assertThat(told()).isEmpty();
  }

  @Test
  void revoke_ofALeaseThatEndedUnnoticed_isRefused() {
    long lease = grant(10_000);
    time.advanceMillis(10_000);

    assertRefused(ErrorCode.NOT_FOUND, () -> leases().revoke(lease, alice()));

    assertThat(leases().stats().expired()).isEqualTo(1);
    assertThat(leases().stats().revoked()).isZero();
  }

  @Test
  void write_ofAKeyThatIsOnAFullLease_goesOn() {
    long lease = grant(10_000);
    for (int i = 0; i < KEYS_MAX; i++) {
      setOn(lease, "k" + i, "1");
    }

    setOn(lease, "k0", "2");
    transact(lease, "k1", "k2");

    assertThat(value("k0")).isEqualTo("2");
    assertThat(value("k2")).isEqualTo("v");
  }

  @Test
  void copy_ofAKeyOnAFullLease_isRefused_andItsNewNameIsNot() {
    long lease = grant(10_000);
    for (int i = 0; i < KEYS_MAX; i++) {
      setOn(lease, "k" + i, "1");
    }

    assertRefused(ErrorCode.STORE_FULL, () -> transfer("k0", "copy", true));
    transfer("k0", "renamed", false);

    assertThat(read("copy")).isNull();
    assertThat(value("renamed")).isEqualTo("1");
    assertThat(leases().revoke(lease, alice())).isEqualTo(KEYS_MAX);
  }

  private void transfer(String source, String target, boolean sourceKept) {
    store()
        .transactions()
        .transfer(
            new TransferRequest(bytes(source), bytes(target), sourceKept, true, RESP), alice());
  }

  private static Operation write(long lease, String key) {
    return new Operation.Write(
        SetRequest.of(bytes(key), bytes("v"), Lifespan.ofLease(lease), RESP));
  }

  private void transact(long lease, String... keys) {
    List<Operation> writes = Arrays.stream(keys).map(key -> write(lease, key)).toList();
    store()
        .transactions()
        .transact(
            new TransactionRequest(List.of(), writes, List.of(), OnRefusal.NOTHING_DONE), alice());
  }

  @Test
  void transfer_givesTheLeaseToo() {
    long lease = grant(10_000);
    setOn(lease, "a", "1");

    transfer("a", "b", false);

    assertThat(leases().keys(lease, alice())).extracting(StoreContract::text).containsExactly("b");
    leases().revoke(lease, alice());
    assertThat(read("b")).isNull();
  }

  @Test
  void condition_leased_holdsForKeysOfTheLeaseOnly() {
    long lease = grant(10_000);
    setOn(lease, "a", "1");
    set("b", "1");

    apply(new DeleteRequest(bytes("a"), Condition.ifLeased(lease), false));
    apply(new DeleteRequest(bytes("b"), Condition.ifLeased(lease), false));

    assertThat(read("a")).isNull();
    assertThat(value("b")).isEqualTo("1");
  }

  @Test
  void grant_limits_areKept() {
    assertRefused(ErrorCode.ARGUMENT_INVALID, () -> grant(Leases.LENGTH_MILLIS_MIN - 1));
    assertRefused(ErrorCode.ARGUMENT_INVALID, () -> grant(Leases.LENGTH_MILLIS_MAX + 1));
    for (int i = 0; i < LEASES_MAX; i++) {
      grant(Leases.LENGTH_MILLIS_MIN);
    }
    assertRefused(ErrorCode.STORE_FULL, () -> grant(1_000));
    time.advanceMillis(Leases.LENGTH_MILLIS_MIN);

    LeaseState granted = leases().grant(Leases.LENGTH_MILLIS_MAX, alice());

    assertThat(granted.keys()).isZero();
    assertThat(granted.deadlineMillis()).isEqualTo(time.millis() + Leases.LENGTH_MILLIS_MAX);
    assertThat(leases().stats().leases()).isEqualTo(1);
    assertRefused(ErrorCode.LIFESPAN_INVALID, () -> setOn(0, "a", "1"));
  }

  @Test
  void renewRaces_anEndThatWasSeen_isFinal() throws Exception {
    // The time goes on while one renews and one reads: what was gone never comes back.
    for (int round = 0; round < 200; round++) {
      long lease = grant(Leases.LENGTH_MILLIS_MIN);
      setOn(lease, "a", "1");
      time.advanceMillis(Leases.LENGTH_MILLIS_MIN - 1);
      Thread renewing = Thread.ofPlatform().start(() -> tryRenew(lease));
      time.advanceMillis(1);
      boolean gone = read("a") == null;
      renewing.join();

      assertThat(read("a") == null).isEqualTo(gone);
      if (!gone) {
        leases().revoke(lease, alice());
      }
    }
  }

  private void tryRenew(long lease) {
    try {
      leases().renew(lease, alice());
    } catch (MayflyException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
    }
  }
}
