package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.ExpireRequest;
import dev.mayfly.store.ExpireRequest.When;
import dev.mayfly.store.ExpireResult;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.ReadAndExpireRequest;
import dev.mayfly.store.ReservedKeys;
import dev.mayfly.store.SetResult;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Lifespans: when keys end, and what changes that. */
public abstract class LifespanContract extends StoreContract {
  private ExpireResult expire(Lifespan lifespan, When when) {
    return apply(new ExpireRequest(bytes("a"), lifespan, when, RESP));
  }

  @Test
  void deadline_atTheVeryMillisecond_endsTheKey() {
    set("a", "one", Lifespan.ofMillis(1_000), RESP);
    assertThat(entry("a").deadlineMillis()).isEqualTo(time.millis() + 1_000);
    assertThat(entry("a").lifespanMillis()).isEqualTo(1_000);
    assertThat(entry("a").lifespanSetMillis()).isEqualTo(time.millis());

    pass(999);
    assertThat(value("a")).isEqualTo("one");
    assertThat(told()).containsExactly("CREATED a", "LIFESPAN_SET a");
    time.advanceMillis(1);
    assertThat(read("a")).isNull();
    pass(LAG_MILLIS_MAX);

    List<Event> events = events();
    assertThat(events).hasSize(1);
    Event expired = events.getFirst();
    assertThat(expired.kind()).isEqualTo(EventKind.EXPIRED);
    assertThat(expired.client()).isEqualTo(ReservedKeys.SYSTEM_CLIENT);
    assertThat(expired.timeMillis()).isEqualTo(time.millis());
    assertThat(text(expired.value())).isEqualTo("one");
    assertThat(keyspace().stats().keys()).isZero();
    assertThat(keyspace().stats().lifespans()).isZero();
  }

  @Test
  void write_afterTheDeadline_comesAfterTheExpiry() {
    set("a", "one", Lifespan.ofMillis(1_000), RESP);
    time.advanceMillis(1_000);

    SetResult again = set("a", "two");

    assertThat(again.created()).isTrue();
    assertThat(entry("a").version()).isEqualTo(1);
    assertThat(told()).containsExactly("CREATED a", "LIFESPAN_SET a", "EXPIRED a", "CREATED a");
    pass(10_000);
    assertThat(value("a")).isEqualTo("two");
    assertThat(told()).isEmpty();
  }

  @Test
  void deadline_moved_countsFromThenOn() {
    set("a", "one", Lifespan.ofMillis(1_000), RESP);
    pass(500);
    expire(Lifespan.ofMillis(2_000), When.ALWAYS);
    pass(1_999);
    assertThat(value("a")).isEqualTo("one");
    expire(Lifespan.ofMillis(100_000), When.ALWAYS);
    expire(Lifespan.ofMillis(10), When.ALWAYS);
    pass(9);
    assertThat(value("a")).isEqualTo("one");

    time.advanceMillis(1);

    assertThat(read("a")).isNull();
    pass(LAG_MILLIS_MAX);
    assertThat(told().getLast()).isEqualTo("EXPIRED a");
  }

  @Test
  void deadlines_farAndNear_endInTheirTime() {
    long[] lifespans = {1, 30, 63, 100, 256, 4_095, 4_196, 100_000, 3_600_000, 90_000_000_000L};
    for (long lifespan : lifespans) {
      set("k" + lifespan, "x", Lifespan.ofMillis(lifespan), RESP);
    }
    events();
    long passed = 0;
    for (long lifespan : lifespans) {
      pass(lifespan - passed - 1);
      assertThat(told()).isEmpty();
      assertThat(value("k" + lifespan)).isEqualTo("x");
      time.advanceMillis(1);
      assertThat(read("k" + lifespan)).isNull();
      pass(LAG_MILLIS_MAX);
      passed = lifespan + LAG_MILLIS_MAX;
      assertThat(told()).containsExactly("EXPIRED k" + lifespan);
    }
  }

  @Test
  void set_unstatedWhereThatRenews_beginsAgainWithItsLength() {
    set("a", "one", Lifespan.ofMillis(10_000), GRPC);
    pass(4_000);

    set("a", "one", Lifespan.UNSTATED, GRPC);

    assertThat(entry("a").deadlineMillis()).isEqualTo(time.millis() + 10_000);
    assertThat(entry("a").version()).isEqualTo(1);
    assertThat(told()).containsExactly("CREATED a", "LIFESPAN_SET a", "LIFESPAN_RENEWED a");
    pass(6_000);
    assertThat(value("a")).isEqualTo("one");
    pass(4_000);
    assertThat(read("a")).isNull();
  }

  @Test
  void set_unstatedWhereThatClears_makesItLast() {
    set("a", "one", Lifespan.ofMillis(10_000), RESP);

    set("a", "two");

    assertThat(entry("a").deadlineMillis()).isZero();
    assertThat(told())
        .containsExactly("CREATED a", "LIFESPAN_SET a", "LIFESPAN_SET a", "UPDATED a");
    pass(10_000);
    assertThat(value("a")).isEqualTo("two");
  }

  @Test
  void set_keepsOrClears_whereItSaysSo() {
    set("a", "one", Lifespan.ofMillis(10_000), GRPC);
    time.advanceMillis(1);

    set("a", "two", Lifespan.KEEP, GRPC);
    assertThat(entry("a").deadlineMillis()).isEqualTo(time.millis() + 9_999);
    set("a", "three", Lifespan.CLEAR, GRPC);
    assertThat(entry("a").deadlineMillis()).isZero();
    set("a", "three", Lifespan.CLEAR, GRPC);

    assertThat(told())
        .containsExactly("CREATED a", "LIFESPAN_SET a", "UPDATED a", "LIFESPAN_SET a", "UPDATED a");
  }

  @Test
  void set_deadlineInThePast_removesTheKey() {
    set("a", "one");

    SetResult result = set("a", "two", Lifespan.until(time.millis()), RESP);

    assertThat(result.applied()).isTrue();
    assertThat(read("a")).isNull();
    assertThat(told()).containsExactly("CREATED a", "DELETED a");
    assertThat(set("a", "two", Lifespan.until(time.millis() - 1), RESP))
        .isEqualTo(new SetResult(true, false, 0, null));
    assertThat(told()).isEmpty();
  }

  @Test
  void set_lifespanOutOfRange_isRefused() {
    assertRefused(ErrorCode.LIFESPAN_INVALID, () -> set("a", "x", Lifespan.ofMillis(4_999), GRPC));
    assertRefused(ErrorCode.LIFESPAN_INVALID, () -> set("a", "x", Lifespan.ofMillis(0), RESP));
    assertRefused(
        ErrorCode.LIFESPAN_INVALID, () -> set("a", "x", Lifespan.ofMillis(Long.MAX_VALUE), RESP));
    set("a", "x", Lifespan.ofMillis(1), RESP);
    set("b", "x", Lifespan.ofMillis(5_000), GRPC);
  }

  @Test
  void expire_missing_tellsSo() {
    assertThat(expire(Lifespan.ofMillis(10), When.ALWAYS))
        .isEqualTo(new ExpireResult(false, false, 0));
  }

  @Test
  void expire_conditions_compareWithTheDeadline() {
    long plain = set("a", "one").revision();

    assertThat(expire(Lifespan.ofMillis(100), When.IF_ANY))
        .isEqualTo(new ExpireResult(false, true, plain));
    assertThat(expire(Lifespan.ofMillis(100), When.IF_LATER).changed()).isFalse();
    assertThat(expire(Lifespan.ofMillis(100), When.IF_EARLIER).changed()).isTrue();
    assertThat(expire(Lifespan.ofMillis(100), When.IF_NONE).changed()).isFalse();
    assertThat(expire(Lifespan.ofMillis(100), When.IF_LATER).changed()).isFalse();
    assertThat(expire(Lifespan.ofMillis(101), When.IF_LATER).changed()).isTrue();
    assertThat(expire(Lifespan.ofMillis(101), When.IF_EARLIER).changed()).isFalse();
    assertThat(expire(Lifespan.ofMillis(100), When.IF_EARLIER).changed()).isTrue();
    assertThat(expire(Lifespan.CLEAR, When.ALWAYS).changed()).isTrue();
    assertThat(expire(Lifespan.CLEAR, When.ALWAYS).changed()).isFalse();
    assertThat(expire(Lifespan.ofMillis(100), When.IF_NONE).changed()).isTrue();
    assertThat(entry("a").version()).isEqualTo(1);
  }

  @Test
  void expire_past_removesTheKey() {
    set("a", "one");

    ExpireResult result = expire(Lifespan.until(0), When.ALWAYS);

    assertThat(result.changed()).isTrue();
    assertThat(read("a")).isNull();
    assertThat(told()).containsExactly("CREATED a", "DELETED a");
  }

  @Test
  void expire_withoutALifespan_isRefused() {
    assertRefused(ErrorCode.LIFESPAN_INVALID, () -> expire(Lifespan.UNSTATED, When.ALWAYS));
    assertRefused(ErrorCode.LIFESPAN_INVALID, () -> expire(Lifespan.KEEP, When.ALWAYS));
  }

  @Test
  void readAndExpire_answersAsItWas() {
    set("a", "one");

    Entry read = readAndExpire(Lifespan.ofMillis(10));

    assertThat(Objects.requireNonNull(read).deadlineMillis()).isZero();
    assertThat(entry("a").deadlineMillis()).isEqualTo(time.millis() + 10);
    assertThat(readAndExpire(Lifespan.KEEP)).isNotNull();
    assertThat(entry("a").deadlineMillis()).isEqualTo(time.millis() + 10);
    assertThat(readAndExpire(Lifespan.CLEAR)).isNotNull();
    assertThat(entry("a").deadlineMillis()).isZero();
    assertThat(text(Objects.requireNonNull(readAndExpire(Lifespan.until(0))).value()))
        .isEqualTo("one");
    assertThat(readAndExpire(Lifespan.CLEAR)).isNull();
    assertThat(told())
        .containsExactly("CREATED a", "LIFESPAN_SET a", "LIFESPAN_SET a", "DELETED a");
  }

  private @org.jspecify.annotations.Nullable Entry readAndExpire(Lifespan lifespan) {
    return apply(new ReadAndExpireRequest(bytes("a"), lifespan, RESP));
  }

  @Test
  void expiry_ofManyKeys_tellsEachOnce() {
    for (int i = 0; i < 1_000; i++) {
      set("k" + i, "x", Lifespan.ofMillis(1 + i % 50), RESP);
    }
    set("stays", "x");
    events();

    pass(50 + LAG_MILLIS_MAX);

    assertThat(told()).doesNotHaveDuplicates().hasSize(1_000);
    assertThat(keyspace().stats().keys()).isEqualTo(1);
  }
}
