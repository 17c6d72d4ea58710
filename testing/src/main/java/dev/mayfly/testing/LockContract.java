package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Condition;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Event;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Lock;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.PopRequest;
import dev.mayfly.store.ReservedKeys;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.UnlockRequest;
import dev.mayfly.store.UnlockResult;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Locks: who holds them, how long, and what they keep others from. */
public abstract class LockContract extends StoreContract {
  private LockRequest request(String key, boolean createIfMissing, boolean extend) {
    return new LockRequest(bytes(key), 5_000, createIfMissing, extend, RESP);
  }

  @Test
  void lock_free_isTakenWithAToken() {
    set("a", "one");

    LockResult result = lock("a", 5_000);

    Lock lock = Objects.requireNonNull(entry("a").lock());
    assertThat(result.token()).isEqualTo(result.revision());
    assertThat(lock)
        .isEqualTo(new Lock("alice", result.token(), time.millis(), time.millis() + 5_000));
    assertThat(entry("a").revision()).isEqualTo(result.revision());
    assertThat(entry("a").version()).isEqualTo(1);
    assertThat(told()).containsExactly("CREATED a", "LOCKED a");
  }

  @Test
  void lock_own_isRenewedWithTheSameToken() {
    set("a", "one");
    LockResult first = lock("a", 5_000);
    time.advanceMillis(1_000);

    LockResult again = lock("a", 6_000);
    LockResult extended = apply(request("a", false, true));

    assertThat(again.token()).isEqualTo(first.token());
    assertThat(again.deadlineMillis()).isEqualTo(time.millis() + 6_000);
    assertThat(again.revision()).isEqualTo(first.revision() + 1);
    assertThat(extended.deadlineMillis()).isEqualTo(time.millis() + 11_000);
    assertThat(Objects.requireNonNull(entry("a").lock()).createdMillis())
        .isEqualTo(time.millis() - 1_000);
  }

  @Test
  void lock_withToken_renewsThatLockOnly() {
    set("a", "one");
    long token = lock("a", 5_000).token();
    time.advanceMillis(1_000);

    LockResult renewed = apply(renewal("a", token));

    assertThat(renewed.token()).isEqualTo(token);
    assertThat(renewed.deadlineMillis()).isEqualTo(time.millis() + 5_000);
    assertRefused(ErrorCode.LOCKED, () -> apply(renewal("a", token + 1)));
    assertRefused(ErrorCode.LOCKED, () -> keyspace().apply(renewal("a", token), bob()));
    apply(new UnlockRequest(bytes("a"), token));
    assertRefused(ErrorCode.LOCKED, () -> apply(renewal("a", token)));
    assertThat(entry("a").lock()).isNull();
    apply(DeleteRequest.of(bytes("a")));
    assertRefused(ErrorCode.NOT_FOUND, () -> apply(renewal("a", token)));
    assertThat(told()).endsWith("UNLOCKED a", "DELETED a");
  }

  private LockRequest renewal(String key, long token) {
    return new LockRequest(bytes(key), 5_000, true, false, token, RESP);
  }

  @Test
  void lock_ofAnother_isRefusedUntilItEnds() {
    set("a", "one");
    long token = lock("a", 5_000).token();

    assertRefused(ErrorCode.LOCKED, () -> keyspace().apply(request("a", false, false), bob()));
    time.advanceMillis(4_999);
    assertRefused(ErrorCode.LOCKED, () -> keyspace().apply(request("a", false, false), bob()));
    time.advanceMillis(1);
    LockResult taken = keyspace().apply(request("a", false, false), bob());

    assertThat(taken.token()).isGreaterThan(token);
    assertThat(told()).containsExactly("CREATED a", "LOCKED a", "UNLOCKED a", "LOCKED a");
  }

  @Test
  void lock_end_isToldByTheStore() {
    set("a", "one");
    lock("a", 5_000);
    pass(4_999);
    events();

    pass(1 + LAG_MILLIS_MAX);

    List<Event> events = events();
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().kind()).isEqualTo(dev.mayfly.store.EventKind.UNLOCKED);
    assertThat(events.getFirst().client()).isEqualTo(ReservedKeys.SYSTEM_CLIENT);
    assertThat(entry("a").lock()).isNull();
    assertThat(entry("a").revision()).isEqualTo(events.getFirst().revision());
    assertThat(keyspace().stats().locks()).isZero();
  }

  @Test
  void lock_over_isNotSeenByReads() {
    set("a", "one");
    lock("a", 5_000);

    time.advanceMillis(5_000);

    assertThat(entry("a").lock()).isNull();
    assertThat(keyspace().read(dev.mayfly.store.ReadRequest.value(bytes("a")), bob())).isNotNull();
  }

  @Test
  void lock_renewed_endsLater() {
    set("a", "one");
    lock("a", 5_000);
    pass(3_000);
    lock("a", 5_000);
    events();

    pass(2_000);
    assertThat(told()).isEmpty();
    pass(3_000 + LAG_MILLIS_MAX);

    assertThat(told()).containsExactly("UNLOCKED a");
  }

  @Test
  void lock_missing_isCreatedOnlyWhenAsked() {
    assertRefused(ErrorCode.NOT_FOUND, () -> lock("a", 5_000));

    LockResult created = apply(request("a", true, false));

    assertThat(created.created()).isTrue();
    assertThat(entry("a").size()).isZero();
    assertThat(entry("a").version()).isEqualTo(1);
    assertThat(told()).containsExactly("CREATED a", "LOCKED a");
  }

  @Test
  void lock_durations_areBounded() {
    set("a", "one");

    assertRefused(ErrorCode.LOCK_DURATION_INVALID, () -> lock("a", 0));
    assertRefused(ErrorCode.LOCK_DURATION_INVALID, () -> lock("a", 4_999));
    assertRefused(ErrorCode.LOCK_DURATION_TOO_LONG, () -> lock("a", 900_001));
    lock("a", 900_000);
  }

  @Test
  void lock_severalFaults_refusesTheFirstInOrder() {
    keyspace().readOnly(true);
    assertRefused(ErrorCode.EMPTY_KEY, () -> lock("", 0));
    assertRefused(ErrorCode.RESERVED_KEY, () -> lock("keyquarry", 0));
    assertRefused(ErrorCode.READ_ONLY, () -> lock("a", 0));
    keyspace().readOnly(false);
    assertRefused(ErrorCode.LOCK_DURATION_INVALID, () -> lock("a", 0));
    assertRefused(ErrorCode.NOT_FOUND, () -> lock("a", 5_000));
  }

  @Test
  void lock_withSet_isTakenInOneMutation() {
    SetRequest locking =
        new SetRequest(
            bytes("a"),
            bytes("one"),
            null,
            Condition.ALWAYS,
            Lifespan.ofMillis(60_000),
            5_000,
            false,
            GRPC);

    long revision = apply(locking).revision();
    List<String> created = told();
    time.advanceMillis(1_000);
    apply(locking);

    Lock lock = Objects.requireNonNull(entry("a").lock());
    assertThat(created).containsExactly("CREATED a", "LIFESPAN_SET a", "LOCKED a");
    assertThat(told()).containsExactly("LIFESPAN_SET a", "LOCKED a");
    assertThat(lock.token()).isEqualTo(revision);
    assertThat(lock.deadlineMillis()).isEqualTo(time.millis() + 5_000);
    assertRefused(ErrorCode.LOCKED, () -> keyspace().apply(locking, bob()));
  }

  @Test
  void unlock_own_isReleased() {
    set("a", "one");
    long token = lock("a", 5_000).token();

    assertRefused(ErrorCode.LOCKED, () -> apply(new UnlockRequest(bytes("a"), token + 1)));
    assertRefused(
        ErrorCode.LOCKED, () -> keyspace().apply(new UnlockRequest(bytes("a"), 0), bob()));
    UnlockResult released = apply(new UnlockRequest(bytes("a"), token));
    UnlockResult again = apply(new UnlockRequest(bytes("a"), 0));

    assertThat(released).isEqualTo(new UnlockResult(true, token + 1));
    assertThat(again).isEqualTo(new UnlockResult(false, token + 1));
    assertThat(told()).containsExactly("CREATED a", "LOCKED a", "UNLOCKED a");
    assertRefused(ErrorCode.NOT_FOUND, () -> apply(new UnlockRequest(bytes("b"), 0)));
  }

  @Test
  void unlocked_doesNotUnlockLater() {
    set("a", "one");
    lock("a", 5_000);
    apply(new UnlockRequest(bytes("a"), 0));
    events();

    pass(5_000);

    assertThat(told()).isEmpty();
  }

  @Test
  void removal_endsTheLockWithoutAnEvent() {
    set("a", "one");
    lock("a", 5_000);
    apply(DeleteRequest.of(bytes("a")));
    set("a", "two");
    lock("a", 6_000);
    Entry popped = apply(new PopRequest(bytes("a")));

    assertThat(Objects.requireNonNull(Objects.requireNonNull(popped).lock()).owner())
        .isEqualTo("alice");
    events();
    pass(6_000);
    assertThat(told()).isEmpty();
    assertThat(keyspace().stats().locks()).isZero();
  }

  @Test
  void lifespan_winsOverTheLock() {
    set("a", "one", Lifespan.ofMillis(2_000), RESP);
    lock("a", 5_000);
    events();

    pass(2_000 + LAG_MILLIS_MAX);

    List<Event> events = events();
    assertThat(events.stream().map(event -> event.kind().name()))
        .containsExactly("UNLOCKED", "EXPIRED");
    assertThat(events.getFirst().revision()).isEqualTo(events.getLast().revision());
    assertThat(keyspace().stats().locks()).isZero();
    pass(5_000);
    assertThat(told()).isEmpty();
  }
}
