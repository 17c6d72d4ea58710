package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Entry;
import dev.mayfly.store.UnlockRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LockWaitTest {
  private static final byte[] KEY = "a".getBytes(StandardCharsets.UTF_8);

  private static TestClient waiting(TestDoor door, String client) {
    long before = door.keyspace.stats().lockWaiters();
    TestClient waiter = door.client();
    String target = "/v1/keys/a/lock?duration=30s&wait=10s";
    waiter.write(TestClient.head("POST", target, "X-Client-Id: " + client) + "\r\n");
    awaitWaiters(door, before + 1);
    return waiter;
  }

  private static void awaitWaiters(TestDoor door, long count) {
    while (door.keyspace.stats().lockWaiters() != count) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static String owner(TestDoor door) {
    Entry entry = Objects.requireNonNull(door.entry("a"));
    return entry.lock() == null ? "" : entry.lock().owner();
  }

  @Test
  void lock_waits_andIsGrantedInOrder() {
    try (TestDoor door = TestDoor.open()) {
      door.setLocked("a", "1", "alice");
      try (TestClient bob = waiting(door, "bob");
          TestClient carol = waiting(door, "carol")) {
        door.keyspace.apply(new UnlockRequest(KEY, 0), door.stamp("alice"));
        TestReply reply = bob.read("POST");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).startsWith("{\"success\":true,\"token\":");
        assertThat(owner(door)).isEqualTo("bob");
        door.keyspace.apply(new UnlockRequest(KEY, 0), door.stamp("bob"));
        assertThat(carol.read("POST").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void lock_clientGoesAway_itsPlaceIsFree() {
    try (TestDoor door = TestDoor.open()) {
      door.setLocked("a", "1", "alice");
      waiting(door, "bob").close();
      awaitWaiters(door, 0);

      door.keyspace.apply(new UnlockRequest(KEY, 0), door.stamp("alice"));

      assertThat(owner(door)).isEmpty();
    }
  }

  @Test
  void lock_waitIsOver_isRefusedAsLocked() {
    try (TestDoor door = TestDoor.open()) {
      door.setLocked("a", "1", "alice");
      try (TestClient bob = waiting(door, "bob")) {
        door.time.advance(10_000);
        door.keyspace.maintain();

        assertThat(bob.read("POST").status()).isEqualTo(423);
      }
      assertThat(door.ask("POST", "/v1/keys/a/lock?duration=30s&wait=x").status()).isEqualTo(400);
      assertThat(door.ask("POST", "/v1/keys/a/lock?duration=30s&wait=25h").status()).isEqualTo(400);
      assertThat(door.ask("POST", "/v1/keys/b/lock?duration=30s&wait=1s").status()).isEqualTo(404);
    }
  }

  @Test
  void lock_waitingLongerThanAnIdleConnectionMay_staysConnected() {
    try (TestDoor door =
        TestDoor.open(config -> TestDoor.withIdleTimeout(config, Duration.ofSeconds(1)))) {
      door.setLocked("a", "1", "alice");
      try (TestClient bob = waiting(door, "bob")) {
        LockSupport.parkNanos(2_500_000_000L);
        door.keyspace.apply(new UnlockRequest(KEY, 0), door.stamp("alice"));

        Map<String, String> fields = new HashMap<>();
        assertThat(bob.readHead(fields)).isEqualTo(200);
      }
    }
  }

  @Test
  void lock_serverStops_refusesWhoWaits() {
    try (TestDoor door = TestDoor.open()) {
      door.setLocked("a", "1", "alice");
      try (TestClient bob = waiting(door, "bob")) {
        door.stop(Duration.ofSeconds(20));

        assertThat(bob.read("POST").status()).isEqualTo(503);
        assertThat(door.keyspace.stats().lockWaiters()).isZero();
      }
    }
  }
}
