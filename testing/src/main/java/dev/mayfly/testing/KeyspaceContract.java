package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Condition;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.DeleteResult;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.PopRequest;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SetResult;
import dev.mayfly.store.StoreStats;
import dev.mayfly.store.UnlockRequest;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Setting, reading and removing keys: what every keyspace does. */
public abstract class KeyspaceContract extends StoreContract {
  private SetRequest conditional(String key, String value, Condition condition) {
    return new SetRequest(
        bytes(key), bytes(value), null, condition, Lifespan.UNSTATED, 0, true, RESP);
  }

  @Test
  void set_newKey_isCreated() {
    SetResult result = set("a", "one");

    Entry entry = entry("a");
    assertThat(result.created()).isTrue();
    assertThat(result.applied()).isTrue();
    assertThat(result.revision()).isEqualTo(entry.revision()).isPositive();
    assertThat(entry.value()).isEqualTo(bytes("one"));
    assertThat(entry.size()).isEqualTo(3);
    assertThat(entry.version()).isEqualTo(1);
    assertThat(entry.createdMillis()).isEqualTo(time.millis());
    assertThat(entry.updatedMillis()).isZero();
    assertThat(entry.deadlineMillis()).isZero();
    assertThat(entry.contentType()).isNull();
    assertThat(told()).containsExactly("CREATED a");
  }

  @Test
  void expect_keysThereAndNot_changesNothing() {
    set("a", "one");
    set("b", "two", Lifespan.ofMillis(5_000), GRPC);
    time.advanceMillis(5_007);

    keyspace().expect(List.of());
    keyspace().expect(List.of(bytes("a"), bytes("b"), bytes("none"), bytes(""), bytes("a")));

    assertThat(entry("a").value()).isEqualTo(bytes("one"));
    assertThat(told()).startsWith("CREATED a", "CREATED b").doesNotContain("CREATED none");
  }

  @Test
  void set_otherValue_isUpdated() {
    set("a", "one");
    time.advanceMillis(7);

    SetResult result = set("a", "two");

    Entry entry = entry("a");
    assertThat(result.created()).isFalse();
    assertThat(entry.value()).isEqualTo(bytes("two"));
    assertThat(entry.version()).isEqualTo(2);
    assertThat(entry.createdMillis()).isEqualTo(time.millis() - 7);
    assertThat(entry.updatedMillis()).isEqualTo(time.millis());
    assertThat(told()).containsExactly("CREATED a", "UPDATED a");
  }

  @Test
  void set_equalValueWhereThatIsNoChange_keepsVersionAndRevision() {
    SetResult first = set("a", "one", Lifespan.UNSTATED, GRPC);

    SetResult second = set("a", "one", Lifespan.UNSTATED, GRPC);

    assertThat(second).isEqualTo(new SetResult(true, false, first.revision(), null));
    assertThat(entry("a").version()).isEqualTo(1);
    assertThat(told()).containsExactly("CREATED a");
  }

  @Test
  void set_equalValueWhereThatIsAChange_makesAVersion() {
    set("a", "one");

    set("a", "one");

    assertThat(entry("a").version()).isEqualTo(2);
    assertThat(told()).containsExactly("CREATED a", "UPDATED a");
  }

  @Test
  void set_contentType_goesWithTheValue() {
    set("a", "one", Lifespan.UNSTATED, GRPC);
    apply(typed("a", "one", "text/x"));
    assertThat(entry("a").contentType()).isEqualTo("text/x");
    assertThat(entry("a").version()).isEqualTo(2);

    apply(typed("a", "one", "text/x"));
    assertThat(entry("a").version()).isEqualTo(2);

    set("a", "two", Lifespan.UNSTATED, GRPC);
    assertThat(entry("a").contentType()).isNull();
    List<Event> events = events();
    assertThat(events.get(1).contentType()).isEqualTo("text/x");
    assertThat(events.get(2).contentType()).isNull();
  }

  private SetRequest typed(String key, String value, String contentType) {
    return new SetRequest(
        bytes(key), bytes(value), contentType, Condition.ALWAYS, Lifespan.UNSTATED, 0, false, GRPC);
  }

  @Test
  void set_conditions_decideWhetherItHappens() {
    assertThat(apply(conditional("a", "1", Condition.IF_PRESENT)))
        .isEqualTo(new SetResult(false, false, 0, null));
    assertThat(apply(conditional("a", "1", Condition.IF_ABSENT)).applied()).isTrue();
    long revision = entry("a").revision();

    SetResult absent = apply(conditional("a", "2", Condition.IF_ABSENT));
    assertThat(absent.applied()).isFalse();
    assertThat(absent.revision()).isEqualTo(revision);
    assertThat(text(absent.previous())).isEqualTo("1");
    assertThat(apply(conditional("a", "2", Condition.ifRevision(revision + 1))).applied())
        .isFalse();
    assertThat(apply(conditional("a", "2", Condition.ifRevision(revision))).applied()).isTrue();
    assertThat(apply(conditional("a", "3", Condition.ifValue(bytes("1")))).applied()).isFalse();
    assertThat(apply(conditional("a", "3", Condition.ifValue(bytes("2")))).applied()).isTrue();
    assertThat(value("a")).isEqualTo("3");
    assertThat(told()).containsExactly("CREATED a", "UPDATED a", "UPDATED a");
  }

  @Test
  void set_severalFaults_refusesTheFirstInOrder() {
    String reserved = "KeyQuarry/x";
    String tooLong = "k".repeat(1025);
    assertRefused(ErrorCode.EMPTY_KEY, () -> apply(bad("", 9, 1, 1)));
    keyspace().readOnly(true);
    assertRefused(ErrorCode.RESERVED_KEY, () -> apply(bad(reserved, 9, 1, 1)));
    assertRefused(ErrorCode.READ_ONLY, () -> apply(bad(tooLong, 9, 1, 1)));
    keyspace().readOnly(false);
    assertRefused(ErrorCode.KEY_TOO_LONG, () -> apply(bad(tooLong, 9, 1, 1)));
    assertRefused(ErrorCode.VALUE_TOO_LARGE, () -> apply(bad("a", 9, 1, 1)));
    assertRefused(ErrorCode.LOCK_DURATION_INVALID, () -> apply(bad("a", 8, 4_999, 1)));
    assertRefused(ErrorCode.LOCK_DURATION_INVALID, () -> apply(bad("a", 8, -1, 1)));
    assertRefused(ErrorCode.LOCK_DURATION_TOO_LONG, () -> apply(bad("a", 8, 900_001, 1)));
    set("a", "x");
    keyspace().apply(new LockRequest(bytes("a"), 5_000, false, false, RESP), bob());
    assertRefused(ErrorCode.LIFESPAN_INVALID, () -> apply(bad("a", 8, 5_000, 4_999)));
    assertRefused(ErrorCode.LOCKED, () -> apply(bad("a", 8, 5_000, 5_000)));
    assertThat(told()).containsExactly("CREATED a", "LOCKED a");
  }

  private SetRequest bad(String key, int valueBytes, long lockMillis, long lifespanMillis) {
    Rules rules = new Rules(5_000, 8, Rules.UnstatedLifespan.RENEW, false, 5, true);
    return new SetRequest(
        bytes(key),
        new byte[valueBytes],
        null,
        Condition.ALWAYS,
        Lifespan.ofMillis(lifespanMillis),
        lockMillis,
        false,
        rules);
  }

  @Test
  void set_limits_admitTheLimitItself() {
    String longest = "k".repeat(1024);

    apply(SetRequest.of(bytes(longest), new byte[1_000_000], Lifespan.UNSTATED, RESP));

    assertThat(entry(longest).size()).isEqualTo(1_000_000);
    assertRefused(
        ErrorCode.VALUE_TOO_LARGE,
        () -> apply(SetRequest.of(bytes("a"), new byte[1_000_001], Lifespan.UNSTATED, RESP)));
  }

  @Test
  void set_moreKeysThanAllowed_isRefusedAndChangesNothing() {
    use(StoreLimits.DEFAULT.withKeysMax(2));
    set("a", "1");
    set("b", "1");

    assertRefused(ErrorCode.STORE_FULL, () -> set("c", "1"));
    set("b", "2");
    apply(DeleteRequest.of(bytes("a")));
    set("c", "1");

    assertThat(keyspace().stats().keys()).isEqualTo(2);
    assertThat(told())
        .containsExactly("CREATED a", "CREATED b", "UPDATED b", "DELETED a", "CREATED c");
  }

  @Test
  void set_storeFullOfWhatIsPast_findsRoom() {
    use(StoreLimits.DEFAULT.withKeysMax(2));
    set("a", "1", Lifespan.ofMillis(100), RESP);
    set("b", "1");
    time.advanceMillis(1_000);

    set("c", "1");

    assertRefused(ErrorCode.STORE_FULL, () -> set("d", "1"));
    assertThat(value("b") + value("c")).isEqualTo("11");
    store().maintenance().run();
    assertThat(told()).containsOnlyOnce("EXPIRED a", "CREATED c");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 101, 102, 103})
  void set_storeFullOfWhatIsPastByNow_findsRoom(int millis) {
    use(StoreLimits.DEFAULT.withKeysMax(1));
    set("a", "1", Lifespan.ofMillis(millis), RESP);

    time.advanceMillis(millis - 1);
    assertRefused(ErrorCode.STORE_FULL, () -> set("b", "1"));
    time.advanceMillis(1);
    set("b", "1");

    assertThat(value("a") + value("b")).isEqualTo("(none)1");
  }

  @Test
  void set_anyBytes_areReadAsTheyWere() {
    Random random = new Random(5);
    for (int size : new int[] {0, 1, 7, 8, 63, 64, 65, 255, 4096, 70_000, 999_999}) {
      byte[] value = new byte[size];
      byte[] key = new byte[1 + size % 1024];
      random.nextBytes(value);
      random.nextBytes(key);
      key[0] = 1;

      apply(SetRequest.of(key, value, Lifespan.UNSTATED, RESP));

      Entry read = keyspace().read(ReadRequest.value(key), alice());
      assertThat(Objects.requireNonNull(read).value()).isEqualTo(value);
    }
  }

  @Test
  void read_range_countsFromEitherEnd() {
    set("a", "0123456789");

    assertThat(range(2, 4)).isEqualTo("234");
    assertThat(range(-3, -1)).isEqualTo("789");
    assertThat(range(0, 100)).isEqualTo("0123456789");
    assertThat(range(-100, 1)).isEqualTo("01");
    assertThat(range(5, 2)).isEmpty();
    assertThat(range(10, 12)).isEmpty();
    assertThat(range(Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo("0123456789");
    assertThat(range(Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();
  }

  private String range(long from, long to) {
    Entry part = keyspace().read(ReadRequest.range(bytes("a"), from, to), alice());
    assertThat(Objects.requireNonNull(part).size()).isEqualTo(10);
    return text(part.value());
  }

  @Test
  void read_lockedByAnother_isRefusedOnlyForTheValue() {
    set("a", "one");
    lock("a", 5_000);

    assertThat(value("a")).isEqualTo("one");
    assertRefused(ErrorCode.LOCKED, () -> keyspace().read(ReadRequest.value(bytes("a")), bob()));
    Entry metadata = keyspace().read(ReadRequest.metadata(bytes("a")), bob());
    assertThat(Objects.requireNonNull(metadata).size()).isEqualTo(3);
    assertThat(metadata.value()).isEmpty();
    assertThat(Objects.requireNonNull(metadata.lock()).owner()).isEqualTo("alice");
  }

  @Test
  void read_missingOrEmptyKey_isNone() {
    assertThat(read("a")).isNull();
    assertThat(read("")).isNull();
  }

  @Test
  void delete_existing_tellsTheLastValue() {
    set("a", "one");

    DeleteResult result = apply(DeleteRequest.of(bytes("a")));

    Event told = events().getLast();
    assertThat(result).isEqualTo(new DeleteResult(true, true, told.revision()));
    assertThat(told.kind()).isEqualTo(EventKind.DELETED);
    assertThat(text(told.value())).isEqualTo("one");
    assertThat(told.version()).isEqualTo(1);
    assertThat(told.client()).isEqualTo("alice");
    assertThat(told.timeMillis()).isEqualTo(time.millis());
    assertThat(read("a")).isNull();
  }

  @Test
  void delete_missingOrUnfitting_takesNoRevision() {
    assertThat(apply(DeleteRequest.of(bytes("a")))).isEqualTo(new DeleteResult(false, false, 0));
    long revision = set("a", "one").revision();

    DeleteResult kept =
        apply(new DeleteRequest(bytes("a"), Condition.ifValue(bytes("two")), false));

    assertThat(kept).isEqualTo(new DeleteResult(false, true, revision));
    assertThat(set("b", "x").revision()).isEqualTo(revision + 1);
  }

  @Test
  void delete_lockedByAnother_isRefusedUnlessForced() {
    set("a", "one");
    keyspace().apply(new LockRequest(bytes("a"), 5_000, false, false, RESP), bob());

    assertRefused(ErrorCode.LOCKED, () -> apply(DeleteRequest.of(bytes("a"))));
    assertThat(apply(new DeleteRequest(bytes("a"), Condition.ALWAYS, true)).deleted()).isTrue();
    assertThat(told()).containsExactly("CREATED a", "LOCKED a", "DELETED a");
    assertThat(keyspace().stats().locks()).isZero();
  }

  @Test
  void pop_existing_answersAndRemoves() {
    set("a", "one");

    Entry popped = apply(new PopRequest(bytes("a")));

    assertThat(text(Objects.requireNonNull(popped).value())).isEqualTo("one");
    assertThat(read("a")).isNull();
    assertThat(apply(new PopRequest(bytes("a")))).isNull();
    assertThat(told()).containsExactly("CREATED a", "DELETED a");
  }

  @Test
  void write_again_beginsAtVersionOne() {
    set("a", "one");
    set("a", "two");
    apply(DeleteRequest.of(bytes("a")));

    assertThat(set("a", "three").created()).isTrue();

    assertThat(entry("a").version()).isEqualTo(1);
  }

  @Test
  void readOnly_refusesWritesButNotReads() {
    set("a", "one");
    keyspace().readOnly(true);

    assertRefused(ErrorCode.READ_ONLY, () -> set("a", "two"));
    assertRefused(ErrorCode.READ_ONLY, () -> apply(DeleteRequest.of(bytes("a"))));
    assertRefused(ErrorCode.READ_ONLY, () -> apply(new PopRequest(bytes("a"))));
    assertRefused(ErrorCode.READ_ONLY, () -> lock("a", 5_000));
    assertRefused(ErrorCode.READ_ONLY, () -> apply(new UnlockRequest(bytes("a"), 0)));
    assertThat(value("a")).isEqualTo("one");
    assertThat(keyspace().isReadOnly()).isTrue();
    keyspace().readOnly(false);
    set("a", "two");
    assertThat(value("a")).isEqualTo("two");
  }

  @Test
  void register_twice_isNewOnce() {
    assertThat(keyspace().isRegistered("c")).isFalse();
    assertThat(keyspace().register("c")).isTrue();
    assertThat(keyspace().register("c")).isFalse();
    assertThat(keyspace().isRegistered("c")).isTrue();
    assertThat(keyspace().stats().clients()).isEqualTo(1);
  }

  @Test
  void stats_afterWrites_addUp() {
    set("a", "one");
    set("b", "four", Lifespan.ofMillis(10_000), GRPC);
    lock("a", 5_000);
    apply(DeleteRequest.of(bytes("missing")));
    long revision = set("a", "ones").revision();

    StoreStats stats = keyspace().stats();

    assertThat(stats.keys()).isEqualTo(2);
    assertThat(stats.valueBytes()).isEqualTo(8);
    assertThat(stats.locks()).isEqualTo(1);
    assertThat(stats.lifespans()).isEqualTo(1);
    assertThat(stats.revision()).isEqualTo(revision);
    assertThat(stats.events(EventKind.CREATED)).isEqualTo(2);
    assertThat(stats.events(EventKind.LIFESPAN_SET)).isEqualTo(1);
    assertThat(stats.events(EventKind.LOCKED)).isEqualTo(1);
    assertThat(stats.events(EventKind.UPDATED)).isEqualTo(1);
    assertThat(stats.events(EventKind.DELETED)).isZero();
  }
}
