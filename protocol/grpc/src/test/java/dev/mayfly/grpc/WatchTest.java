package dev.mayfly.grpc;

import static io.grpc.Status.Code.RESOURCE_EXHAUSTED;
import static io.grpc.Status.Code.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.mayfly.api.keyquarry.DeleteRequest;
import dev.mayfly.api.keyquarry.Event;
import dev.mayfly.api.keyquarry.Key;
import dev.mayfly.api.keyquarry.KeyEvent;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc.KeyQuarryBlockingStub;
import dev.mayfly.api.keyquarry.KeyValue;
import dev.mayfly.api.keyquarry.UnlockRequest;
import dev.mayfly.api.keyquarry.WatchKeyValueRequest;
import dev.mayfly.api.keyquarry.WatchKeyValueResponse;
import dev.mayfly.api.keyquarry.WatchRequest;
import dev.mayfly.api.v1.KeyValueGrpc;
import dev.mayfly.api.v1.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The watches of keyquarry, over a real connection. */
@Timeout(120)
final class WatchTest {
  private final TestDoor door = TestDoor.open();
  private final KeyQuarryBlockingStub client = door.client("alice");
  private final KeyQuarryBlockingStub other = door.client("bob");
  private final KeyQuarryGrpc.KeyQuarryStub watcher = stub();

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void watchStream_filters_areKeptAndOrderIsThatOfTheWrites() {
    Received<Event> all = watch(WatchRequest.getDefaultInstance());
    Received<Event> one =
        watch(
            WatchRequest.newBuilder()
                .addKeys("b")
                .addEvents(KeyEvent.UPDATED)
                .addClientIds("bob")
                .build());
    for (int i = 0; i < 100; i++) {
      client.set(value("a", "v" + i));
      other.set(value("b", "v" + i));
    }
    client.get(Key.newBuilder().setKey("a").build());

    List<Event> told = new ArrayList<>();
    while (told.stream().noneMatch(event -> event.getEvent() == KeyEvent.ACCESSED)) {
      told.add(all.next());
    }
    while (told.size() < 201) {
      told.add(all.next());
    }
    told.removeIf(event -> event.getEvent() == KeyEvent.ACCESSED);
    assertThat(told).hasSize(200);
    for (int i = 0; i < 200; i++) {
      assertThat(told.get(i).getKey()).isEqualTo(i % 2 == 0 ? "a" : "b");
      assertThat(told.get(i).getEvent()).isEqualTo(i < 2 ? KeyEvent.CREATED : KeyEvent.UPDATED);
      assertThat(told.get(i).getClientId()).isEqualTo(i % 2 == 0 ? "alice" : "bob");
    }
    for (int i = 1; i < 100; i++) {
      assertThat(one.next().getKey()).isEqualTo("b");
    }
  }

  @Test
  void watchStream_events_wakeTheLoop() {
    Received<Event> events = watch(WatchRequest.getDefaultInstance());

    for (int i = 0; i < 20; i++) {
      client.set(value("k", "v" + i));
      events.next();
    }

    // Asking from time to time would find them too, but late.
    assertThat(door.log.calledBack()).isPositive();
  }

  @Test
  void watchKeyValue_life_isToldWithItsValues() {
    client.set(value("k", "one"));
    Received<WatchKeyValueResponse> values = watchKey("k");
    WatchKeyValueResponse first = values.next();
    client.set(value("k", "two"));
    client.set(value("other", "x"));
    client.delete(DeleteRequest.newBuilder().setKey("k").build());
    client.set(value("k", "three"));

    assertThat(first.getKeyEvent()).isEqualTo(KeyEvent.NO_EVENT);
    assertThat(first.getEventClientId()).isEqualTo("keyquarry");
    assertThat(first.hasEventTimestamp()).isFalse();
    assertThat(first.getValue().toStringUtf8()).isEqualTo("one");
    assertTold(values.next(), KeyEvent.UPDATED, "two");
    assertTold(values.next(), KeyEvent.DELETED, "two");
    assertTold(values.next(), KeyEvent.CREATED, "three");
  }

  /** Values of more than 64 KiB were left out of events. */
  @Test
  void watchKeyValue_largestValue_isToldWhenItsKeyGoes() {
    String large = "v".repeat(1_000_000);
    try (TestDoor wide = TestDoor.open(engine -> engine.withEventBytesMax(32 << 20))) {
      KeyQuarryBlockingStub writer = wide.client("alice");
      Received<WatchKeyValueResponse> values = new Received<>();
      Received<WatchResponse> batches = new Received<>();
      TestDoor.as("watcher", KeyQuarryGrpc.newStub(wide.channel()))
          .watchKeyValue(WatchKeyValueRequest.newBuilder().setKey("k").build(), values);
      values.awaitHeaders(wide);
      TestDoor.as("watcher", KeyValueGrpc.newStub(wide.channel()))
          .watch(dev.mayfly.api.v1.WatchRequest.newBuilder().setValues(true).build(), batches);
      batches.awaitHeaders(wide);
      for (int i = 0; i < 5; i++) {
        writer.set(value("k", i + large.substring(1)));
      }
      writer.delete(DeleteRequest.newBuilder().setKey("k").build());

      assertTold(values.next(), KeyEvent.CREATED, "0" + large.substring(1));
      for (int i = 1; i < 5; i++) {
        assertTold(values.next(), KeyEvent.UPDATED, i + large.substring(1));
      }
      assertTold(values.next(), KeyEvent.DELETED, "4" + large.substring(1));
      int told = 0;
      while (told < 6) {
        // A message is never larger than clients take unless they are told to.
        WatchResponse batch = batches.next();
        assertThat(batch.getSerializedSize()).isLessThan(2 << 20);
        assertThat(batch.getEvents().getEventsList())
            .allMatch(event -> event.getValue().size() == large.length());
        told += batch.getEvents().getEventsCount();
      }
    }
  }

  @Test
  void watch_resumedAtEveryMessageOfLargeValues_tellsEachOnce() {
    try (TestDoor wide = TestDoor.open(engine -> engine.withEventBytesMax(32 << 20))) {
      KeyQuarryBlockingStub writer = wide.client("alice");
      String start = wide.log.end().encode();
      for (int i = 0; i < 6; i++) {
        writer.set(value("k", i + "v".repeat(700_000)));
      }
      List<Long> told = new ArrayList<>();
      String token = start;
      while (told.size() < 6) {
        Received<WatchResponse> batches = new Received<>();
        TestDoor.as("watcher", KeyValueGrpc.newStub(wide.channel()))
            .watch(
                dev.mayfly.api.v1.WatchRequest.newBuilder()
                    .setValues(true)
                    .setResumeToken(token)
                    .build(),
                batches);
        WatchResponse first = batches.next();
        first.getEvents().getEventsList().forEach(event -> told.add(event.getRevision()));
        token = first.getResumeToken();
        assertThat(token).isNotEmpty();
      }

      assertThat(told).hasSize(6).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void watchKeyValue_lockedByAnother_isToldWhenItIsUnlocked() {
    client.set(
        value("k", "one").toBuilder()
            .setLockDuration(Duration.newBuilder().setSeconds(60))
            .build());
    KeyQuarryGrpc.KeyQuarryStub bob = TestDoor.as("bob", KeyQuarryGrpc.newStub(door.channel()));
    Received<WatchKeyValueResponse> values = new Received<>();
    bob.watchKeyValue(WatchKeyValueRequest.newBuilder().setKey("k").build(), values);
    values.awaitHeaders(door);
    client.set(value("k", "two"));
    client.unlock(UnlockRequest.newBuilder().setKey("k").build());
    client.set(value("k", "three"));

    assertTold(values.next(), KeyEvent.UNLOCKED, "two");
    assertTold(values.next(), KeyEvent.UPDATED, "three");
  }

  @Test
  void watchKeyValue_openedAmongWrites_beginsWithTheStateAndLosesNothing() throws Exception {
    int last = 2000;
    client.set(value("k", "v1"));
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 2; i <= last; i++) {
                    client.set(value("k", "v" + i));
                  }
                });
    List<Received<WatchKeyValueResponse>> watchers = new ArrayList<>();
    while (writer.isAlive() && watchers.size() < 60) {
      Received<WatchKeyValueResponse> received = new Received<>();
      watcher.watchKeyValue(WatchKeyValueRequest.newBuilder().setKey("k").build(), received);
      watchers.add(received);
    }
    writer.join();

    assertThat(watchers).hasSizeGreaterThan(5);
    for (Received<WatchKeyValueResponse> each : watchers) {
      WatchKeyValueResponse told = each.next();
      assertThat(told.getKeyEvent()).isEqualTo(KeyEvent.NO_EVENT);
      while (told.getVersion() < last) {
        WatchKeyValueResponse next = each.next();
        assertThat(next.getKeyEvent()).isEqualTo(KeyEvent.UPDATED);
        assertThat(next.getVersion()).isEqualTo(told.getVersion() + 1);
        told = next;
      }
    }
  }

  @Test
  void watchStream_nothingButNoEvent_tellsNothing() {
    Received<Event> none = watch(WatchRequest.newBuilder().addEvents(KeyEvent.NO_EVENT).build());
    Received<Event> some =
        watch(
            WatchRequest.newBuilder()
                .addEvents(KeyEvent.NO_EVENT)
                .addEvents(KeyEvent.DELETED)
                .build());
    client.set(value("k", "v"));
    client.delete(DeleteRequest.newBuilder().setKey("k").build());

    assertThat(some.next().getEvent()).isEqualTo(KeyEvent.DELETED);
    door.stop(java.time.Duration.ZERO);
    // The stream ends without having told anything.
    assertThat(none.end().getCode()).isEqualTo(UNAVAILABLE);
    assertThat(none.isEmpty()).isTrue();
  }

  @Test
  void watches_oneTooMany_isRefused() {
    List<Received<Event>> open = new ArrayList<>();
    for (int i = 0; i < TestDoor.WATCHERS_MAX; i++) {
      open.add(watch(WatchRequest.getDefaultInstance()));
    }

    Received<Event> refused = new Received<>();
    stub().watchStream(WatchRequest.getDefaultInstance(), refused);

    assertThat(refused.end().getCode()).isEqualTo(RESOURCE_EXHAUSTED);
    assertThat(refused.end().getDescription())
        .isEqualTo("subscriber limit reached: " + TestDoor.WATCHERS_MAX);
    client.set(value("k", "v"));
    open.forEach(each -> assertThat(each.next().getKey()).isEqualTo("k"));
  }

  @Test
  void stop_openWatches_endAtOnce() {
    Received<Event> events = watch(WatchRequest.getDefaultInstance());
    Received<WatchKeyValueResponse> values = watchKey("k");

    door.stop(java.time.Duration.ofSeconds(30));

    assertThat(events.end().getCode()).isEqualTo(UNAVAILABLE);
    assertThat(events.end().getDescription()).isEqualTo("server is shutting down");
    assertThat(values.end().getDescription()).isEqualTo("server is shutting down");
  }

  private KeyQuarryGrpc.KeyQuarryStub stub() {
    return TestDoor.as("watcher", KeyQuarryGrpc.newStub(door.channel()));
  }

  private Received<Event> watch(WatchRequest request) {
    Received<Event> received = new Received<>();
    stub().watchStream(request, received);
    received.awaitHeaders(door);
    return received;
  }

  private Received<WatchKeyValueResponse> watchKey(String key) {
    Received<WatchKeyValueResponse> received = new Received<>();
    stub().watchKeyValue(WatchKeyValueRequest.newBuilder().setKey(key).build(), received);
    received.awaitHeaders(door);
    return received;
  }

  private static void assertTold(WatchKeyValueResponse told, KeyEvent kind, String value) {
    assertThat(told.getKeyEvent()).isEqualTo(kind);
    assertThat(told.getValue().toStringUtf8()).isEqualTo(value);
    assertThat(told.getHash()).isNotZero();
    assertThat(told.getContentType()).isEqualTo("text/plain; charset=utf-8");
  }

  private static KeyValue value(String key, String value) {
    return KeyValue.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(value)).build();
  }
}
