package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.engine.EngineConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerRoutesTest {
  private TestDoor door;

  @BeforeEach
  void open() {
    door = TestDoor.open();
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void version_namesTheServer() {
    assertThat(door.ask("GET", "/v1/version").line())
        .isEqualTo("200 {\"version\":\"1.2.3\",\"name\":\"mayfly\"}");
    assertThat(door.ask("HEAD", "/v1/version").field("content-length")).isEqualTo("35");
  }

  @Test
  void stats_haveTheirNames() {
    door.ask("PUT", "/v1/keys/a?lifespan=1m&lock=5s");
    door.send("PUT", "/v1/keys/b", "123");
    door.send("PUT", "/v1/keys/b", "1234");

    String text = door.ask("GET", "/v1/stats").text();

    assertThat(text)
        .startsWith(
            "{\"keys\":2,\"total_size\":4,\"current_locks\":1,\"client_ids\":0,\"reapers\":1,"
                + "\"event_subscribers\":0,\"snapshots_created\":0,\"eager_prune_triggered\":0,"
                + "\"prune_completed\":0,\"events\":{\"new\":2,\"updated\":1,\"deleted\":0,"
                + "\"expired\":0,\"locked\":1,\"unlocked\":0,\"expunged\":0,")
        .contains(
            "\"lifespan_set\":1,\"lifespan_renewed\":0},\"pressure\":{\"keys\":2},"
                + "\"history\":{\"keys\":",
            "\"used_bytes\":",
            "\"max_bytes\":",
            "\"revision\":")
        .endsWith("\"read_only\":false}");
  }

  @Test
  void stats_limitOnKeys_isPressure() {
    try (TestDoor small = TestDoor.open(config -> config, EngineConfig.forTests().withKeysMax(3))) {
      small.set("a", "1");

      assertThat(small.ask("GET", "/v1/stats").text())
          .contains("\"pressure\":{\"keys\":1,\"max\":3,\"used\":0.33}");
    }
  }

  @Test
  void document_isServed() {
    TestReply reply = door.ask("GET", "/openapi.yaml");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.field("content-type")).isEqualTo("application/yaml");
    assertThat(reply.text()).startsWith("openapi: 3.1.0\n");
  }

  @Test
  void metrics_haveRoutesNotKeys() {
    door.ask("GET", "/v1/keys/secret");
    door.ask("POST", "/v1/keys/secret/pop");
    door.ask("GET", "/v1/strange");

    assertThat(door.requests.requests)
        .containsExactly("/v1/keys/{key} 404", "/v1/keys/{key}/pop 404", "/v1/other 404");
  }
}
