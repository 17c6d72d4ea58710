package dev.mayfly.grpc;

import static dev.mayfly.grpc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.mayfly.api.keyquarry.Event;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.v1.KeyValueGrpc;
import dev.mayfly.api.v1.KeyValueGrpc.KeyValueBlockingStub;
import dev.mayfly.api.v1.LockRequest;
import dev.mayfly.api.v1.LockResponse;
import dev.mayfly.api.v1.LocksGrpc;
import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.api.v1.SlowPolicy;
import dev.mayfly.api.v1.WatchRequest;
import dev.mayfly.api.v1.WatchResponse;
import dev.mayfly.engine.EngineConfig;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of watchers that take nothing, and of calls that wait when the door stops. */
@Timeout(120)
final class SlowWatchTest {
  private static final int WINDOW_BYTES = 65_535;

  /** Many times what a log of the least size, the windows and the transport hold together. */
  private static final int WRITES = 1_500;

  private static final int WATCHED_WRITES = 400;

  private static final ByteString VALUE = ByteString.copyFrom(new byte[1_000]);

  private static final long LOG_BYTES = 4 << 20;
  private static final long LOG_BYTES_LEAST = 1 << 16;

  private TestDoor door = open(LOG_BYTES);
  private KeyValueBlockingStub client = client();

  private static TestDoor open(long logBytes) {
    return TestDoor.open(engine -> engine.withEventBytesMax(logBytes));
  }

  private KeyValueBlockingStub client() {
    return TestDoor.as("alice", KeyValueGrpc.newBlockingStub(door.channel()));
  }

  private void reopen(long logBytes) {
    door.close();
    door = open(logBytes);
    client = client();
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void stop_whileAThreadStillServesWatches_saysSo() throws InterruptedException {
    Received<WatchResponse> watcher = new Received<>();
    TestDoor.as("quick", KeyValueGrpc.newStub(door.channel()))
        .watch(WatchRequest.getDefaultInstance(), watcher);
    watcher.awaitHeaders(door);
    CountDownLatch held = door.calls.holdUp();
    client.set(set("a", 1));
    assertThat(door.calls.reached.await(10, TimeUnit.SECONDS)).isTrue();

    try {
      assertThatThrownBy(() -> door.stop(java.time.Duration.ZERO))
          .hasMessageContaining("a thread still serves calls, watches");
    } finally {
      held.countDown();
      // It may read the event log, whose memory goes when the test ends.
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith("mayfly-grpc-watch-")) {
          thread.join();
        }
      }
    }
  }

  @Test
  void watch_stalled_isToldOfTheGapAndOthersMissNothing() {
    reopen(LOG_BYTES_LEAST);
    long before = write(1);
    Unread<WatchRequest, WatchResponse> slow = watch(SlowPolicy.SLOW_POLICY_GAP_NOTICE);
    Received<WatchResponse> quick = new Received<>();
    TestDoor.as("quick", KeyValueGrpc.newStub(door.channel()))
        .watch(WatchRequest.getDefaultInstance(), quick);
    quick.awaitHeaders(door);
    long last = before;
    for (int i = 0; i < WATCHED_WRITES; i++) {
      long revision = client.set(set("watched" + i, i)).getRevision();
      assertThat(quick.next().getEvents().getEventsList())
          .singleElement()
          .satisfies(event -> assertThat(event.getRevision()).isEqualTo(revision));
      last = revision;
    }
    slow.read();

    long told = before;
    long gaps = 0;
    long passedOver = 0;
    while (told < last) {
      WatchResponse message = slow.received.next();
      if (message.hasGap()) {
        gaps++;
        passedOver += message.getGap().getRevisions();
        assertThat(message.getGap().getResumedRevision())
            .isEqualTo(told + message.getGap().getRevisions() + 1);
        told = message.getGap().getResumedRevision() - 1;
      }
      for (var event : message.getEvents().getEventsList()) {
        assertThat(event.getRevision()).isEqualTo(told + 1);
        told = event.getRevision();
      }
    }
    assertThat(gaps).isPositive();
    assertThat(passedOver).isBetween(1L, (long) WATCHED_WRITES);
    assertThat(door.calls.gaps.get()).isEqualTo(gaps);
  }

  @Test
  void watch_stalledForAMoment_isSentWhatTheOthersWere() {
    door.close();
    door =
        TestDoor.open(
            TestDoor.withBacklog(64 << 20),
            EngineConfig.forTests().withEventBytesMax(LOG_BYTES_LEAST));
    client = client();
    Unread<WatchRequest, WatchResponse> slow = watch(SlowPolicy.SLOW_POLICY_GAP_NOTICE);
    Received<WatchResponse> quick = new Received<>();
    TestDoor.as("quick", KeyValueGrpc.newStub(door.channel()))
        .watch(request(SlowPolicy.SLOW_POLICY_GAP_NOTICE).build(), quick);
    quick.awaitHeaders(door);
    List<Long> written = new ArrayList<>();
    for (int i = 0; i < WATCHED_WRITES; i++) {
      written.add(client.set(set("watched" + i, i)).getRevision());
      // The log holds a few only: it is not overtaken while this one is told of each.
      assertThat(quick.next().getEvents().getEventsCount()).isEqualTo(1);
    }
    while (door.calls.backlogBytes.get() < LOG_BYTES_LEAST) {
      Thread.onSpinWait();
    }
    slow.read();

    List<Long> told = new ArrayList<>();
    while (told.size() < WATCHED_WRITES) {
      WatchResponse message = slow.received.next();
      assertThat(message.hasGap()).isFalse();
      message.getEvents().getEventsList().forEach(event -> told.add(event.getRevision()));
    }
    assertThat(told).isEqualTo(written);
    assertThat(door.calls.gaps.get()).isZero();

    long last = client.set(set("last", 0)).getRevision();
    assertThat(slow.received.next().getEvents().getEvents(0).getRevision()).isEqualTo(last);
    assertThat(quick.next().getEvents().getEvents(0).getRevision()).isEqualTo(last);
    while (door.calls.backlogBytes.get() != 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void watch_stalledUnderDisconnectBehindOthers_isEndedAfterTheSendTimeout() {
    door.close();
    door = TestDoor.open(TestDoor.withBacklog(64 << 20));
    client = client();
    Unread<WatchRequest, WatchResponse> slow = watch(SlowPolicy.SLOW_POLICY_DISCONNECT);
    write(300);
    while (door.watches.count() > 0) {
      door.time.advance(100);
      Thread.onSpinWait();
    }
    slow.read();

    assertThat(slow.received.end().getCode()).isEqualTo(Code.DATA_LOSS);
  }

  @Test
  void watch_stalledUnderDisconnect_isEndedAfterTheSendTimeout() {
    Unread<WatchRequest, WatchResponse> slow = watch(SlowPolicy.SLOW_POLICY_DISCONNECT);
    write(300);
    while (door.watches.count() > 0) {
      door.time.advance(100);
      Thread.onSpinWait();
    }
    slow.read();

    Status end = slow.received.end();
    assertThat(end.getCode()).isEqualTo(Code.DATA_LOSS);
    assertThat(end.getDescription()).isEqualTo("the watcher took nothing for the send timeout");
  }

  @Test
  void watch_stalledUnderCoalesce_hasTheLatestOfEachKeyWithoutAGap() {
    Unread<WatchRequest, WatchResponse> slow = watch(SlowPolicy.SLOW_POLICY_COALESCE);
    long last = write(WRITES);
    slow.read();

    Map<ByteString, Long> latest = new HashMap<>();
    long events = 0;
    while (latest.values().stream().noneMatch(revision -> revision == last)) {
      WatchResponse message = slow.received.next();
      assertThat(message.hasGap()).isFalse();
      for (var event : message.getEvents().getEventsList()) {
        events++;
        latest.merge(event.getKey(), event.getRevision(), Math::max);
      }
    }
    assertThat(events).isLessThan(WRITES);
    assertThat(latest.values()).hasSize(10).allMatch(revision -> revision > last - 10);
  }

  @Test
  void watch_idleUnderCoalesce_isToldHowFarItHasCome() {
    Received<WatchResponse> idle = new Received<>();
    TestDoor.as("idle", KeyValueGrpc.newStub(door.channel()))
        .watch(
            request(SlowPolicy.SLOW_POLICY_COALESCE)
                .setPrefix(ByteString.copyFromUtf8("nothing"))
                .setProgressInterval(Duration.newBuilder().setSeconds(1))
                .build(),
            idle);
    idle.awaitHeaders(door);
    long last = write(20);
    WatchResponse message;
    do {
      door.time.advance(1_001);
      message = idle.next();
    } while (message.getProgress().getRevision() < last);

    assertThat(message.hasProgress()).isTrue();
    assertThat(message.getProgress().getRevision()).isEqualTo(last);
    assertThat(message.getResumeToken()).isNotEmpty();
  }

  @Test
  void watchStream_stalled_endsAndNamesWhatWasPassedOver() {
    reopen(LOG_BYTES_LEAST);
    Unread<dev.mayfly.api.keyquarry.WatchRequest, Event> slow = new Unread<>();
    TestDoor.as("slow", KeyQuarryGrpc.newStub(narrow()))
        .watchStream(dev.mayfly.api.keyquarry.WatchRequest.getDefaultInstance(), slow);
    slow.received.awaitHeaders(door);
    String longKey = "k".repeat(1_000);
    for (int i = 0; i < WRITES; i++) {
      client.set(set(longKey, i));
    }
    slow.read();

    Status end = slow.received.end();
    assertThat(end.getCode()).isEqualTo(Code.DATA_LOSS);
    assertThat(end.getDescription())
        .matches("the watcher did not keep up: [1-9][0-9]* revisions were passed over");
  }

  @Test
  void stop_watcherStalled_isNotHeldUp() {
    Unread<WatchRequest, WatchResponse> slow = watch(SlowPolicy.SLOW_POLICY_GAP_NOTICE);
    Received<WatchResponse> quick = new Received<>();
    TestDoor.as("quick", KeyValueGrpc.newStub(door.channel()))
        .watch(request(SlowPolicy.SLOW_POLICY_GAP_NOTICE).build(), quick);
    quick.awaitHeaders(door);
    write(300);

    // The drain never ends by itself: the door's time stands still.
    door.stop(java.time.Duration.ofHours(1));

    assertThat(quick.end().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(quick.end().getDescription()).isEqualTo("server is shutting down");
    slow.read();
    assertThat(slow.received.end().getCode()).isIn(Code.UNAVAILABLE, Code.CANCELLED);
  }

  @Test
  void stop_lockAwaited_endsTheWaitAtOnce() {
    LockRequest.Builder lock =
        LockRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("l"))
            .setCreateIfMissing(true)
            .setDuration(Duration.newBuilder().setSeconds(10));
    TestDoor.as("alice", LocksGrpc.newBlockingStub(door.channel())).lock(lock.build());
    Received<LockResponse> waiting = new Received<>();
    TestDoor.as("bob", LocksGrpc.newStub(door.channel()))
        .lock(lock.setWait(Duration.newBuilder().setSeconds(3_600)).build(), waiting);
    while (door.keyspace.stats().lockWaiters() == 0) {
      Thread.onSpinWait();
    }

    door.stop(java.time.Duration.ofHours(1));

    assertThat(waiting.end().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(waiting.end().getDescription()).isEqualTo("server is shutting down");
    assertThat(door.keyspace.stats().lockWaiters()).isZero();
  }

  @Test
  void stop_again_doesNothingAndNewCallsFindNobody() {
    door.stop(java.time.Duration.ZERO);
    door.stop(java.time.Duration.ZERO);

    Received<WatchResponse> late = new Received<>();
    KeyValueGrpc.newStub(door.channel()).watch(WatchRequest.getDefaultInstance(), late);
    assertThat(late.end().getCode()).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void watch_progressIntervalTooShort_isRefused() {
    WatchRequest request =
        request(SlowPolicy.SLOW_POLICY_GAP_NOTICE)
            .setProgressInterval(Duration.newBuilder().setNanos(99_000_000))
            .build();

    assertRefused(
        Code.INVALID_ARGUMENT,
        "progress interval 99ms: expected at least 100ms",
        () -> client.watch(request).next());
  }

  private Unread<WatchRequest, WatchResponse> watch(SlowPolicy policy) {
    Unread<WatchRequest, WatchResponse> slow = new Unread<>();
    TestDoor.as("slow", KeyValueGrpc.newStub(narrow())).watch(request(policy).build(), slow);
    slow.received.awaitHeaders(door);
    return slow;
  }

  private static WatchRequest.Builder request(SlowPolicy policy) {
    return WatchRequest.newBuilder().setValues(true).setSlowPolicy(policy);
  }

  private io.grpc.ManagedChannel narrow() {
    return door.channel(
        NettyChannelBuilder.forAddress("127.0.0.1", door.port).flowControlWindow(WINDOW_BYTES));
  }

  /** Writes so often, ten keys in turn; returns the last revision. */
  private long write(int times) {
    long revision = 0;
    for (int i = 0; i < times; i++) {
      revision = client.set(set("k" + i % 10, i)).getRevision();
    }
    return revision;
  }

  private static SetRequest set(String key, int number) {
    return SetRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(VALUE.concat(ByteString.copyFromUtf8(Integer.toString(number))))
        .build();
  }
}
