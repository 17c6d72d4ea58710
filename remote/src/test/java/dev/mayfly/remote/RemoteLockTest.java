package dev.mayfly.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.mayfly.api.v1.SetRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks and leases that renew themselves, by a time that the tests move on. */
@Timeout(120)
final class RemoteLockTest {
  private static final ByteString KEY = RemoteStore.bytes("l");
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(600);

  private final TestServer server = TestServer.start(Map.of());
  private final HandTimer timer = new HandTimer();
  private final RemoteStore alice = new RemoteStore(server.config("alice"), timer.time, timer);
  private final RemoteStore bob = server.connect("bob");

  @AfterEach
  void close() {
    alice.close();
    bob.close();
    server.close();
  }

  private static void assertCode(Status.Code code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(RemoteException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** Lets what is held be renewed so often, and waits for each answer. */
  private void renew(int times) {
    for (int i = 0; i < times; i++) {
      timer.runNext();
      while (timer.waiting() == 0) {
        Thread.onSpinWait();
      }
    }
  }

  private long revision() {
    return alice.get(KEY).getEntry().getRevision();
  }

  @Test
  void lock_heldLongerThanItsDuration_renewsItself() {
    try (RemoteLock lock = alice.lock(KEY, LONG, Duration.ZERO)) {
      long taken = revision();
      long start = timer.time.millis();

      renew(7);

      assertThat(timer.time.millis() - start).isGreaterThan(2 * LONG.toMillis());
      assertThat(revision()).isEqualTo(taken + 7);
      assertThat(lock.isHeld()).isTrue();
      assertThat(lock.lost()).isNotDone();
      assertCode(Status.Code.PERMISSION_DENIED, () -> bob.set(KEY, KEY));
      assertCode(
          Status.Code.DEADLINE_EXCEEDED, () -> bob.lock(KEY, LONG, Duration.ofMillis(100)).close());
    }
    try (RemoteLock next = bob.lock(KEY, LONG, Duration.ZERO)) {
      assertThat(next.isHeld()).isTrue();
    }
  }

  /** A renewal that came after the unlocking took the lock again, and held it for nobody. */
  @Test
  void lock_closedWhileItIsRenewed_isFreeAtOnce() throws Exception {
    for (int i = 0; i < 300; i++) {
      RemoteLock lock = alice.lock(KEY, LONG, Duration.ZERO);
      Thread renewing = Thread.ofPlatform().start(timer::runNext);
      lock.close();

      bob.lock(KEY, LONG, Duration.ZERO).close();
      renewing.join();
      bob.lock(KEY, LONG, Duration.ZERO).close();
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
  void lock_serverGone_isLostNoLaterThanItsDuration() {
    RemoteLock lock = alice.lock(KEY, SHORT, Duration.ZERO);
    long start = timer.time.millis();
    server.close();

    while (!lock.lost().isDone()) {
      timer.runNext();
      Thread.onSpinWait();
    }

    assertThat(lock.lost().join()).isNotEmpty();
    assertThat(lock.isHeld()).isFalse();
    assertThat(timer.time.millis() - start).isEqualTo(SHORT.toMillis());
    lock.close();
  }

  @Test
  void lock_takenAwayByItsOwnClientId_isLostAndNotTakenAgain() throws Exception {
    RemoteLock lock = alice.lock(KEY, LONG, Duration.ZERO);
    alice.call(
        dev.mayfly.api.v1.LocksGrpc.getUnlockMethod(),
        dev.mayfly.api.v1.UnlockRequest.newBuilder().setKey(KEY).build());

    timer.runNext();

    assertThat(lock.lost().get(60, TimeUnit.SECONDS)).contains("the lock is not held with it");
    try (RemoteLock next = bob.lock(KEY, LONG, Duration.ZERO)) {
      assertThat(next.fencingToken()).isGreaterThan(lock.fencingToken());
    }
  }

  @Test
  void lock_keyDeleted_isLostAndTheKeyStaysGone() throws Exception {
    RemoteLock lock = alice.lock(KEY, LONG, Duration.ZERO);
    alice.delete(KEY);

    timer.runNext();

    assertThat(lock.lost().get(60, TimeUnit.SECONDS)).isNotEmpty();
    assertThat(bob.get(KEY).hasEntry()).isFalse();
  }

  @Test
  void lease_keysLiveUntilItIsClosed() {
    RemoteLease lease = alice.lease(LONG);
    alice.set(SetRequest.newBuilder().setKey(KEY).setLifespan(lease.lifespan()).build());
    renew(7);

    assertThat(lease.isHeld()).isTrue();
    assertThat(lease.lost()).isNotDone();
    assertThat(bob.get(KEY).hasEntry()).isTrue();
    lease.close();

    assertThat(bob.get(KEY).hasEntry()).isFalse();
  }
}
