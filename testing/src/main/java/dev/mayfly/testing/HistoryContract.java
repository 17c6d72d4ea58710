package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.HistoryRequest;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.Rules;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.SweepPage;
import dev.mayfly.store.SweepRequest;
import org.junit.jupiter.api.Test;

/** Earlier versions of values. */
public abstract class HistoryContract extends StoreContract {
  private static Rules keeping(int versions) {
    return new Rules(1, 1_000_000, Rules.UnstatedLifespan.RENEW, false, versions, false);
  }

  private void setVersions(String key, int versions, Rules rules) {
    for (int i = 1; i <= versions; i++) {
      set(key, "v" + i, Lifespan.UNSTATED, rules);
    }
  }

  private PastValue past(String key, long version) {
    return keyspace().history(new HistoryRequest(bytes(key), version), alice());
  }

  private String pastValue(String key, long version) {
    return text(past(key, version).value());
  }

  private void assertNone(String key, long version) {
    assertRefused(ErrorCode.VERSION_NOT_FOUND, () -> past(key, version));
  }

  @Test
  void history_ofATrackedKey_keepsSoManyVersions() {
    setVersions("a", 7, GRPC);

    assertThat(pastValue("a", 7)).isEqualTo("v7");
    assertThat(pastValue("a", 3)).isEqualTo("v3");
    assertThat(pastValue("a", -1)).isEqualTo("v6");
    assertThat(pastValue("a", -4)).isEqualTo("v3");
    assertNone("a", 2);
    assertNone("a", -5);
    assertNone("a", 8);
    assertThat(keyspace().stats().historyKeys()).isEqualTo(1);
    assertThat(keyspace().stats().historyVersions()).isEqualTo(4);
  }

  @Test
  void history_version_tellsWhenAndByWhichRevision() {
    long first = set("a", "one", Lifespan.UNSTATED, GRPC).revision();
    long firstMillis = time.millis();
    time.advanceMillis(10);
    long second = set("a", "two", Lifespan.UNSTATED, GRPC).revision();
    long secondMillis = time.millis();
    time.advanceMillis(10);
    set("a", "three", Lifespan.UNSTATED, GRPC);

    PastValue one = past("a", 1);
    PastValue two = past("a", 2);
    assertThat(one.revision()).isEqualTo(first);
    assertThat(one.timeMillis()).isEqualTo(firstMillis);
    assertThat(two.revision()).isEqualTo(second);
    assertThat(two.timeMillis()).isEqualTo(secondMillis);
    assertThat(two.version()).isEqualTo(2);
  }

  @Test
  void history_unlimited_keepsAll() {
    setVersions("a", 60, keeping(-1));

    for (int i = 1; i <= 60; i++) {
      assertThat(pastValue("a", i)).isEqualTo("v" + i);
    }
  }

  @Test
  void history_ofOne_isTheCurrentVersionOnly() {
    setVersions("a", 5, keeping(5));

    set("a", "v6", Lifespan.UNSTATED, keeping(1));

    assertThat(pastValue("a", 6)).isEqualTo("v6");
    assertNone("a", 5);
    assertThat(keyspace().stats().historyVersions()).isZero();
  }

  @Test
  void history_untracked_isTheCurrentVersionOnly() {
    set("a", "one");
    set("a", "two");

    assertThat(pastValue("a", 2)).isEqualTo("two");
    assertNone("a", 1);
    assertNone("a", -1);
    assertThat(keyspace().stats().historyKeys()).isZero();
  }

  @Test
  void history_trackedLater_beginsWithTheValueThen() {
    set("a", "one");
    set("a", "two", Lifespan.UNSTATED, GRPC);
    set("a", "three");

    assertThat(pastValue("a", 1)).isEqualTo("one");
    assertThat(pastValue("a", 2)).isEqualTo("two");
    assertThat(pastValue("a", -1)).isEqualTo("two");
  }

  @Test
  void history_bigValues_areKeptWhole() {
    String big = "x".repeat(200_000);
    set("a", big + 1, Lifespan.UNSTATED, GRPC);
    set("a", big + 2, Lifespan.UNSTATED, GRPC);
    set("a", "small", Lifespan.UNSTATED, GRPC);

    assertThat(pastValue("a", 1)).isEqualTo(big + 1);
    assertThat(pastValue("a", 2)).isEqualTo(big + 2);
  }

  @Test
  void history_refusals() {
    assertRefused(ErrorCode.NOT_FOUND, () -> past("a", 1));
    assertRefused(ErrorCode.VERSION_INVALID, () -> past("a", 0));
    setVersions("a", 2, GRPC);
    keyspace().apply(new LockRequest(bytes("a"), 5_000, false, false, RESP), bob());
    assertRefused(ErrorCode.LOCKED, () -> past("a", 1));
    use(StoreLimits.DEFAULT.withHistory(0, 0));
    set("a", "one");
    assertRefused(ErrorCode.VERSIONING_OFF, () -> past("a", 1));
    assertRefused(ErrorCode.VERSIONING_OFF, () -> sweepHistory(true));
  }

  @Test
  void history_expiredKey_isNotFound() {
    set("a", "one", Lifespan.ofMillis(10), GRPC_SHORT);
    time.advanceMillis(10);

    assertRefused(ErrorCode.NOT_FOUND, () -> past("a", 1));
  }

  private static final Rules GRPC_SHORT = keeping(5);

  @Test
  void history_ofAKeyThatIsGone_isDropped() {
    setVersions("a", 3, GRPC);
    apply(DeleteRequest.of(bytes("a")));
    assertRefused(ErrorCode.NOT_FOUND, () -> past("a", 1));
    assertThat(keyspace().stats().historyVersions()).isZero();

    set("a", "again", Lifespan.UNSTATED, GRPC);

    assertThat(entry("a").version()).isEqualTo(1);
    assertNone("a", 2);
  }

  @Test
  void history_keptForDeletedKeys_goesOn() {
    use(StoreLimits.DEFAULT.withHistory(5, 60_000));
    setVersions("a", 3, GRPC);
    apply(DeleteRequest.of(bytes("a")));

    assertThat(read("a")).isNull();
    assertThat(keyspace().count(KeyFilter.ALL, alice())).isZero();
    assertThat(pastValue("a", 3)).isEqualTo("v3");
    assertThat(pastValue("a", 1)).isEqualTo("v1");
    assertThat(pastValue("a", -1)).isEqualTo("v3");
    assertThat(set("a", "v4", Lifespan.UNSTATED, GRPC).created()).isTrue();
    assertThat(entry("a").version()).isEqualTo(4);
    assertThat(pastValue("a", 2)).isEqualTo("v2");
    assertThat(told().getLast()).isEqualTo("CREATED a");
  }

  @Test
  void history_keptForDeletedKeys_endsInTime() {
    use(StoreLimits.DEFAULT.withHistory(5, 60_000));
    setVersions("a", 3, GRPC);
    apply(DeleteRequest.of(bytes("a")));

    pass(59_999);
    assertThat(pastValue("a", 1)).isEqualTo("v1");
    events();
    pass(1);

    assertRefused(ErrorCode.NOT_FOUND, () -> past("a", 1));
    assertThat(told()).isEmpty();
    set("a", "again", Lifespan.UNSTATED, GRPC);
    assertThat(entry("a").version()).isEqualTo(1);
  }

  @Test
  void history_keptForExpiredKeys_endsInTime() {
    use(StoreLimits.DEFAULT.withHistory(5, 60_000));
    set("a", "one", Lifespan.ofMillis(5_000), GRPC);
    pass(5_000 + LAG_MILLIS_MAX);
    assertThat(pastValue("a", 1)).isEqualTo("one");

    pass(60_000 + LAG_MILLIS_MAX);

    assertThat(keyspace().stats().historyVersions()).isZero();
  }

  @Test
  void history_keyCreatedAgainAfterItExpired_expiresInTime() {
    use(StoreLimits.DEFAULT.withHistory(5, 60_000));
    set("a", "one", Lifespan.ofMillis(5_000), GRPC);
    pass(5_000 + LAG_MILLIS_MAX);
    set("a", "two", Lifespan.ofMillis(90_000), GRPC);
    events();

    pass(90_000 + LAG_MILLIS_MAX);

    assertThat(told()).containsExactly("EXPIRED a");
  }

  @Test
  void history_keyCreatedAgainByOtherRules_goesOnBeingKept() {
    use(StoreLimits.DEFAULT.withHistory(5, 60_000));
    setVersions("a", 3, GRPC);
    apply(DeleteRequest.of(bytes("a")));

    set("a", "v4");
    set("a", "v5");

    assertThat(pastValue("a", 4)).isEqualTo("v4");
    assertThat(pastValue("a", 3)).isEqualTo("v3");
  }

  @Test
  void history_keyCreatedAgainByALock_keepsNoMoreVersions() {
    use(StoreLimits.DEFAULT.withHistory(5, 60_000));
    setVersions("a", 6, GRPC);
    apply(DeleteRequest.of(bytes("a")));

    apply(new LockRequest(bytes("a"), 5_000, true, false, GRPC));

    assertThat(pastValue("a", -4)).isEqualTo("v3");
    assertNone("a", -5);
  }

  private SweepPage sweepHistory(boolean forced) {
    return keyspace()
        .sweep(
            new SweepRequest(
                ScanRequest.START,
                KeyFilter.ALL,
                SweepRequest.What.HISTORY,
                forced,
                ScanRequest.ENTRIES_MAX),
            alice());
  }

  @Test
  void sweepHistory_keepsCurrentVersionsAndLockedKeys() {
    setVersions("a", 3, GRPC);
    setVersions("b", 2, GRPC);
    setVersions("c", 4, GRPC);
    set("d", "x");
    keyspace().apply(new LockRequest(bytes("b"), 5_000, false, false, RESP), bob());
    events();

    SweepPage page = sweepHistory(false);

    assertThat(page.keys()).isEqualTo(2);
    assertThat(page.versions()).isEqualTo(5);
    assertThat(pastValue("a", 3)).isEqualTo("v3");
    assertNone("a", 2);
    assertThat(keyspace().stats().historyVersions()).isEqualTo(1);
    assertThat(told()).isEmpty();
    assertThat(sweepHistory(true).versions()).isEqualTo(1);
  }
}
