package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Compare;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Lock;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.LockWaiter;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.PopRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SweepRequest;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransferRequest;
import dev.mayfly.store.UnlockRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Waiting for locks: fair, bounded, cancelled, and never forgotten. */
public abstract class LockWaitContract extends StoreContract {
  private final List<String> calls = new ArrayList<>();
  private final List<LockResult> granted = new ArrayList<>();

  private LockWaits.Ticket await(String client, String key, long waitMillis, boolean creates) {
    LockRequest request = new LockRequest(bytes(key), 10_000, creates, false, RESP);
    LockWaiter waiter =
        new LockWaiter() {
          @Override
          public void onGranted(LockResult result) {
            calls.add(client + " granted");
            granted.add(result);
          }

          @Override
          public void onRefused(MayflyException refusal) {
            calls.add(client + " " + refusal.code());
          }
        };
    return store().waits().await(request, waitMillis, new Stamp(time.millis(), client), waiter);
  }

  private void lockedByAlice(String key) {
    set(key, "1");
    lock(key, 10_000);
    events();
  }

  private String owner(String key) {
    Lock held = entry(key).lock();
    return held == null ? "(none)" : held.owner();
  }

  private void unlock(String client, String key) {
    keyspace().apply(new UnlockRequest(bytes(key), 0), new Stamp(time.millis(), client));
  }

  @Test
  void await_free_isGrantedAtOnce() {
    set("a", "1");

    LockWaits.Ticket ticket = await("bob", "a", 1_000, false);

    assertThat(calls).containsExactly("bob granted");
    assertThat(ticket.cancel()).isFalse();
    assertThat(owner("a")).isEqualTo("bob");
  }

  @Test
  void await_locked_isServedInOrder() {
    lockedByAlice("a");
    await("bob", "a", 60_000, false);
    await("carol", "a", 60_000, false);
    assertThat(calls).isEmpty();
    assertThat(keyspace().stats().lockWaiters()).isEqualTo(2);

    unlock("alice", "a");
    assertThat(calls).containsExactly("bob granted");
    unlock("bob", "a");

    assertThat(calls).containsExactly("bob granted", "carol granted");
    assertThat(granted.get(1).token()).isGreaterThan(granted.get(0).token());
    assertThat(told()).containsExactly("UNLOCKED a", "LOCKED a", "UNLOCKED a", "LOCKED a");
    assertThat(keyspace().stats().lockWaiters()).isZero();
  }

  @Test
  void await_lockExpires_isServedBeforeAnyoneElse() {
    lockedByAlice("a");
    await("bob", "a", 60_000, false);
    time.advanceMillis(10_000);

    // Nothing has noticed the end of the lock yet when carol asks.
    assertRefused(
        ErrorCode.LOCKED,
        () ->
            keyspace()
                .apply(
                    new LockRequest(bytes("a"), 10_000, false, false, RESP),
                    new Stamp(time.millis(), "carol")));

    assertThat(calls).containsExactly("bob granted");
  }

  @Test
  void await_lockExpires_maintenanceServes() {
    lockedByAlice("a");
    await("bob", "a", 60_000, false);

    pass(10_000 + LAG_MILLIS_MAX);

    assertThat(calls).containsExactly("bob granted");
  }

  @Test
  void await_timeIsUp_isRefused() {
    lockedByAlice("a");
    LockWaits.Ticket ticket = await("bob", "a", 500, false);

    pass(499);
    assertThat(calls).isEmpty();
    pass(1 + LAG_MILLIS_MAX);

    assertThat(calls).containsExactly("bob LOCKED");
    assertThat(ticket.cancel()).isFalse();
    unlock("alice", "a");
    assertThat(calls).hasSize(1);
  }

  @Test
  void await_noWait_onlyTries() {
    lockedByAlice("a");

    await("bob", "a", 0, false);

    assertThat(calls).containsExactly("bob LOCKED");
    assertThat(keyspace().stats().lockWaiters()).isZero();
  }

  @Test
  void cancel_leavesTheQueue() {
    lockedByAlice("a");
    LockWaits.Ticket bob = await("bob", "a", 60_000, false);
    await("carol", "a", 60_000, false);

    assertThat(bob.cancel()).isTrue();
    assertThat(bob.cancel()).isFalse();
    unlock("alice", "a");

    assertThat(calls).containsExactly("carol granted");
  }

  @Test
  void await_sameClientTwice_bothHold() {
    lockedByAlice("a");
    await("bob", "a", 60_000, false);
    await("bob", "a", 60_000, false);

    unlock("alice", "a");

    assertThat(calls).containsExactly("bob granted", "bob granted");
    assertThat(granted.get(1).token()).isEqualTo(granted.get(0).token());
  }

  @Test
  void delete_ofTheKey_refusesOrCreates() {
    lockedByAlice("a");
    await("bob", "a", 60_000, false);
    await("carol", "a", 60_000, true);

    apply(DeleteRequest.of(bytes("a")));

    assertThat(calls).containsExactly("bob NOT_FOUND", "carol granted");
    assertThat(granted.getFirst().created()).isTrue();
    assertThat(told()).containsExactly("DELETED a", "CREATED a", "LOCKED a");
  }

  @Test
  void pop_sweepAndRename_passTheLockOn() {
    lockedByAlice("popped");
    lockedByAlice("renamed");
    await("bob", "popped", 60_000, true);
    await("bob", "renamed", 60_000, true);
    apply(new PopRequest(bytes("popped")));
    store()
        .transactions()
        .transfer(
            new TransferRequest(bytes("renamed"), bytes("other"), false, true, RESP), alice());
    assertThat(calls).containsExactly("bob granted", "bob granted");

    lockedByAlice("swept");
    await("bob", "swept", 60_000, true);
    keyspace()
        .sweep(
            new SweepRequest(
                0, KeyFilter.prefix(bytes("swept")), SweepRequest.What.KEYS, true, 1_000),
            alice());

    assertThat(calls).hasSize(3);
  }

  @Test
  void transaction_unlockAndLockAgain_isNotInterrupted() {
    lockedByAlice("a");
    await("bob", "a", 60_000, false);
    Operation unlock = new Operation.Write(new UnlockRequest(bytes("a"), 0));
    Operation lock = new Operation.Write(new LockRequest(bytes("a"), 10_000, false, false, RESP));

    store()
        .transactions()
        .transact(
            new TransactionRequest(
                List.<Compare>of(),
                List.of(unlock, lock),
                List.of(),
                TransactionRequest.OnRefusal.GO_ON),
            alice());

    assertThat(calls).isEmpty();
    assertThat(owner("a")).isEqualTo("alice");
    unlock("alice", "a");
    assertThat(calls).containsExactly("bob granted");
  }

  @Test
  void readOnly_refusesWhoWaits() {
    lockedByAlice("a");
    await("bob", "a", 60_000, false);

    keyspace().readOnly(true);

    assertThat(calls).containsExactly("bob READ_ONLY");
    assertRefused(ErrorCode.READ_ONLY, () -> await("carol", "a", 60_000, false));
  }

  @Test
  void await_refusedAtOnce_throws() {
    lockedByAlice("a");

    assertRefused(ErrorCode.NOT_FOUND, () -> await("bob", "missing", 1_000, false));
    assertRefused(ErrorCode.EMPTY_KEY, () -> await("bob", "", 1_000, false));
    assertRefused(ErrorCode.ARGUMENT_INVALID, () -> await("bob", "a", -1, false));
    assertRefused(
        ErrorCode.ARGUMENT_INVALID, () -> await("bob", "a", LockWaits.WAIT_MILLIS_MAX + 1, false));
    assertThat(calls).isEmpty();
  }

  @Test
  void await_atTheLimitOfAKey_isRefusedBeyond() {
    lockedByAlice("a");
    for (int i = 0; i < 1_000; i++) {
      await("client-" + i, "a", 60_000, false);
    }

    assertRefused(ErrorCode.OVERLOADED, () -> await("bob", "a", 60_000, false));
    assertThat(keyspace().stats().lockWaiters()).isEqualTo(1_000);
  }
}
