package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.TransferRequest;
import dev.mayfly.store.TransferResult;
import org.junit.jupiter.api.Test;

/** Renaming and copying a key. */
public abstract class TransfersContract extends StoreContract {
  private TransferResult transfer(String from, String to, boolean kept, boolean replacing) {
    return store()
        .transactions()
        .transfer(new TransferRequest(bytes(from), bytes(to), kept, replacing, RESP), alice());
  }

  @Test
  void transfer_rename_movesValueAndDeadline() {
    set("a", "one", Lifespan.ofMillis(10_000), RESP);
    time.advanceMillis(1_000);

    TransferResult result = transfer("a", "b", false, true);

    Entry moved = entry("b");
    assertThat(result).isEqualTo(new TransferResult(true, moved.revision()));
    assertThat(text(moved.value())).isEqualTo("one");
    assertThat(moved.deadlineMillis()).isEqualTo(time.millis() + 9_000);
    assertThat(moved.version()).isEqualTo(1);
    assertThat(read("a")).isNull();
    events();
    pass(9_000 + LAG_MILLIS_MAX);
    assertThat(told()).containsExactly("EXPIRED b");
  }

  @Test
  void transfer_copy_keepsTheSource() {
    set("a", "one");
    events();

    transfer("a", "b", true, false);

    assertThat(value("a")).isEqualTo("one");
    assertThat(value("b")).isEqualTo("one");
    assertThat(told()).containsExactly("CREATED b");
  }

  @Test
  void transfer_ontoAnother_replacesOnlyWhenAsked() {
    set("a", "one");
    set("b", "two", Lifespan.ofMillis(10_000), RESP);

    assertThat(transfer("a", "b", false, false)).isEqualTo(new TransferResult(false, 0));
    assertThat(value("b")).isEqualTo("two");
    events();
    assertThat(transfer("a", "b", false, true).done()).isTrue();

    assertThat(value("b")).isEqualTo("one");
    assertThat(entry("b").deadlineMillis()).isZero();
    assertThat(told()).containsExactly("UPDATED b", "LIFESPAN_SET b", "DELETED a");
  }

  @Test
  void transfer_refusals() {
    assertRefused(ErrorCode.NOT_FOUND, () -> transfer("a", "b", true, true));
    assertRefused(ErrorCode.NOT_FOUND, () -> transfer("a", "a", false, true));
    set("a", "one");
    set("b", "two");
    assertRefused(ErrorCode.RESERVED_KEY, () -> transfer("a", "keyquarry", false, true));
    keyspace().apply(new LockRequest(bytes("a"), 5_000, false, false, RESP), bob());
    assertRefused(ErrorCode.LOCKED, () -> transfer("a", "b", false, true));
    assertRefused(ErrorCode.LOCKED, () -> transfer("b", "a", true, true));
    assertThat(transfer("a", "c", true, true).done()).isTrue();
    assertThat(entry("c").lock()).isNull();
  }

  @Test
  void transfer_toItself_isNoChange() {
    long revision = set("a", "one").revision();
    events();

    assertThat(transfer("a", "a", false, true)).isEqualTo(new TransferResult(true, revision));
    assertThat(transfer("a", "a", false, false).done()).isFalse();
    assertThat(told()).isEmpty();
  }

  @Test
  void transfer_fullOfWhatIsPast_findsRoom() {
    use(StoreLimits.DEFAULT.withKeysMax(2));
    set("a", "1");
    set("b", "1", Lifespan.ofMillis(100), RESP);
    time.advanceMillis(1_000);

    store()
        .transactions()
        .transfer(new TransferRequest(bytes("a"), bytes("c"), true, false, RESP), alice());

    assertThat(value("a") + value("c")).isEqualTo("11");
  }
}
