package dev.mayfly.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.mayfly.api.v1.Event;
import dev.mayfly.api.v1.WatchRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watches over connections that break. */
@Timeout(120)
final class RemoteWatchTest {
  private static final int WRITES = 3_000;
  private static final int CUTS = 15;

  private final TestServer server = TestServer.start(Map.of());
  private final RemoteStore writer = server.connect("writer");

  @AfterEach
  void close() {
    writer.close();
    server.close();
  }

  private static WatchRequest.Builder request() {
    return WatchRequest.newBuilder().setPrefix(RemoteStore.bytes("w/")).setValues(true);
  }

  private static RemoteStore through(CuttingRelay relay) {
    return RemoteStore.connect(
        RemoteConfig.of("127.0.0.1:" + relay.port(), "watcher")
            .withDeadline(TestServer.PATIENCE)
            .withBounds(100, 4));
  }

  private static void collect(RemoteWatch watch, List<String> values, int until)
      throws InterruptedException {
    while (values.size() < until) {
      if (watch.next() instanceof WatchMessage.Changes changes) {
        changes.events().forEach(event -> values.add(event.getValue().toStringUtf8()));
      }
    }
  }

  private Thread writing(int first, int writes) {
    return Thread.ofPlatform()
        .start(
            () -> {
              for (int i = first; i < first + writes; i++) {
                ByteString key = RemoteStore.bytes("w/" + i % 7);
                writer.set(key, RemoteStore.bytes(Integer.toString(i)));
              }
            });
  }

  @Test
  void watch_connectionsCutAmongWrites_missesNothingAndTellsNothingTwice() throws Exception {
    try (CuttingRelay relay = new CuttingRelay(server.port());
        RemoteStore store = through(relay);
        RemoteWatch watch = store.watch(request().build())) {
      watch.opened().join();
      List<String> values = new ArrayList<>();
      for (int cuts = 1; cuts <= CUTS; cuts++) {
        Thread writes = writing(values.size(), WRITES / CUTS);
        collect(watch, values, values.size() + WRITES / CUTS / 2);
        relay.cut();
        collect(watch, values, WRITES / CUTS * cuts);
        writes.join();
      }

      for (int i = 0; i < WRITES; i++) {
        assertThat(values.get(i)).isEqualTo(Integer.toString(i));
      }
      assertThat(watch.poll(Duration.ofMillis(100))).isEmpty();
    }
  }

  @Test
  void watch_clientStartedAnew_goesOnAtItsToken() throws Exception {
    List<Event> events = new ArrayList<>();
    String token = "";
    Thread writes;
    try (RemoteStore store = server.connect("watcher");
        RemoteWatch watch = store.watch(request().build())) {
      watch.opened().join();
      writes = writing(0, WRITES);
      while (events.size() < WRITES / 3) {
        token = collect(watch.next(), events);
      }
    }
    while (events.size() < WRITES) {
      int until = Math.min(WRITES, events.size() + WRITES / 5);
      try (RemoteStore store = server.connect("watcher");
          RemoteWatch watch = store.watch(request().setResumeToken(token).build())) {
        while (events.size() < until) {
          token = collect(watch.next(), events);
        }
      }
    }
    writes.join();

    assertThat(events)
        .extracting(event -> Integer.parseInt(event.getValue().toStringUtf8()))
        .hasSize(WRITES)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  private static String collect(WatchMessage message, List<Event> events) {
    if (message instanceof WatchMessage.Changes changes) {
      events.addAll(changes.events());
    }
    return message.token();
  }

  @Test
  void watch_serverStartedAnew_surfacesTheGapAndTheStateAfterIt() throws Exception {
    try (CuttingRelay relay = new CuttingRelay(server.port());
        RemoteStore store = through(relay);
        RemoteWatch watch = store.watch(request().setCurrentState(true).build())) {
      writer.set(RemoteStore.bytes("w/a"), RemoteStore.bytes("1"));
      assertThat(watch.next()).isInstanceOf(WatchMessage.class);
      try (TestServer second = TestServer.start(Map.of());
          RemoteStore other = second.connect("writer")) {
        other.set(RemoteStore.bytes("w/b"), RemoteStore.bytes("2"));
        relay.target(second.port());
        relay.cut();

        WatchMessage message = watch.next();
        while (!(message instanceof WatchMessage.Gap)) {
          message = watch.next();
        }
        WatchMessage state = watch.next();

        assertThat(state)
            .isInstanceOfSatisfying(
                WatchMessage.State.class,
                told ->
                    assertThat(told.entries().getFirst().getKey().toStringUtf8()).isEqualTo("w/b"));
        assertThat(watch.next()).isInstanceOf(WatchMessage.StateComplete.class);
        other.set(RemoteStore.bytes("w/c"), RemoteStore.bytes("3"));
        assertThat(watch.next()).isInstanceOf(WatchMessage.Changes.class);
      }
    }
  }

  @Test
  void watch_storeClosedBeforeItConnectsAgain_isToldSo() throws Exception {
    HandTimer timer = new HandTimer();
    TestServer away = TestServer.start(Map.of());
    RemoteStore store = new RemoteStore(away.config("watcher"), timer.time, timer);
    RemoteWatch watch = store.watch(request().build());
    watch.opened().join();
    away.close();
    while (timer.waiting() == 0) {
      Thread.onSpinWait();
    }

    store.close();

    assertThatThrownBy(watch::next)
        .isInstanceOf(RemoteException.class)
        .hasMessage("the store was closed");
  }

  @Test
  void watch_refusedOrClosed_saysWhy() throws Exception {
    try (RemoteWatch refused = writer.watch(request().setResumeToken("nonsense").build())) {
      assertThatThrownBy(refused::next)
          .isInstanceOfSatisfying(
              RemoteException.class,
              e -> assertThat(e.code()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }
    RemoteWatch watch = writer.watch(request().build());
    watch.opened().join();
    watch.close();
    watch.close();

    assertThatThrownBy(watch::next).hasMessage("the watch was closed");
  }
}
