package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.engine.EngineConfig;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventResourceTest {
  private static final int EVENTS_BEYOND_A_TURN = 5_000;
  private static final Pattern MISSED = Pattern.compile("\"missed_revisions\":(\\d+)");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void events_filtered_tellWhatIsWanted() {
    try (TestDoor door = TestDoor.open();
        EventStreamClient stream =
            EventStreamClient.open(door, "?prefix=a&pattern=1&kind=created&kind=deleted")) {
      assertThat(stream.status).isEqualTo(200);
      assertThat(stream.fields).containsEntry("content-type", "text/event-stream");
      door.set("a1", "x");
      door.set("a1", "y");
      door.set("a2", "x");
      door.keyspace.apply(DeleteRequest.of(bytes("a1")), door.stamp("bob"));

      assertThat(stream.event())
          .startsWith("change {\"key\":\"a1\",\"event\":\"CREATED\",\"time\":\"2027-")
          .contains("\"client_id\":\"other\"", "\"version\":1", "\"size\":1")
          .doesNotContain("value");
      assertThat(stream.event()).contains("\"event\":\"DELETED\"", "\"client_id\":\"bob\"");
    }
  }

  @Test
  void events_withValuesAndState_tellBoth() {
    String value = Base64.getEncoder().encodeToString(bytes("hello"));
    try (TestDoor door = TestDoor.open()) {
      door.set("a", "hello");
      try (EventStreamClient stream =
          EventStreamClient.open(door, "?current=true&values=true&key=a&key=b")) {
        List<String> state = stream.next();
        assertThat(state.getFirst()).isEqualTo("event: state");
        assertThat(state.get(1)).contains("\"key\":\"a\"", "\"value\":\"" + value + "\"");
        List<String> end = stream.next();
        assertThat(end).hasSize(3);
        assertThat(EventStreamClient.line(end, "event: ")).isEqualTo("state-end");
        door.set("c", "hello");
        door.set("b", "hello");
        assertThat(stream.event()).contains("\"key\":\"b\"", "\"value\":\"" + value + "\"");
      }
    }
  }

  @Test
  void events_resumed_missNothingAndRepeatNothing() {
    try (TestDoor door = TestDoor.open()) {
      String id;
      try (EventStreamClient stream = EventStreamClient.open(door, "")) {
        door.set("a", "1");
        id = EventStreamClient.line(stream.next(), "id: ");
      }
      door.set("b", "1");
      door.set("c", "1");

      try (EventStreamClient resumed =
          EventStreamClient.open(door, "?current=true", "Last-Event-ID: " + id)) {
        assertThat(resumed.event()).contains("\"key\":\"b\"");
        assertThat(resumed.event()).contains("\"key\":\"c\"");
      }
    }
  }

  /** A stream that had more to read than a turn allows once went on for ever after its end. */
  @Test
  void events_clientLeavesBetweenTurns_noTurnFollows() throws InterruptedException {
    HeldTurns turns = new HeldTurns();
    try (TestDoor door = TestDoor.openOn(turns.vertx())) {
      String start = door.keyspace.eventLog().end().encode();
      for (int i = 0; i < EVENTS_BEYOND_A_TURN; i++) {
        door.set("k" + i, "");
      }
      try (TestClient client = door.client()) {
        client.write(TestClient.head("GET", "/v1/events?prefix=none&after=" + start) + "\r\n");
        Eventually.holds("the stream asks for another turn", () -> turns.held() == 1);
      }
      Eventually.holds("the stream has ended", () -> door.watches.count() == 0);

      turns.giveOne();

      assertThat(turns.held()).isZero();
    }
  }

  @Test
  void events_idleWatcher_itsPlaceMovesOn() {
    try (TestDoor door =
            TestDoor.open(config -> TestDoor.withIdleTimeout(config, Duration.ofSeconds(1)));
        EventStreamClient stream = EventStreamClient.open(door, "?prefix=wanted")) {
      door.set("other", "1");

      List<String> mark = stream.next();

      assertThat(mark).hasSize(1);
      ResumeToken place = ResumeToken.decode(EventStreamClient.line(mark, "id: "));
      assertThat(place.position()).isLessThanOrEqualTo(door.keyspace.stats().revision());
    }
  }

  @Test
  void events_stalledReader_getsAGapNotice() {
    try (TestDoor door =
            TestDoor.open(config -> config, EngineConfig.forTests().withEventBytesMax(1 << 20));
        EventStreamClient stream = EventStreamClient.open(door, "?values=true")) {
      String value = "v".repeat(10_000);
      for (int i = 0; i < 3_000; i++) {
        door.set("k" + i % 10, value + i);
      }

      long told = 0;
      long missed = 0;
      String event = "";
      while (!event.contains("\"revision\":" + door.keyspace.stats().revision())) {
        event = stream.event();
        if (event.startsWith("gap")) {
          Matcher count = MISSED.matcher(event);
          assertThat(count.find()).isTrue();
          missed += Long.parseLong(count.group(1));
        } else {
          assertThat(event).startsWith("change ");
          told++;
        }
      }

      assertThat(missed).isPositive();
      assertThat(told + missed).isEqualTo(3_000);
    }
  }

  @Test
  void events_serverStops_endsAtOnceAndSaysWhy() {
    try (TestDoor door = TestDoor.open();
        EventStreamClient stream = EventStreamClient.open(door, "")) {
      door.set("a", "1");
      stream.next();

      door.stop(Duration.ofSeconds(20));

      assertThat(stream.event())
          .isEqualTo("end {\"code\":\"unavailable\",\"detail\":\"server is shutting down\"}");
      assertThat(stream.isEnded()).isTrue();
      assertThat(door.watches.count()).isZero();
    }
  }

  @Test
  void events_badRequests_areRefused() {
    try (TestDoor door = TestDoor.open()) {
      assertThat(door.ask("GET", "/v1/events?kind=nonsense").status()).isEqualTo(400);
      assertThat(door.ask("GET", "/v1/events?pattern=(").status()).isEqualTo(400);
      assertThat(door.ask("GET", "/v1/events?slow=x").status()).isEqualTo(400);
      assertThat(door.ask("GET", "/v1/events?key=").status()).isEqualTo(400);
      assertThat(door.ask("GET", "/v1/events", "Last-Event-ID: x").status()).isEqualTo(400);
      assertThat(door.ask("POST", "/v1/events").status()).isEqualTo(405);
    }
  }
}
