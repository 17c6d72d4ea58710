package dev.mayfly.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.mayfly.api.keyquarry.InspectRequest;
import dev.mayfly.api.v1.CompareAndSetRequest;
import dev.mayfly.api.v1.GetResponse;
import dev.mayfly.api.v1.ListRequest;
import dev.mayfly.api.v1.WatchRequest;
import dev.mayfly.testing.TestCertificate;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls of a remote store, and how it is reached. */
@Timeout(120)
final class RemoteStoreTest {
  private static final ByteString KEY = RemoteStore.bytes("k");

  @TempDir Path folder;

  private static void assertCode(Status.Code code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(RemoteException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void calls_ofBothContracts_areAnswered() {
    try (TestServer server = TestServer.start(Map.of());
        RemoteStore store = server.connect("root")) {
      assertThat(store.set(KEY, RemoteStore.bytes("1")).getCreated()).isTrue();
      assertThat(store.increment(KEY, 41).getNumber()).isEqualTo(42);
      long revision = store.get(KEY).getEntry().getRevision();
      CompareAndSetRequest swap =
          CompareAndSetRequest.newBuilder()
              .setKey(KEY)
              .setExpectedRevision(revision)
              .setValue(RemoteStore.bytes("43"))
              .build();
      assertThat(store.compareAndSet(swap).getSwapped()).isTrue();
      assertThat(store.compareAndSet(swap).getSwapped()).isFalse();
      assertThat(store.list(ListRequest.getDefaultInstance()).getEntriesCount()).isEqualTo(1);
      assertThat(store.count(KEY).getKeys()).isEqualTo(1);
      assertThat(store.exists("k").getExists()).isTrue();
      assertThat(store.revision("k", -1).getValue().toStringUtf8()).isEqualTo("42");
      InspectRequest inspect = InspectRequest.newBuilder().setKey("k").build();
      assertThat(store.inspect(inspect).getVersion()).isEqualTo(3);
      assertThat(store.stats().getKeys()).isEqualTo(1);
      assertThat(store.register().getSuccess()).isTrue();
      assertCode(Status.Code.ALREADY_EXISTS, store::register);
      store.readOnly(true);
      assertCode(Status.Code.FAILED_PRECONDITION, () -> store.set(KEY, KEY));
      store.readOnly(false);
      assertThat(store.pop("k").getValue().toStringUtf8()).isEqualTo("43");
      assertThat(store.get(KEY).hasEntry()).isFalse();
      assertCode(Status.Code.NOT_FOUND, () -> store.pop("k"));
      store.set(KEY, KEY);
      assertThat(store.deletePrefix(KEY).getDeleted()).isEqualTo(1);
      assertThat(server.server().keyspace().stats().keys()).isZero();
    }
  }

  @Test
  void bytes_halfOfASurrogatePair_isRefused() {
    assertThat(RemoteStore.bytes("a𝄞").size()).isEqualTo(5);
    assertThatThrownBy(() -> RemoteStore.bytes("a\ud834"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("surrogate");
  }

  @Test
  void async_manyAtOnce_areAllAnswered() {
    try (TestServer server = TestServer.start(Map.of());
        RemoteStore store = server.connect("alice")) {
      List<CompletableFuture<Long>> numbers = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        numbers.add(store.async().increment(KEY, 1).thenApply(reply -> reply.getNumber()));
      }

      assertThat(numbers.stream().mapToLong(CompletableFuture::join).max()).hasValue(2_000);
      assertThat(numbers.stream().map(CompletableFuture::join)).doesNotHaveDuplicates();
    }
  }

  private static void assertClosed(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RemoteException.class,
            e -> {
              assertThat(e).hasMessage("the store was closed");
              assertThat(e.code()).isEqualTo(Status.Code.CANCELLED);
              assertThat(e.isRetryable()).isFalse();
            });
  }

  @Test
  void closed_whateverIsCalled_saysSo() {
    try (TestServer server = TestServer.start(Map.of())) {
      RemoteStore store = server.connect("alice");
      store.set(KEY, KEY);
      RemoteLock lock = store.lock(KEY, Duration.ofMinutes(10), Duration.ZERO);
      RemoteLease lease = store.lease(Duration.ofMinutes(10));
      RemoteWatch waiting = store.watch(WatchRequest.getDefaultInstance());
      waiting.opened().join();

      store.close();

      assertThat(lock.lost().join()).isEqualTo("the store was closed");
      assertThat(lease.lost().join()).isEqualTo("the store was closed");
      assertThat(lock.isHeld()).isFalse();
      assertClosed(waiting::next);
      assertClosed(() -> store.get(KEY));
      assertClosed(() -> Calls.await(store.async().get(KEY)));
      assertClosed(() -> store.counters().hit(KEY, KEY));
      assertClosed(() -> store.lock(KEY, Duration.ofMinutes(10), Duration.ZERO));
      assertClosed(() -> store.lease(Duration.ofMinutes(10)));
      assertClosed(() -> store.watch(WatchRequest.getDefaultInstance()).next());
      lock.close();
      lease.close();
      store.close();
    }
  }

  @Test
  void closed_callThatWaitsForItsConnection_isToldSo() {
    RemoteStore store =
        RemoteStore.connect(RemoteConfig.of(nowhere(), "alice").withDeadline(TestServer.PATIENCE));
    CompletableFuture<GetResponse> reply = store.async().get(KEY);

    store.close();

    assertClosed(() -> Calls.await(reply));
  }

  /** A store is closed at any moment of the calls of several threads. */
  @Test
  void closed_whileCallsBegin_eachIsAnsweredOrToldSo() {
    try (TestServer server = TestServer.start(Map.of())) {
      for (int round = 0; round < 10; round++) {
        RemoteStore store = server.connect("alice");
        store.set(KEY, KEY);
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          callers.add(
              CompletableFuture.runAsync(
                  () -> {
                    while (store.get(KEY).hasEntry()) {
                      Thread.onSpinWait();
                    }
                  },
                  task -> Thread.ofVirtual().start(task)));
        }
        for (int i = 0; i < 20 * round; i++) {
          store.get(KEY);
        }

        store.close();

        for (CompletableFuture<Void> caller : callers) {
          assertClosed(
              () -> {
                try {
                  caller.join();
                } catch (CompletionException e) {
                  throw e.getCause();
                }
              });
        }
      }
    }
  }

  /** Where nobody listens: unlike a free port, it stays so. */
  private String nowhere() {
    return "unix://" + folder.resolve("nobody");
  }

  @Test
  void call_nobodyThere_failsAtItsDeadline() {
    RemoteConfig config = RemoteConfig.of(nowhere(), "alice").withDeadline(Duration.ofMillis(300));
    try (RemoteStore store = RemoteStore.connect(config)) {
      assertCode(Status.Code.DEADLINE_EXCEEDED, () -> store.get(KEY));
    }
  }

  @Test
  void calls_tooManyUnderWay_areRefusedUntilOthersEnd() {
    RemoteConfig config =
        RemoteConfig.of(nowhere(), "alice").withDeadline(Duration.ofHours(1)).withBounds(3, 1);
    try (RemoteStore store = RemoteStore.connect(config)) {
      List<CompletableFuture<?>> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        waiting.add(store.async().get(KEY));
      }

      assertCode(Status.Code.RESOURCE_EXHAUSTED, () -> store.get(KEY));
      waiting.forEach(each -> each.cancel(true));
      assertThat(waiting).allMatch(CompletableFuture::isCancelled);
      CompletableFuture<?> next = store.async().get(KEY);
      while (next.isDone()) {
        // Room is given back when the transport has ended the call.
        next = store.async().get(KEY);
      }
    }
  }

  @Test
  void connect_serverComesLater_isFound() {
    RemoteConfig config = RemoteConfig.of(nowhere(), "alice").withDeadline(TestServer.PATIENCE);
    try (RemoteStore store = RemoteStore.connect(config)) {
      CompletableFuture<?> early = store.async().set(KEY, KEY);
      try (TestServer server = TestServer.start(Map.of("grpc", nowhere()))) {
        early.join();

        assertThat(server.server().keyspace().stats().keys()).isEqualTo(1);
      }
    }
  }

  @Test
  void unixSocket_served() {
    Path socket = folder.resolve("s");
    try (TestServer server = TestServer.start(Map.of("grpc", "unix://" + socket));
        RemoteStore store = RemoteStore.connect(RemoteConfig.of("unix://" + socket, "alice"))) {
      store.set(KEY, KEY);

      assertThat(server.server().keyspace().stats().keys()).isEqualTo(1);
    }
  }

  @Test
  void tls_trustedOrNot() throws Exception {
    TestCertificate own = TestCertificate.make(folder, "own");
    TestCertificate other = TestCertificate.make(folder, "other");
    Map<String, String> options =
        Map.of("tls.cert", own.certificate().toString(), "tls.key", own.key().toString());
    try (TestServer server = TestServer.start(options)) {
      RemoteConfig config = server.config("alice");
      try (RemoteStore trusting =
              RemoteStore.connect(
                  config.withTls(new RemoteConfig.Tls(own.certificate(), "localhost")));
          RemoteStore doubting =
              RemoteStore.connect(
                  config
                      .withDeadline(Duration.ofSeconds(1))
                      .withTls(new RemoteConfig.Tls(other.certificate(), null)))) {
        trusting.set(KEY, KEY);
        assertThat(trusting.get(KEY).hasEntry()).isTrue();
        assertCode(Status.Code.DEADLINE_EXCEEDED, () -> doubting.get(KEY));
      }
      assertThatThrownBy(
              () ->
                  RemoteStore.connect(
                      config.withTls(new RemoteConfig.Tls(folder.resolve("missing"), null))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected certificates in PEM form");
    }
  }
}
