package dev.mayfly.grpc;

import static dev.mayfly.grpc.Refusals.assertRefused;
import static io.grpc.Status.Code.FAILED_PRECONDITION;
import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.PERMISSION_DENIED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.mayfly.api.keyquarry.ClearHistoryResponse;
import dev.mayfly.api.keyquarry.ClearRequest;
import dev.mayfly.api.keyquarry.ClearResponse;
import dev.mayfly.api.keyquarry.DeleteRequest;
import dev.mayfly.api.keyquarry.EmptyRequest;
import dev.mayfly.api.keyquarry.GetRevisionRequest;
import dev.mayfly.api.keyquarry.Key;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc.KeyQuarryBlockingStub;
import dev.mayfly.api.keyquarry.KeyValue;
import dev.mayfly.api.keyquarry.ListKeysRequest;
import dev.mayfly.api.keyquarry.ListKeysResponse;
import dev.mayfly.api.keyquarry.LockRequest;
import dev.mayfly.api.keyquarry.PopRequest;
import dev.mayfly.api.keyquarry.PruneRequest;
import dev.mayfly.api.keyquarry.ReadOnlyRequest;
import dev.mayfly.api.keyquarry.RegisterRequest;
import dev.mayfly.api.keyquarry.ServerMetrics;
import dev.mayfly.api.keyquarry.ShutdownRequest;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls about the server as a whole: the operator's, listings and sweeps. */
@Timeout(60)
final class OperatorTest {
  private static final EmptyRequest NOTHING = EmptyRequest.getDefaultInstance();
  private static final String NOT_OPERATOR = "missing or invalid client ID for admin function";

  private final TestDoor door = TestDoor.open(engine -> engine.withKeysMax(40));
  private final KeyQuarryBlockingStub client = door.client("alice");
  private final KeyQuarryBlockingStub operator = door.client(TestDoor.OPERATOR);

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void readOnly_byTheOperator_holdsUntilItIsTakenBack() {
    set("k", "x");

    assertThat(operator.setReadOnly(readOnly(true)).getSuccess()).isTrue();

    assertRefused(FAILED_PRECONDITION, "server in readonly mode", () -> set("k", "y"));
    assertRefused(FAILED_PRECONDITION, "server in readonly mode", () -> client.clear(clear(true)));
    assertRefused(
        FAILED_PRECONDITION, "server in readonly mode", () -> client.clearHistory(NOTHING));
    assertThat(client.get(Key.newBuilder().setKey("k").build()).getValue().toStringUtf8())
        .isEqualTo("x");
    assertThat(client.register(RegisterRequest.getDefaultInstance()).getSuccess()).isTrue();
    operator.setReadOnly(readOnly(false));
    set("k", "y");
  }

  @Test
  void readOnly_byOthers_isRefused() {
    assertRefused(PERMISSION_DENIED, "not authorized", () -> client.setReadOnly(readOnly(true)));
    assertThat(door.keyspace.isReadOnly()).isFalse();
    try (TestDoor nobodys = TestDoor.open(TestDoor.config(false, "", null))) {
      assertRefused(
          FAILED_PRECONDITION,
          "privileged client ID not set",
          () -> nobodys.client("alice").setReadOnly(readOnly(true)));
      assertRefused(
          PERMISSION_DENIED,
          NOT_OPERATOR,
          () -> nobodys.admin("alice").shutdown(ShutdownRequest.getDefaultInstance()));
    }
  }

  @Test
  void shutdown_operatorAlone_mayAskForIt() {
    assertRefused(
        PERMISSION_DENIED,
        NOT_OPERATOR,
        () -> door.admin("alice").shutdown(ShutdownRequest.getDefaultInstance()));
    assertThat(door.shutdowns.get()).isZero();

    door.admin(TestDoor.OPERATOR).shutdown(ShutdownRequest.getDefaultInstance());

    assertThat(door.shutdowns.get()).isEqualTo(1);
  }

  @Test
  void prune_operator_leavesSoManyAndSparesTheNamedAndTheLocked() {
    for (int i = 0; i < 30; i++) {
      set("k" + i, "x");
    }
    lock("k3");
    door.time.advance(3_600_000);
    lock("k4");
    PruneRequest request = PruneRequest.newBuilder().setPruneTo(5).addIgnoreKeys("k9").build();
    assertRefused(PERMISSION_DENIED, NOT_OPERATOR, () -> door.admin("alice").prune(request));
    assertThat(client.stats(NOTHING).getKeys()).isEqualTo(30);

    assertThat(door.admin(TestDoor.OPERATOR).prune(request).getPruned()).isEqualTo(25);

    assertThat(list(ListKeysRequest.newBuilder())).hasSize(5).contains("k4", "k9");
    ServerMetrics stats = client.stats(NOTHING);
    assertThat(stats.getPruneCompleted()).isEqualTo(1);
    assertThat(stats.getEvents().getExpunged()).isEqualTo(25);
  }

  @Test
  void stats_figures_areTrue() {
    client.register(RegisterRequest.getDefaultInstance());
    for (int i = 0; i < 10; i++) {
      set("k" + i, "12345");
    }
    set("k0", "123");
    set("k0", "123");
    lock("k1");
    lock("k2");
    client.set(value("k3", "12345").setLifespan(Duration.newBuilder().setSeconds(60)).build());
    client.get(Key.newBuilder().setKey("k4").build());
    client.delete(DeleteRequest.newBuilder().setKey("k1").build());
    client.pop(PopRequest.newBuilder().setKey("k5").build());

    ServerMetrics stats = client.stats(NOTHING);

    assertThat(stats.getKeys()).isEqualTo(8);
    assertThat(stats.getTotalSize()).isEqualTo(7 * 5 + 3);
    assertThat(stats.getCurrentLocks()).isEqualTo(1);
    assertThat(stats.getClientIds()).isEqualTo(1);
    assertThat(stats.getReapers()).isEqualTo(1);
    assertThat(stats.getEventSubscribers()).isZero();
    assertThat(stats.getEvents().getNew()).isEqualTo(10);
    assertThat(stats.getEvents().getUpdated()).isEqualTo(1);
    assertThat(stats.getEvents().getLocked()).isEqualTo(2);
    assertThat(stats.getEvents().getDeleted()).isEqualTo(2);
    assertThat(stats.getEvents().getAccessed()).isEqualTo(2);
    assertThat(stats.getEvents().getLifespanSet()).isEqualTo(1);
    assertThat(stats.getPressure().getKeys()).isEqualTo(8);
    assertThat(stats.getPressure().getMax()).isEqualTo(40);
    assertThat(stats.getPressure().getUsed()).isEqualTo(0.2f);
    assertThat(stats.getHistory().getKeys()).isEqualTo(1);
    assertThat(stats.getHistory().getRevisions()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 1_000_000, Long.MAX_VALUE, -1})
  void list_limit_isNoMoreThanItSays(long limit) {
    set("a", "x");
    set("b", "x");

    // The limit is unsigned: -1 is the largest.
    int expected = limit == 1 ? 1 : 2;
    assertThat(list(ListKeysRequest.newBuilder().setLimit(limit))).hasSize(expected);
    assertThat(list(ListKeysRequest.newBuilder().setLimit(limit).setPattern(".")))
        .hasSize(expected);
  }

  @Test
  void list_patterns_areFoundAnywhere() {
    set("alpha", "x");
    set("beta", "x");
    set("gamma", "x");

    assertThat(list(ListKeysRequest.newBuilder().setPattern("et"))).containsExactly("beta");
    assertThat(list(ListKeysRequest.newBuilder().setPattern("^(al|ga)")))
        .containsExactlyInAnyOrder("alpha", "gamma");
    assertRefused(
        INVALID_ARGUMENT,
        "invalid key pattern",
        () -> list(ListKeysRequest.newBuilder().setPattern("(")));
    assertThat(list(ListKeysRequest.newBuilder().setPattern("(a*)*(a*)*(a*)*!"))).isEmpty();
  }

  @Test
  void list_reservedKeys_areToldWhereAskedFor() {
    set("a", "x");

    assertThat(list(ListKeysRequest.newBuilder())).containsExactly("a");
    assertThat(list(ListKeysRequest.newBuilder().setIncludeReserved(true)))
        .containsExactlyInAnyOrder("a", "keyquarry/MaxKeys", "keyquarry/MinLifespan");
    assertThat(list(ListKeysRequest.newBuilder().setIncludeReserved(true).setPattern("^keyq.*Max")))
        .containsExactly("keyquarry/MaxKeys");
  }

  @Test
  void list_keyThatIsNoText_isCountedAsOmitted() {
    set("a", "x");
    door.keyspace.apply(
        SetRequest.of(new byte[] {-1}, new byte[] {1}, Lifespan.CLEAR, TestDoor.RULES),
        new Stamp(door.time.millis(), "http"));
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    ListKeysResponse told =
        client
            .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
            .listKeys(ListKeysRequest.getDefaultInstance());

    assertThat(told.getKeysList()).containsExactly("a");
    assertThat(trailers.get().get(KeyListing.OMITTED)).isEqualTo("1");
  }

  @Test
  void clear_locked_staysUnlessForced() {
    for (int i = 0; i < 20; i++) {
      set("k" + i, "12345");
    }
    lock("k7");

    ClearResponse gentle = client.clear(clear(false));

    assertThat(gentle.getSuccess()).isTrue();
    assertThat(gentle.getKeysDeleted()).isEqualTo(19);
    assertThat(client.stats(NOTHING).getTotalSize()).isEqualTo(5);
    assertThat(client.clear(clear(true)).getKeysDeleted()).isEqualTo(1);
    ServerMetrics empty = client.stats(NOTHING);
    assertThat(empty.getKeys()).isZero();
    assertThat(empty.getTotalSize()).isZero();
    assertThat(empty.getCurrentLocks()).isZero();
    assertThat(empty.getEvents().getDeleted()).isEqualTo(20);
  }

  @Test
  void clearHistory_versions_areSummedAndTheCurrentOnesStay() {
    for (int i = 0; i < 3; i++) {
      set("a", "a" + i);
      set("b", "b" + i);
      set("locked", "c" + i);
    }
    set("once", "x");
    lock("locked");

    ClearHistoryResponse cleared = client.clearHistory(NOTHING);

    assertThat(cleared.getCleared()).isEqualTo(4);
    assertThat(cleared.getKeys()).isEqualTo(2);
    assertThat(past("a", 3)).isEqualTo("a2");
    assertThat(past("locked", 1)).isEqualTo("c0");
    assertRefused(io.grpc.Status.Code.NOT_FOUND, "revision not found", () -> past("a", 1));
  }

  @Test
  void clearHistory_withoutVersions_isRefused() {
    try (TestDoor without = TestDoor.open(engine -> engine.withHistory(0, 0))) {
      assertRefused(
          FAILED_PRECONDITION,
          "versioning is not enabled",
          () -> without.client("alice").clearHistory(NOTHING));
    }
  }

  private String past(String key, long version) {
    return client
        .getRevision(GetRevisionRequest.newBuilder().setKey(key).setVersion(version).build())
        .getValue()
        .toStringUtf8();
  }

  private List<String> list(ListKeysRequest.Builder request) {
    ListKeysResponse reply = client.listKeys(request.build());
    return List.copyOf(reply.getKeysList());
  }

  private void set(String key, String value) {
    client.set(value(key, value).build());
  }

  private void lock(String key) {
    client.lock(
        LockRequest.newBuilder()
            .setKey(key)
            .setDuration(Duration.newBuilder().setSeconds(600))
            .build());
  }

  private static KeyValue.Builder value(String key, String value) {
    return KeyValue.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(value));
  }

  private static ReadOnlyRequest readOnly(boolean enable) {
    return ReadOnlyRequest.newBuilder().setEnable(enable).build();
  }

  private static ClearRequest clear(boolean force) {
    return ClearRequest.newBuilder().setForce(force).build();
  }
}
