package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Compare;
import dev.mayfly.store.Condition;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.DeleteResult;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.IncrementRequest;
import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.KeyMutation;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.PopRequest;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SetResult;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransactionRequest.OnRefusal;
import dev.mayfly.store.TransactionResult;
import dev.mayfly.store.TransferRequest;
import dev.mayfly.store.TransferResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on several keys at once. */
public abstract class TransactionsContract extends StoreContract {
  private static Operation write(KeyMutation<?> request) {
    return new Operation.Write(request);
  }

  private static Operation setting(String key, String value) {
    return write(SetRequest.of(bytes(key), bytes(value), Lifespan.UNSTATED, RESP));
  }

  private static Operation reading(String key) {
    return new Operation.Read(ReadRequest.value(bytes(key)));
  }

  private static Operation incrementing(String key) {
    return write(new IncrementRequest(bytes(key), 1, Lifespan.UNSTATED, RESP));
  }

  private TransactionResult transact(
      List<Compare> compares, List<Operation> then, List<Operation> otherwise, OnRefusal refusal) {
    return store()
        .transactions()
        .transact(new TransactionRequest(compares, then, otherwise, refusal), alice());
  }

  @Test
  void transact_all_doesEachInOrder() {
    TransactionResult result =
        transact(
            List.of(),
            List.of(setting("a", "1"), incrementing("a"), reading("a"), setting("b", "x")),
            List.of(setting("c", "x")),
            OnRefusal.GO_ON);

    assertThat(result.held()).isTrue();
    assertThat(result.results()).hasSize(4);
    assertThat(((SetResult) result.results().get(0)).created()).isTrue();
    assertThat(text(((Entry) result.results().get(2)).value())).isEqualTo("2");
    assertThat(told()).containsExactly("CREATED a", "UPDATED a", "CREATED b");
  }

  @Test
  void transact_compares_chooseTheList() {
    long revision = set("a", "1").revision();

    assertThat(chosen(Compare.revision(bytes("a"), revision))).isTrue();
    assertThat(chosen(Compare.revision(bytes("a"), revision - 1))).isFalse();
    assertThat(chosen(Compare.revision(bytes("missing"), 0))).isTrue();
    assertThat(chosen(compare("a", Compare.Field.VERSION, Compare.Relation.LESS, 2))).isTrue();
    assertThat(chosen(compare("a", Compare.Field.VERSION, Compare.Relation.GREATER, 1))).isFalse();
    assertThat(chosen(compare("a", Compare.Field.REVISION, Compare.Relation.NOT_EQUAL, 0)))
        .isTrue();
    assertThat(chosen(compareValue("a", Compare.Relation.EQUAL, "1"))).isTrue();
    assertThat(chosen(compareValue("a", Compare.Relation.NOT_EQUAL, "1"))).isFalse();
    assertThat(chosen(compareValue("missing", Compare.Relation.EQUAL, ""))).isTrue();
    assertThat(
            chosen(Compare.revision(bytes("a"), revision), Compare.revision(bytes("missing"), 1)))
        .isFalse();
  }

  @SuppressWarnings("NullAway") // The class file does not tell it that the array may be absent.
  private static Compare compare(
      String key, Compare.Field field, Compare.Relation relation, long number) {
    return new Compare(bytes(key), field, relation, number, null);
  }

  private static Compare compareValue(String key, Compare.Relation relation, String value) {
    return new Compare(bytes(key), Compare.Field.VALUE, relation, 0, bytes(value));
  }

  private boolean chosen(Compare... compares) {
    TransactionResult result =
        transact(
            List.of(compares),
            List.of(reading("a")),
            List.of(reading("b"), reading("b")),
            OnRefusal.GO_ON);
    assertThat(result.results()).hasSize(result.held() ? 1 : 2);
    return result.held();
  }

  @Test
  void transact_refusalWhereOthersGoOn_isTheResultInItsPlace() {
    set("a", "text");

    TransactionResult result =
        transact(
            List.of(),
            List.of(setting("b", "1"), incrementing("a"), incrementing("b"), reading("none")),
            List.of(),
            OnRefusal.GO_ON);

    assertThat(((MayflyException) result.results().get(1)).code())
        .isEqualTo(ErrorCode.NOT_A_NUMBER);
    assertThat(result.results().get(3)).isNull();
    assertThat(value("b")).isEqualTo("2");
  }

  @Test
  void transact_refusalWhereNothingIsDone_leavesEverything() {
    set("a", "text");
    events();
    List<Operation> refused = List.of(setting("b", "1"), incrementing("a"));

    assertRefused(
        ErrorCode.NOT_A_NUMBER,
        () -> transact(List.of(), refused, List.of(), OnRefusal.NOTHING_DONE));

    assertThat(read("b")).isNull();
    assertThat(told()).isEmpty();
  }

  @Test
  void transact_refusedRead_leavesEverything() {
    set("a", "x");
    keyspace().apply(new LockRequest(bytes("a"), 5_000, false, false, RESP), bob());

    assertRefused(
        ErrorCode.LOCKED,
        () ->
            transact(
                List.of(),
                List.of(setting("b", "1"), reading("a")),
                List.of(),
                OnRefusal.NOTHING_DONE));

    assertThat(read("b")).isNull();
  }

  @Test
  void transact_readBehindAWrite_meetsTheLockThatTheWriteLeaves() {
    set("a", "x");
    keyspace().apply(new LockRequest(bytes("a"), 5_000, false, false, RESP), bob());
    Operation removing = write(new DeleteRequest(bytes("a"), Condition.ALWAYS, true));

    TransactionResult result =
        transact(List.of(), List.of(removing, reading("a")), List.of(), OnRefusal.NOTHING_DONE);

    assertThat(((DeleteResult) result.results().get(0)).deleted()).isTrue();
    assertThat(result.results().get(1)).isNull();
  }

  @Test
  void transact_readBehindAWriteThatLeavesTheLock_isRefusedAsAWhole() {
    set("a", "x");
    keyspace().apply(new LockRequest(bytes("a"), 5_000, false, false, RESP), bob());
    Operation sparing =
        write(new DeleteRequest(bytes("a"), Condition.ifValue(bytes("another")), true));

    assertRefused(
        ErrorCode.LOCKED,
        () ->
            transact(
                List.of(),
                List.of(setting("b", "1"), sparing, reading("a")),
                List.of(),
                OnRefusal.NOTHING_DONE));

    assertThat(read("b")).isNull();
    assertThat(entry("a").lock()).isNotNull();
  }

  @Test
  void transact_nothingDone_doesAllWhenNoneIsRefused() {
    set("a", "1");
    set("d", "x");
    events();

    TransactionResult result =
        transact(
            List.of(),
            List.of(incrementing("a"), setting("b", "x"), write(DeleteRequest.of(bytes("d")))),
            List.of(),
            OnRefusal.NOTHING_DONE);

    assertThat(((DeleteResult) result.results().get(2)).deleted()).isTrue();
    assertThat(told()).containsExactly("UPDATED a", "CREATED b", "DELETED d");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 13, 14, 15, 40})
  void transact_nothingDone_refusesAKeyWrittenTwice(int others) {
    List<Operation> writes = new ArrayList<>(List.of(setting("a", "1")));
    for (int i = 0; i < others; i++) {
      writes.add(setting("other" + i, "1"));
    }
    writes.add(setting("a", "2"));

    assertRefused(
        ErrorCode.ARGUMENT_INVALID,
        () -> transact(List.of(), writes, List.of(), OnRefusal.NOTHING_DONE));
    assertThat(keyspace().stats().keys()).isZero();
  }

  @Test
  void transact_nothingDone_needsRoomForAllKeys() {
    use(StoreLimits.DEFAULT.withKeysMax(2));
    set("a", "1");

    assertRefused(
        ErrorCode.STORE_FULL,
        () ->
            transact(
                List.of(),
                List.of(setting("b", "1"), setting("c", "1")),
                List.of(),
                OnRefusal.NOTHING_DONE));

    assertThat(keyspace().stats().keys()).isEqualTo(1);
  }

  @Test
  void transact_nothingDoneInAFullStore_doesWhatAddsNoKey() {
    use(StoreLimits.DEFAULT.withKeysMax(2));
    set("a", "1");
    set("b", "1");

    TransactionResult result =
        transact(
            List.of(),
            List.of(
                write(DeleteRequest.of(bytes("missing"))),
                write(DeleteRequest.of(bytes("b"))),
                setting("c", "1")),
            List.of(),
            OnRefusal.NOTHING_DONE);

    assertThat(((DeleteResult) result.results().get(0)).deleted()).isFalse();
    assertThat(keyspace().stats().keys()).isEqualTo(2);
    assertThat(value("c")).isEqualTo("1");
  }

  @ParameterizedTest
  @EnumSource(OnRefusal.class)
  void transact_fullOfWhatIsPast_findsRoom(OnRefusal refusal) {
    use(StoreLimits.DEFAULT.withKeysMax(2));
    set("a", "1", Lifespan.ofMillis(100), RESP);
    set("b", "1", Lifespan.ofMillis(100), RESP);
    time.advanceMillis(1_000);

    TransactionResult result =
        transact(List.of(), List.of(setting("c", "1"), setting("d", "1")), List.of(), refusal);

    assertThat(result.results()).allMatch(SetResult.class::isInstance);
    assertThat(value("c") + value("d")).isEqualTo("11");
    store().maintenance().run();
    assertThat(told()).containsOnlyOnce("EXPIRED a", "EXPIRED b", "CREATED c", "CREATED d");
  }

  @Test
  void transact_nothingDone_countsAReadOnce() {
    set("a", "1", Lifespan.UNSTATED, GRPC);

    transact(List.of(), List.of(reading("a")), List.of(), OnRefusal.NOTHING_DONE);

    KeyMetrics metrics = Objects.requireNonNull(entry("a").metrics());
    assertThat(metrics.accessCount()).isEqualTo(1);
  }

  @Test
  void transact_readOnly_refusesWritesOnly() {
    set("a", "1");
    keyspace().readOnly(true);

    TransactionResult result =
        transact(List.of(), List.of(reading("a"), setting("a", "2")), List.of(), OnRefusal.GO_ON);

    assertThat(text(((Entry) result.results().get(0)).value())).isEqualTo("1");
    assertThat(((MayflyException) result.results().get(1)).code()).isEqualTo(ErrorCode.READ_ONLY);
  }

  @Test
  void transact_tooManyParts_isRefused() {
    List<Operation> tooMany = Collections.nCopies(TransactionRequest.PARTS_MAX + 1, reading("a"));

    assertRefused(
        ErrorCode.ARGUMENT_INVALID, () -> transact(List.of(), tooMany, List.of(), OnRefusal.GO_ON));
  }

  @Test
  void transact_popOfMissing_answersNone() {
    TransactionResult result =
        transact(List.of(), List.of(write(new PopRequest(bytes("a")))), List.of(), OnRefusal.GO_ON);

    assertThat(result.results()).containsExactly((Object) null);
  }

  @Test
  void transact_transferAmongOthers_isDoneInItsPlace() {
    set("a", "1");
    events();

    TransactionResult result =
        transact(
            List.of(),
            List.of(
                incrementing("a"),
                transferring("a", "b", false),
                transferring("a", "c", false),
                incrementing("b"),
                reading("b")),
            List.of(),
            OnRefusal.GO_ON);

    assertThat(((TransferResult) result.results().get(1)).done()).isTrue();
    assertThat(((MayflyException) result.results().get(2)).code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(text(((Entry) result.results().get(4)).value())).isEqualTo("3");
    assertThat(told()).containsExactly("UPDATED a", "CREATED b", "DELETED a", "UPDATED b");
  }

  @Test
  void transact_group_isDoneAsAWholeOrNotAtAll() {
    set("text", "x");
    List<Compare> none = List.of(Compare.revision(bytes("a"), 0));
    Operation first = new Operation.Group(none, List.of(setting("a", "1"), setting("b", "1")));
    Operation again = new Operation.Group(none, List.of(setting("a", "2"), setting("c", "2")));
    Operation refused =
        new Operation.Group(List.of(), List.of(setting("d", "1"), incrementing("text")));

    TransactionResult result =
        transact(
            List.of(),
            List.of(first, again, refused, setting("e", "1")),
            List.of(),
            OnRefusal.GO_ON);

    assertThat(((TransactionResult) result.results().get(0)).held()).isTrue();
    assertThat(((TransactionResult) result.results().get(1)).held()).isFalse();
    assertThat(((MayflyException) result.results().get(2)).code())
        .isEqualTo(ErrorCode.NOT_A_NUMBER);
    assertThat(List.of(value("a"), value("b"), value("e"))).containsOnly("1");
    assertThat(read("c")).isNull();
    assertThat(read("d")).isNull();
  }

  @Test
  void transact_groupsAndTransfersInAWhole_areRefused() {
    set("a", "1");
    for (Operation part :
        List.of(
            transferring("a", "b", true),
            new Operation.Group(List.of(), List.of(setting("b", "1"))))) {
      assertRefused(
          ErrorCode.ARGUMENT_INVALID,
          () -> transact(List.of(), List.of(part), List.of(), OnRefusal.NOTHING_DONE));
    }

    assertThat(read("b")).isNull();
  }

  private static Operation transferring(String from, String to, boolean kept) {
    return new Operation.Transfer(new TransferRequest(bytes(from), bytes(to), kept, true, RESP));
  }
}
