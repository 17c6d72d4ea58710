package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OperatorResourceTest {
  private static final String OPERATOR = "X-Client-Id: " + TestDoor.OPERATOR;

  @Test
  void prune_byTheOperator_leavesWhatItSays() {
    try (TestDoor door = TestDoor.open()) {
      for (int i = 0; i < 10; i++) {
        door.set("k" + i, "1");
      }
      door.time.advance(1000);

      assertThat(door.ask("POST", "/v1/prune?to=4&ignore=k1&ignore=k2", OPERATOR).text())
          .isEqualTo("{\"pruned\":6}");
      assertThat(door.keyspace.stats().keys()).isEqualTo(4);
      assertThat(door.get("k1")).isEqualTo("1");
      assertThat(door.get("k2")).isEqualTo("1");
      assertThat(door.ask("POST", "/v1/prune", OPERATOR).status()).isEqualTo(400);
      assertThat(door.ask("POST", "/v1/prune?to=-1", OPERATOR).status()).isEqualTo(400);
      assertThat(door.ask("POST", "/v1/prune?to=1").status()).isEqualTo(403);
    }
  }

  @Test
  void readOnly_byTheOperator_refusesWrites() {
    try (TestDoor door = TestDoor.open()) {
      assertThat(door.ask("POST", "/v1/readonly?enable=true", "X-Client-Id: bob").text())
          .contains("\"status\":403", "not authorized");
      assertThat(door.ask("POST", "/v1/readonly?enable=true", OPERATOR).status()).isEqualTo(200);
      assertThat(door.keyspace.isReadOnly()).isTrue();
      assertThat(door.send("PUT", "/v1/keys/a", "1").status()).isEqualTo(503);
      assertThat(door.ask("POST", "/v1/readonly?enable=false", OPERATOR).status()).isEqualTo(200);
      assertThat(door.send("PUT", "/v1/keys/a", "1").status()).isEqualTo(201);
      assertThat(door.ask("POST", "/v1/readonly", OPERATOR).status()).isEqualTo(400);
    }
    try (TestDoor door = TestDoor.open(config -> TestDoor.withoutOperator(config))) {
      assertThat(door.ask("POST", "/v1/readonly?enable=true", OPERATOR).text())
          .contains("privileged client ID not set");
    }
  }

  @Test
  void shutdown_byTheOperatorOnly_isPassedOn() {
    try (TestDoor door = TestDoor.open()) {
      assertThat(door.ask("POST", "/v1/shutdown").text())
          .contains("missing or invalid client ID for admin function");
      assertThat(door.shutdowns.get()).isZero();

      assertThat(door.ask("POST", "/v1/shutdown", OPERATOR).text()).isEqualTo("{}");
      while (door.shutdowns.get() == 0) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(door.shutdowns.get()).isEqualTo(1);
    }
  }

  @Test
  void register_twice_isAConflict() {
    try (TestDoor door = TestDoor.open()) {
      assertThat(door.ask("POST", "/v1/register", "X-Client-Id: bob").text())
          .isEqualTo("{\"success\":true}");
      assertThat(door.ask("POST", "/v1/register", "X-Client-Id: bob").status()).isEqualTo(409);
      assertThat(door.ask("GET", "/v1/stats").text()).contains("\"client_ids\":1");
    }
  }

  @Test
  void reservedKeys_readAndListed_neverStored() {
    try (TestDoor door = TestDoor.open()) {
      door.set("a", "1");

      assertThat(door.ask("GET", "/v1/keys/keyquarry%2FMaxKeys").text()).isEqualTo("0");
      assertThat(door.ask("GET", "/v1/keys/keyquarry%2FMaxKeys/metadata").text())
          .contains("\"key\":\"keyquarry/MaxKeys\"", "\"version\":1");
      assertThat(door.ask("GET", "/v1/keys/keyquarry%2Fmaxkeys").status()).isEqualTo(404);
      assertThat(door.send("PUT", "/v1/keys/keyquarry%2FMaxKeys", "1").status()).isEqualTo(400);
      assertThat(door.ask("GET", "/v1/keys").text()).isEqualTo("{\"keys\":[\"a\"]}");
      assertThat(door.ask("GET", "/v1/keys?include_reserved=true").text())
          .isEqualTo("{\"keys\":[\"keyquarry/MaxKeys\",\"a\"]}");
      assertThat(door.ask("GET", "/v1/keys?include_reserved=true&prefix=a").text())
          .isEqualTo("{\"keys\":[\"a\"]}");
      assertThat(door.ask("GET", "/v1/count").text()).isEqualTo("{\"count\":1}");
    }
  }

  @Test
  void keyMetrics_tellHowItWasUsed() {
    try (TestDoor door = TestDoor.open()) {
      door.set("a", "1");
      door.ask("GET", "/v1/keys/a");

      assertThat(door.ask("GET", "/v1/keys/a/metrics").text())
          .startsWith("{\"access_count\":1,\"first_accessed\":\"2027-")
          .contains("\"set_count\":1", "\"lock_count\":0");
      assertThat(door.ask("GET", "/v1/keys/b/metrics").status()).isEqualTo(404);
    }
  }
}
