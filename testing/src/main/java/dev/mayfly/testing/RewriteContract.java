package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.AppendRequest;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.IncrementDecimalRequest;
import dev.mayfly.store.IncrementRequest;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.NumberResult;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetBitRequest;
import dev.mayfly.store.SetRangeRequest;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** Making a value from the one before: arithmetic, append, ranges, bits. */
public abstract class RewriteContract extends StoreContract {
  private NumberResult increment(long by) {
    return apply(new IncrementRequest(bytes("a"), by, Lifespan.UNSTATED, RESP));
  }

  private String incrementDecimal(String by) {
    return apply(new IncrementDecimalRequest(bytes("a"), new BigDecimal(by), RESP)).number();
  }

  @Test
  void increment_missing_countsAsZero() {
    NumberResult first = increment(5);
    NumberResult second = increment(-7);

    assertThat(first.number()).isEqualTo(5);
    assertThat(first.created()).isTrue();
    assertThat(second.number()).isEqualTo(-2);
    assertThat(second.created()).isFalse();
    assertThat(value("a")).isEqualTo("-2");
    assertThat(told()).containsExactly("CREATED a", "UPDATED a");
  }

  @Test
  void increment_lifespan_staysUnlessGiven() {
    set("a", "1", Lifespan.ofMillis(10_000), RESP);
    time.advanceMillis(1);

    increment(1);
    long kept = entry("a").deadlineMillis();
    apply(new IncrementRequest(bytes("a"), 1, Lifespan.ofMillis(20_000), RESP));

    assertThat(kept).isEqualTo(time.millis() - 1 + 10_000);
    assertThat(entry("a").deadlineMillis()).isEqualTo(time.millis() + 20_000);
  }

  /** The beginning of time is past, like any other time; as a deadline it meant none at all. */
  @Test
  void increment_untilTheBeginningOfTime_leavesNoKey() {
    NumberResult result = apply(new IncrementRequest(bytes("a"), 5, Lifespan.until(0), RESP));

    assertThat(result.number()).isEqualTo(5);
    assertThat(read("a")).isNull();
  }

  @Test
  void increment_beyondRange_isRefusedAndChangesNothing() {
    set("a", Long.toString(Long.MAX_VALUE));
    assertRefused(ErrorCode.NUMBER_OVERFLOW, () -> increment(1));
    set("a", Long.toString(Long.MIN_VALUE));
    assertRefused(ErrorCode.NUMBER_OVERFLOW, () -> increment(-1));

    assertThat(increment(0).number()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void increment_notANumber_isRefused() {
    for (String text : new String[] {"", "-", "x", " 1", "01", "+1", "1.0", "-0", "9".repeat(19)}) {
      set("a", text);
      assertRefused(ErrorCode.NOT_A_NUMBER, () -> increment(1));
      assertThat(value("a")).isEqualTo(text);
    }
  }

  @Test
  void incrementDecimal_sums_areExactAndPlain() {
    assertThat(incrementDecimal("0.1")).isEqualTo("0.1");
    assertThat(incrementDecimal("0.2")).isEqualTo("0.3");
    assertThat(incrementDecimal("2.7")).isEqualTo("3");
    assertThat(incrementDecimal("1e3")).isEqualTo("1003");
    assertThat(incrementDecimal("-1003")).isEqualTo("0");
    set("a", "abc");
    assertRefused(ErrorCode.NOT_A_NUMBER, () -> incrementDecimal("1"));
  }

  @Test
  void append_growsTheValue() {
    assertThat(append("ab", RESP)).isEqualTo(2);
    assertThat(append("cd", RESP)).isEqualTo(4);

    assertThat(value("a")).isEqualTo("abcd");
    assertThat(entry("a").version()).isEqualTo(2);
    assertThat(told()).containsExactly("CREATED a", "UPDATED a");
  }

  private long append(String tail, Rules rules) {
    return apply(new AppendRequest(bytes("a"), bytes(tail), rules)).number();
  }

  @Test
  void append_beyondALimit_isRefused() {
    Rules narrow = new Rules(1, 4, Rules.UnstatedLifespan.CLEAR, true, 0, false);
    append("abc", narrow);
    assertRefused(ErrorCode.VALUE_TOO_LARGE, () -> append("de", narrow));
    set("a", "x".repeat(1_000_000));
    assertRefused(ErrorCode.VALUE_TOO_LARGE, () -> append("y", RESP));

    assertThat(entry("a").size()).isEqualTo(1_000_000);
  }

  @Test
  void append_lockedByAnother_isRefused() {
    set("a", "x");
    keyspace().apply(new LockRequest(bytes("a"), 5_000, false, false, RESP), bob());

    assertRefused(ErrorCode.LOCKED, () -> append("y", RESP));
    assertRefused(ErrorCode.LOCKED, () -> increment(1));
    assertRefused(ErrorCode.LOCKED, () -> setRange(0, "y"));
    assertRefused(ErrorCode.LOCKED, () -> setBit(0, true));
  }

  private NumberResult setRange(long offset, String part) {
    return apply(new SetRangeRequest(bytes("a"), offset, bytes(part), RESP));
  }

  @Test
  void setRange_beyondTheEnd_fillsWithZeros() {
    assertThat(setRange(2, "x").number()).isEqualTo(3);
    assertThat(entry("a").value()).containsExactly(0, 0, 'x');

    assertThat(setRange(1, "yz!").number()).isEqualTo(4);
    assertThat(entry("a").value()).containsExactly(0, 'y', 'z', '!');
  }

  @Test
  void setRange_nothing_isNoChange() {
    assertThat(setRange(5, "")).isEqualTo(new NumberResult(0, false, 0));
    long revision = set("a", "abc").revision();

    assertThat(setRange(5, "")).isEqualTo(new NumberResult(3, false, revision));
    assertThat(told()).containsExactly("CREATED a");
  }

  @Test
  void setRange_outOfRange_isRefused() {
    assertRefused(ErrorCode.ARGUMENT_INVALID, () -> setRange(-1, "x"));
    assertRefused(ErrorCode.VALUE_TOO_LARGE, () -> setRange(1_000_000, "x"));
    assertRefused(ErrorCode.VALUE_TOO_LARGE, () -> setRange(Long.MAX_VALUE, "x"));
    assertThat(setRange(999_999, "x").number()).isEqualTo(1_000_000);
  }

  private long setBit(long bit, boolean on) {
    return apply(new SetBitRequest(bytes("a"), bit, on, RESP)).number();
  }

  @Test
  void setBit_countsFromTheHighest() {
    assertThat(setBit(1, true)).isZero();
    assertThat(setBit(1, true)).isEqualTo(1);
    assertThat(setBit(15, true)).isZero();
    assertThat(entry("a").value()).containsExactly(0x40, 0x01);

    assertThat(setBit(1, false)).isEqualTo(1);
    assertThat(entry("a").value()).containsExactly(0x00, 0x01);
  }

  @Test
  void setBit_thatIsAsWanted_isNoChange() {
    assertThat(setBit(9, false)).isZero();
    SetBitRequest again = new SetBitRequest(bytes("a"), 9, false, RESP);
    long revision = entry("a").revision();

    assertThat(apply(again)).isEqualTo(new NumberResult(0, false, revision));
    assertThat(told()).containsExactly("CREATED a");

    assertThat(setBit(16, false)).isZero();
    assertThat(entry("a").value()).hasSize(3);
  }

  @Test
  void setBit_outOfRange_isRefused() {
    assertRefused(ErrorCode.ARGUMENT_INVALID, () -> setBit(-1, true));
    assertRefused(ErrorCode.VALUE_TOO_LARGE, () -> setBit(8_000_000, true));
    assertRefused(ErrorCode.VALUE_TOO_LARGE, () -> setBit(Long.MAX_VALUE, true));
    assertThat(setBit(7_999_999, true)).isZero();
  }
}
