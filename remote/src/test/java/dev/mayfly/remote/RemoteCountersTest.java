package dev.mayfly.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.mayfly.api.v1.CounterPolicy;
import dev.mayfly.api.v1.HitManyRequest;
import dev.mayfly.api.v1.HitManyResponse;
import dev.mayfly.api.v1.HitRequest;
import dev.mayfly.api.v1.Limit;
import dev.mayfly.api.v1.ListKeysRequest;
import dev.mayfly.api.v1.TakeManyRequest;
import dev.mayfly.api.v1.TakeManyResponse;
import dev.mayfly.api.v1.TakeRequest;
import dev.mayfly.api.v1.TakeResponse;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Counters and limits over gRPC, with windows that no test outlives. */
@Timeout(120)
final class RemoteCountersTest {
  private static final ByteString NAMESPACE = RemoteStore.bytes("login");
  private static final ByteString ALICE = RemoteStore.bytes("alice");
  private static final ByteString BOB = ByteString.copyFrom(new byte[] {-1, 0, 'b'});
  private static final Duration HOUR = Duration.newBuilder().setSeconds(3600).build();

  private TestServer server;
  private RemoteStore store;
  private RemoteCounters counters;

  @BeforeEach
  void open() {
    server = TestServer.start(Map.of("ttl", "1h"));
    store = server.connect("alice");
    counters = store.counters();
  }

  @AfterEach
  void close() {
    store.close();
    server.close();
  }

  private static void assertCode(Status.Code code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(RemoteException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void hits_areCounted_forKeyNamespaceAndServer() {
    assertThat(counters.hit(NAMESPACE, ALICE)).isEqualTo(1);
    assertThat(counters.hit(NAMESPACE, ALICE, 4)).isEqualTo(5);
    assertThat(counters.hit(NAMESPACE, BOB)).isEqualTo(1);
    assertThat(counters.hit(ByteString.EMPTY, ByteString.EMPTY, 10)).isEqualTo(10);

    assertThat(counters.count(NAMESPACE, ALICE)).isEqualTo(5);
    assertThat(counters.count(NAMESPACE, RemoteStore.bytes("carol"))).isZero();
    assertThat(counters.countNamespace(NAMESPACE)).isEqualTo(6);
    assertThat(counters.countAll()).isEqualTo(16);
    assertThat(counters.namespaces()).containsExactly(ByteString.EMPTY, NAMESPACE);
    ListKeysRequest all = ListKeysRequest.newBuilder().setNamespace(NAMESPACE).build();
    assertThat(counters.keys(all)).containsExactly(ALICE, BOB);
    assertThat(counters.keys(all.toBuilder().setPattern("li").build())).containsExactly(ALICE);
  }

  @Test
  void hitMany_tellsWhatFailed_besideWhatWasCounted() {
    HitRequest good = HitRequest.newBuilder().setNamespace(NAMESPACE).setKey(ALICE).build();
    ByteString tooLong = ByteString.copyFrom(new byte[5_000]);
    HitManyRequest request =
        HitManyRequest.newBuilder()
            .addHits(good)
            .addHits(good.toBuilder().setKey(tooLong))
            .addHits(good)
            .build();

    HitManyResponse reply = counters.hitMany(request);

    assertThat(reply.getResultsList()).extracting(r -> r.getCount()).containsExactly(1L, 0L, 2L);
    assertThat(reply.getResults(1).getError()).contains("5000 bytes");
  }

  @Test
  void async_manyAtOnce_areAllCounted() {
    List<CompletableFuture<Long>> counts = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      counts.add(counters.async().hit(NAMESPACE, ALICE, 1));
    }

    assertThat(counts.stream().map(CompletableFuture::join)).doesNotHaveDuplicates().hasSize(500);
    assertThat(counters.count(NAMESPACE, ALICE)).isEqualTo(500);
  }

  @Test
  void policy_isGiven_holds_andIsTakenBack() {
    CounterPolicy server = counters.policy(NAMESPACE);
    assertThat(server.getWindow()).isEqualTo(HOUR);

    CounterPolicy own = server.toBuilder().setMaxKeys(1).build();
    assertThat(counters.policy(NAMESPACE, own)).isEqualTo(own);
    counters.hit(NAMESPACE, ALICE);
    assertCode(Status.Code.RESOURCE_EXHAUSTED, () -> counters.hit(NAMESPACE, BOB));
    assertThat(counters.clearPolicy(NAMESPACE)).isEqualTo(server);
    assertThat(counters.hit(NAMESPACE, BOB)).isEqualTo(1);
  }

  @Test
  void take_byNameAndByTerms_isAllowed_thenDenied() {
    Limit two = Limit.newBuilder().setQuantity(2).setPeriod(HOUR).build();
    counters.limit("logins", two);
    assertThat(counters.limits()).containsExactly(Map.entry("logins", two));
    TakeRequest named =
        TakeRequest.newBuilder().setNamespace(NAMESPACE).setKey(ALICE).setName("logins").build();

    assertThat(counters.take(named).getRemaining()).isEqualTo(1);
    TakeRequest shadow = named.toBuilder().setMode(TakeRequest.Mode.MODE_SHADOW).build();
    TakeManyResponse more =
        counters.takeMany(
            TakeManyRequest.newBuilder()
                .addTakes(named.toBuilder().setLimit(two))
                .addTakes(named)
                .addTakes(shadow)
                .build());

    assertThat(more.getResultsList())
        .extracting(r -> r.getDecision().getAllowed())
        .containsExactly(true, false, true);
    assertThat(more.getResults(2).getDecision().getExceeded()).isTrue();
    counters.forgetLimit("logins");
    assertCode(Status.Code.NOT_FOUND, () -> counters.take(named));
  }

  @Test
  void lease_isReleasedOnce() {
    Limit one =
        Limit.newBuilder()
            .setKind(Limit.Kind.KIND_CONCURRENCY)
            .setQuantity(1)
            .setPeriod(HOUR)
            .build();
    TakeRequest request =
        TakeRequest.newBuilder().setNamespace(NAMESPACE).setKey(ALICE).setLimit(one).build();

    TakeResponse held = counters.take(request);

    assertThat(held.getAllowed()).isTrue();
    assertThat(counters.take(request).getAllowed()).isFalse();
    assertThat(counters.release(NAMESPACE, ALICE, held.getLease())).isTrue();
    assertThat(counters.release(NAMESPACE, ALICE, held.getLease())).isFalse();
    assertThat(counters.take(request).getAllowed()).isTrue();
  }

  @Test
  void badArguments_areRefused() {
    assertCode(Status.Code.INVALID_ARGUMENT, () -> counters.hit(NAMESPACE, ALICE, -1));
    ListKeysRequest broken = ListKeysRequest.newBuilder().setPattern("(").build();
    assertCode(Status.Code.INVALID_ARGUMENT, () -> counters.keys(broken));
    assertCode(Status.Code.INVALID_ARGUMENT, () -> counters.take(TakeRequest.getDefaultInstance()));
  }
}
