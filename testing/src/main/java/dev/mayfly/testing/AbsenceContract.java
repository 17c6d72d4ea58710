package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Absence;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.Operation;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransactionRequest.OnRefusal;
import dev.mayfly.store.TransferRequest;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The absence of keys as a condition of transactions. */
public abstract class AbsenceContract extends StoreContract {
  private boolean holds(Absence absence) {
    TransactionRequest request =
        new TransactionRequest(
            List.of(),
            List.of(absence),
            List.of(new Operation.Read(ReadRequest.value(bytes("a")))),
            List.of(),
            OnRefusal.GO_ON);
    return store().transactions().transact(request, alice()).held();
  }

  private Absence absence(String key) {
    return Objects.requireNonNull(store().transactions().absence(bytes(key), alice()));
  }

  @Test
  void absence_ofAKeyThatExists_isNone() {
    set("a", "1");

    assertThat(store().transactions().absence(bytes("a"), alice())).isNull();
  }

  @Test
  void absence_keyCameAndWent_isBroken() {
    try (Absence absence = absence("a");
        Absence second = absence("a");
        Absence other = absence("b")) {
      apply(DeleteRequest.of(bytes("a")));
      set("c", "1");
      assertThat(holds(absence)).isTrue();

      set("a", "1");
      apply(DeleteRequest.of(bytes("a")));

      assertThat(holds(absence)).isFalse();
      assertThat(holds(second)).isFalse();
      assertThat(holds(other)).isTrue();
    }
  }

  @Test
  void absence_ofAKeyThatIsPast_seesTheNextOne() {
    set("a", "1", Lifespan.ofMillis(10), RESP);
    time.advanceMillis(10);
    try (Absence absence = absence("a")) {
      assertThat(holds(absence)).isTrue();
      set("a", "2", Lifespan.ofMillis(10), RESP);
      pass(100);

      assertThat(holds(absence)).isFalse();
    }
  }

  @Test
  void absence_keyIsSetWithADeadlineThatIsPast_isBroken() {
    SetRequest past = SetRequest.of(bytes("a"), bytes("1"), Lifespan.until(time.millis()), RESP);
    Operation setting =
        new Operation.Write(
            SetRequest.of(bytes("b"), bytes("1"), Lifespan.until(time.millis()), RESP));
    apply(past);
    try (Absence absence = absence("a");
        Absence transacted = absence("b");
        Absence other = absence("c")) {
      assertThat(holds(absence)).isTrue();

      apply(past);
      store()
          .transactions()
          .transact(
              new TransactionRequest(
                  List.of(), List.of(setting), List.of(), OnRefusal.NOTHING_DONE),
              alice());

      assertThat(List.of(holds(absence), holds(transacted), holds(other)))
          .containsExactly(false, false, true);
    }
  }

  @Test
  void absence_isBrokenByTransfersLocksAndTransactions() {
    set("a", "1");
    try (Absence copied = absence("b");
        Absence locked = absence("c");
        Absence transacted = absence("d")) {
      store()
          .transactions()
          .transfer(new TransferRequest(bytes("a"), bytes("b"), true, false, RESP), alice());
      keyspace().apply(new LockRequest(bytes("c"), 5_000, true, false, RESP), bob());
      Operation setting =
          new Operation.Write(SetRequest.of(bytes("d"), bytes("1"), Lifespan.UNSTATED, RESP));
      Operation deleting = new Operation.Write(DeleteRequest.of(bytes("d")));
      store()
          .transactions()
          .transact(
              new TransactionRequest(
                  List.of(), List.of(setting, deleting), List.of(), OnRefusal.GO_ON),
              alice());

      assertThat(List.of(holds(copied), holds(locked), holds(transacted))).containsOnly(false);
    }
  }

  @Test
  void absence_refusedCreation_doesNotBreakIt() {
    use(StoreLimits.DEFAULT.withKeysMax(1));
    set("a", "1");
    try (Absence absence = absence("b")) {
      assertRefused(ErrorCode.STORE_FULL, () -> set("b", "1"));

      assertThat(holds(absence)).isTrue();
    }
  }
}
