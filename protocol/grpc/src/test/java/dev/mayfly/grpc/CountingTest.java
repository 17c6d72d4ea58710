package dev.mayfly.grpc;

import static dev.mayfly.grpc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mayfly.api.v1.CounterPolicy;
import dev.mayfly.api.v1.CountersGrpc;
import dev.mayfly.api.v1.CountersGrpc.CountersBlockingStub;
import dev.mayfly.api.v1.DeleteLimitRequest;
import dev.mayfly.api.v1.GetCountRequest;
import dev.mayfly.api.v1.GetPolicyRequest;
import dev.mayfly.api.v1.HitManyRequest;
import dev.mayfly.api.v1.HitManyResponse;
import dev.mayfly.api.v1.HitRequest;
import dev.mayfly.api.v1.Limit;
import dev.mayfly.api.v1.LimitsGrpc;
import dev.mayfly.api.v1.LimitsGrpc.LimitsBlockingStub;
import dev.mayfly.api.v1.ListKeysRequest;
import dev.mayfly.api.v1.ListLimitsRequest;
import dev.mayfly.api.v1.ListNamespacesRequest;
import dev.mayfly.api.v1.ReleaseRequest;
import dev.mayfly.api.v1.SetLimitRequest;
import dev.mayfly.api.v1.SetPolicyRequest;
import dev.mayfly.api.v1.TakeManyRequest;
import dev.mayfly.api.v1.TakeManyResponse;
import dev.mayfly.api.v1.TakeRequest;
import dev.mayfly.api.v1.TakeResponse;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Counters and limits of {@code mayfly.v1}. */
@Timeout(120)
final class CountingTest {
  private static final ByteString NS = bytes("ns");

  private final TestDoor door = TestDoor.open();
  private final CountersBlockingStub counters =
      TestDoor.as("alice", CountersGrpc.newBlockingStub(door.channel()));
  private final LimitsBlockingStub limits =
      TestDoor.as("alice", LimitsGrpc.newBlockingStub(door.channel()));

  @AfterEach
  void close() {
    door.close();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static HitRequest hit(String key, long times) {
    return HitRequest.newBuilder().setNamespace(NS).setKey(bytes(key)).setTimes(times).build();
  }

  private long count(GetCountRequest.Builder request) {
    return counters.getCount(request.build()).getCount();
  }

  private static GetCountRequest.Builder ofNamespace() {
    return GetCountRequest.newBuilder().setNamespace(NS);
  }

  @Test
  void hits_countUntilTheWindowIsOver_toTheMillisecond() {
    assertThat(counters.hit(hit("a", 0)).getCount()).isEqualTo(1);
    assertThat(counters.hit(hit("a", 4)).getCount()).isEqualTo(5);
    counters.hit(hit("b", 1));

    door.time.advance(59_999);
    assertThat(count(ofNamespace().setKey(bytes("a")))).isEqualTo(5);
    assertThat(count(ofNamespace())).isEqualTo(6);
    assertThat(count(GetCountRequest.newBuilder())).isEqualTo(6);
    door.time.advance(1);
    assertThat(count(ofNamespace().setKey(bytes("a")))).isZero();
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "a key without a namespace: expected both",
        () -> count(GetCountRequest.newBuilder().setKey(bytes("a"))));
  }

  @Test
  void hitMany_tellsOfEach() {
    HitManyRequest.Builder request = HitManyRequest.newBuilder();
    request.addHits(hit("a", 1)).addHits(hit("b", -1)).addHits(hit("a", 2));

    HitManyResponse response = counters.hitMany(request.build());

    assertThat(response.getResultsList())
        .extracting(HitManyResponse.Result::getCount)
        .containsExactly(1L, 0L, 3L);
    assertThat(response.getResults(1).getError()).startsWith("times -1");
    HitManyRequest.Builder many = HitManyRequest.newBuilder();
    for (int i = 0; i <= CounterCalls.MANY_MAX; i++) {
      many.addHits(hit("a", 1));
    }
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "10001 operations: expected at most 10000",
        () -> counters.hitMany(many.build()));
  }

  @Test
  void listings_areSorted() {
    for (String key : new String[] {"b", "a", "ab", "c"}) {
      counters.hit(hit(key, 1));
    }

    ListKeysRequest.Builder all = ListKeysRequest.newBuilder().setNamespace(NS);
    assertThat(counters.listKeys(all.build()).getKeysList())
        .containsExactly(bytes("a"), bytes("ab"), bytes("b"), bytes("c"));
    assertThat(counters.listKeys(all.clone().setLimit(1).build()).getKeysList())
        .containsExactly(bytes("a"));
    assertThat(counters.listKeys(all.clone().setPrefix(bytes("a")).build()).getKeysCount())
        .isEqualTo(2);
    assertThat(counters.listKeys(all.clone().setPattern("b$").build()).getKeysList())
        .containsExactly(bytes("ab"), bytes("b"));
    assertThat(
            counters.listNamespaces(ListNamespacesRequest.getDefaultInstance()).getNamespacesList())
        .containsExactly(NS);
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "limit -1: expected 0 to 10000",
        () -> counters.listKeys(all.clone().setLimit(-1).build()));
  }

  @Test
  void policy_holdsForItsNamespace_untilItIsTakenBack() {
    CounterPolicy policy =
        CounterPolicy.newBuilder()
            .setWindow(WireTimes.duration(5_000))
            .setMaxKeys(1)
            .setExactThreshold(10)
            .build();
    SetPolicyRequest.Builder request = SetPolicyRequest.newBuilder().setNamespace(NS);

    CounterPolicy told = counters.setPolicy(request.clone().setPolicy(policy).build()).getPolicy();

    assertThat(told.getResolution()).isEqualTo(WireTimes.duration(50));
    counters.hit(hit("a", 1));
    assertThat(
            counters.getPolicy(GetPolicyRequest.newBuilder().setNamespace(NS).build()).getPolicy())
        .isEqualTo(told);
    door.time.advance(5_000);
    assertThat(count(ofNamespace().setKey(bytes("a")))).isZero();
    assertThat(counters.setPolicy(request.build()).getPolicy().getWindow())
        .isEqualTo(WireTimes.duration(60_000));
  }

  private static TakeRequest.Builder take(String key) {
    return TakeRequest.newBuilder().setNamespace(NS).setKey(bytes(key));
  }

  private static Limit.Builder two() {
    return Limit.newBuilder().setQuantity(2).setPeriod(WireTimes.duration(1_000));
  }

  @Test
  void take_usesWhatIsAllowed() {
    TakeResponse first = limits.take(take("a").setLimit(two()).build());
    TakeResponse both = limits.take(take("a").setLimit(two()).setQuantity(2).build());

    assertThat(first.getAllowed()).isTrue();
    assertThat(first.getRemaining()).isEqualTo(1);
    assertThat(both.getAllowed()).isFalse();
    assertThat(both.getRetryAfter()).isEqualTo(WireTimes.duration(1_000));
    assertThat(limits.take(take("a").setLimit(two()).setQuantity(3).build()).hasRetryAfter())
        .isFalse();
    TakeRequest.Builder shadow =
        take("a").setLimit(two()).setQuantity(3).setMode(TakeRequest.Mode.MODE_SHADOW);
    assertThat(limits.take(shadow.build()).getAllowed()).isTrue();
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "no limit: expected it, or its name",
        () -> limits.take(take("a").build()));
  }

  @Test
  void named_limits_areListedUsedAndForgotten() {
    SetLimitRequest.Builder set = SetLimitRequest.newBuilder().setName("api").setLimit(two());
    limits.setLimit(set.build());

    assertThat(limits.take(take("a").setName("api").build()).getLimit()).isEqualTo(2);
    assertThat(limits.listLimits(ListLimitsRequest.getDefaultInstance()).getLimits(0).getLimit())
        .isEqualTo(two().build());
    limits.deleteLimit(DeleteLimitRequest.newBuilder().setName("api").build());
    TakeManyResponse many =
        limits.takeMany(
            TakeManyRequest.newBuilder()
                .addTakes(take("a").setName("api"))
                .addTakes(take("a").setLimit(two()))
                .build());
    assertThat(many.getResults(0).hasDecision()).isFalse();
    assertThat(many.getResults(0).getError()).isNotEmpty();
    assertThat(many.getResults(1).getDecision().getRemaining()).isZero();
  }

  @Test
  void lease_isHeldUntilItIsReleased() {
    Limit.Builder one = two().setKind(Limit.Kind.KIND_CONCURRENCY).setQuantity(1);
    long lease = limits.take(take("job").setLimit(one).build()).getLease();
    ReleaseRequest release =
        ReleaseRequest.newBuilder().setNamespace(NS).setKey(bytes("job")).setLease(lease).build();

    assertThat(limits.take(take("job").setLimit(one).build()).getAllowed()).isFalse();
    assertThat(limits.release(release).getReleased()).isTrue();
    assertThat(limits.release(release).getReleased()).isFalse();
    assertThat(limits.take(take("job").setLimit(one).build()).getAllowed()).isTrue();
  }
}
