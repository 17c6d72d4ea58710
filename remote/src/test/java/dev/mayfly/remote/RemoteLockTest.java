package dev.mayfly.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.mayfly.api.v1.GetRequest;
import dev.mayfly.api.v1.SetRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks and leases that renew themselves. */
@Timeout(120)
final class RemoteLockTest {
  private static final ByteString KEY = RemoteStore.bytes("l");
  private static final Duration SHORT = Duration.ofMillis(600);

  private final TestServer server = TestServer.start(Map.of());
  private final RemoteStore alice = server.connect("alice");
  private final RemoteStore bob = server.connect("bob");

  @AfterEach
  void close() {
    alice.close();
    bob.close();
    server.close();
  }

  @Test
  void lock_heldLongerThanItsDuration_renewsItself() throws Exception {
    try (RemoteLock lock = alice.lock(KEY, SHORT, Duration.ZERO)) {
      // In real time: it renews itself against a real server.
      assertThatThrownBy(() -> bob.lock(KEY, SHORT, Duration.ofSeconds(2)))
          .isInstanceOfSatisfying(
              RemoteException.class,
              e -> assertThat(e.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
      assertThat(lock.isHeld()).isTrue();
      assertThat(lock.lost()).isNotDone();
      assertThatThrownBy(() -> bob.set(KEY, KEY))
          .isInstanceOfSatisfying(
              RemoteException.class,
              e -> assertThat(e.code()).isEqualTo(Status.Code.PERMISSION_DENIED));
    }
    try (RemoteLock next = bob.lock(KEY, SHORT, Duration.ZERO)) {
      assertThat(next.isHeld()).isTrue();
    }
  }

  @Test
  void lock_manyWait_oneHoldsAtATimeAndTokensRise() throws Exception {
    AtomicInteger holding = new AtomicInteger();
    AtomicInteger faults = new AtomicInteger();
    long[] last = new long[1];
    Thread[] threads = new Thread[6];
    for (int i = 0; i < threads.length; i++) {
      String client = "client-" + i;
      threads[i] = Thread.ofVirtual().start(() -> fight(client, holding, faults, last));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(faults.get()).isZero();
    assertThat(last[0]).isPositive();
  }

  private void fight(String client, AtomicInteger holding, AtomicInteger faults, long[] last) {
    try (RemoteStore store = server.connect(client)) {
      for (int i = 0; i < 20; i++) {
        try (RemoteLock lock = store.lock(KEY, Duration.ofSeconds(10), Duration.ofSeconds(60))) {
          faults.addAndGet(holding.incrementAndGet() == 1 && lock.fencingToken() > last[0] ? 0 : 1);
          last[0] = lock.fencingToken();
          holding.decrementAndGet();
        }
      }
    } catch (RuntimeException e) {
      faults.addAndGet(1000);
      throw e;
    }
  }

  @Test
  void lock_serverGone_isLostNoLaterThanItsDuration() throws Exception {
    RemoteLock lock = alice.lock(KEY, SHORT, Duration.ZERO);
    server.close();

    String reason = lock.lost().get(30, TimeUnit.SECONDS);

    assertThat(reason).isNotEmpty();
    assertThat(lock.isHeld()).isFalse();
    lock.close();
  }

  @Test
  void lock_takenAwayByItsOwnClientId_isLost() throws Exception {
    RemoteLock lock = alice.lock(KEY, SHORT, Duration.ZERO);
    alice.call(
        dev.mayfly.api.v1.LocksGrpc.getUnlockMethod(),
        dev.mayfly.api.v1.UnlockRequest.newBuilder().setKey(KEY).build());

    assertThat(lock.lost().get(30, TimeUnit.SECONDS)).isEqualTo("it had ended");
    try (RemoteLock next = bob.lock(KEY, SHORT, Duration.ofSeconds(10))) {
      assertThat(next.fencingToken()).isGreaterThan(lock.fencingToken());
    }
  }

  @Test
  void lease_keysLiveUntilItIsClosed() throws Exception {
    ByteString key = RemoteStore.bytes("leased");
    RemoteLease lease = alice.lease(SHORT);
    alice.set(SetRequest.newBuilder().setKey(key).setLifespan(lease.lifespan()).build());
    assertThatThrownBy(lease.lost().orTimeout(2, TimeUnit.SECONDS)::join)
        .hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);

    assertThat(lease.isHeld()).isTrue();
    assertThat(bob.get(key).hasEntry()).isTrue();
    lease.close();

    assertThat(bob.async().get(key).join().hasEntry()).isFalse();
    GetRequest again = GetRequest.newBuilder().setKey(key).build();
    assertThat(bob.call(dev.mayfly.api.v1.KeyValueGrpc.getGetMethod(), again).hasEntry()).isFalse();
  }
}
