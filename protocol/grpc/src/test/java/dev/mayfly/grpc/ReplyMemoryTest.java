package dev.mayfly.grpc;

import static dev.mayfly.grpc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mayfly.api.keyquarry.GetResponse;
import dev.mayfly.api.keyquarry.Key;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc.KeyQuarryBlockingStub;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc.KeyQuarryStub;
import dev.mayfly.api.keyquarry.KeyValue;
import dev.mayfly.api.keyquarry.PopRequest;
import dev.mayfly.api.v1.GetRequest;
import dev.mayfly.api.v1.KeyValueGrpc;
import dev.mayfly.api.v1.Operation;
import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.api.v1.TransactRequest;
import dev.mayfly.api.v1.WatchRequest;
import dev.mayfly.api.v1.WatchResponse;
import dev.mayfly.engine.EngineConfig;
import dev.mayfly.testing.Eventually;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that do not take the large replies, and events, that they asked for. */
@Timeout(120)
final class ReplyMemoryTest {
  private static final int WINDOW_BYTES = 65_535;
  private static final int VALUE_BYTES = 500_000;
  private static final ByteString VALUE = ByteString.copyFrom(new byte[VALUE_BYTES]);
  private static final long REPLY_BYTES_MAX = 2L * VALUE_BYTES;
  private static final long LOG_BYTES = 32 << 20;
  private static final Duration LONG = Duration.ofHours(1);
  private static final Key BIG = Key.newBuilder().setKey("big").build();
  private static final Key SMALL = Key.newBuilder().setKey("small").build();

  /** Room for four replies, and on a connection for two: whoever holds less may have one more. */
  private static TestDoor open(Duration timeout) {
    TestDoor door =
        TestDoor.open(
            TestDoor.withOutgoing(
                new GrpcConfig.Outgoing(
                    4L * VALUE_BYTES - 1, 2L * VALUE_BYTES - 1, timeout, REPLY_BYTES_MAX)),
            EngineConfig.forTests().withEventBytesMax(LOG_BYTES));
    KeyQuarryBlockingStub alice = door.client("alice");
    assertThat(alice.set(entry("big", VALUE)).getSuccess()).isTrue();
    assertThat(alice.set(entry("small", ByteString.copyFromUtf8("1"))).getSuccess()).isTrue();
    return door;
  }

  private static KeyValue entry(String key, ByteString value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  /** A connection whose client has room for little, and never for more. */
  private static ManagedChannel narrow(TestDoor door) {
    return door.channel(
        NettyChannelBuilder.forAddress("127.0.0.1", door.port).flowControlWindow(WINDOW_BYTES));
  }

  private static KeyQuarryStub client(ManagedChannel channel) {
    return TestDoor.as("alice", KeyQuarryGrpc.newStub(channel));
  }

  private static List<Unread<Key, GetResponse>> get(KeyQuarryStub client, int count) {
    List<Unread<Key, GetResponse>> gets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      gets.add(new Unread<>());
      client.get(BIG, gets.getLast());
    }
    return gets;
  }

  /** All of a connection are read at once: what is left of one keeps the window from the others. */
  private static void assertTold(List<Unread<Key, GetResponse>> gets) {
    gets.forEach(Unread::read);
    gets.forEach(ReplyMemoryTest::assertTold);
  }

  private static void assertTold(Unread<?, GetResponse> get) {
    assertThat(get.received.next().getValue()).isEqualTo(VALUE);
  }

  private static long replies(TestDoor door) {
    return door.load().outputBytes() / VALUE_BYTES;
  }

  @Test
  void connection_takesNothing_itsLargeRepliesWait_untilItTakesThem() {
    try (TestDoor door = open(LONG)) {
      ManagedChannel channel = narrow(door);
      List<Unread<Key, GetResponse>> gets = get(client(channel), 50);
      Eventually.holds("as many as may be", () -> replies(door) == 2);
      Eventually.holds("all are open", () -> door.load().openCalls() == 50);

      KeyQuarryBlockingStub same = TestDoor.as("alice", KeyQuarryGrpc.newBlockingStub(channel));
      assertThat(same.get(SMALL).getValue().toStringUtf8()).isEqualTo("1");
      assertThat(door.client("bob").get(BIG).getValue()).isEqualTo(VALUE);
      assertThat(replies(door)).isEqualTo(2);
      assertThat(door.load().inputBytes()).as("requests that wait").isPositive();

      assertTold(gets);
      Eventually.holds("none left", () -> door.load().equals(GrpcLoad.NONE));
    }
  }

  @Test
  void memory_isShort_largeRepliesWaitInTurn_smallOnesDoNot() {
    try (TestDoor door = open(LONG)) {
      List<Unread<Key, GetResponse>> held = new ArrayList<>();
      held.addAll(get(client(narrow(door)), 2));
      held.addAll(get(client(narrow(door)), 2));
      Eventually.holds("short", () -> replies(door) == 4);

      List<Unread<Key, GetResponse>> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        waiting.addAll(get(client(door.channel()), 1));
        int count = i + 1;
        Eventually.holds("it waits", () -> door.load().waitingOutputs() == count);
      }
      assertThat(door.client("bob").get(SMALL).getValue().toStringUtf8()).isEqualTo("1");
      assertThat(replies(door)).isEqualTo(4);

      assertTold(held.subList(0, 2));
      assertTold(waiting);
      assertTold(held.subList(2, 4));
      Eventually.holds("none left", () -> door.load().equals(GrpcLoad.NONE));
      assertThat(door.calls.repliesCut).hasValue(0);
    }
  }

  @Test
  void clients_takeNothingWhileOthersWait_areCut() {
    try (TestDoor door = open(Duration.ofMillis(200))) {
      List<Unread<Key, GetResponse>> held = new ArrayList<>();
      held.addAll(get(client(narrow(door)), 2));
      held.addAll(get(client(narrow(door)), 2));
      Eventually.holds("short", () -> replies(door) == 4);

      assertThat(door.client("bob").get(BIG).getValue()).isEqualTo(VALUE);

      Eventually.holds("cut", () -> door.calls.repliesCut.get() == 4);
      held.forEach(Unread::read);
      held.forEach(
          each -> assertThat(each.received.end().getCode()).isEqualTo(Status.Code.CANCELLED));
      assertThat(door.calls.calls.get("keyquarry.KeyQuarry/Get RESOURCE_EXHAUSTED")).hasValue(4);
      Eventually.holds("none left", () -> door.load().equals(GrpcLoad.NONE));
    }
  }

  @Test
  void pop_cancelledWhileItWaits_takesNothing() {
    try (TestDoor door = open(LONG)) {
      ManagedChannel channel = narrow(door);
      List<Unread<Key, GetResponse>> held = get(client(channel), 2);
      Eventually.holds("paused", () -> replies(door) == 2);
      Unread<PopRequest, GetResponse> pop = new Unread<>();
      Context.CancellableContext context = Context.current().withCancellation();
      PopRequest request = PopRequest.newBuilder().setKey("big").build();
      context.run(() -> client(channel).pop(request, pop));
      Eventually.holds("it waits", () -> door.load().openCalls() == 3);

      context.cancel(new CancellationException("enough"));
      Eventually.holds("it has left", () -> door.load().openCalls() == 2);
      assertTold(held);

      assertThat(door.client("bob").get(BIG).getValue()).isEqualTo(VALUE);
      Eventually.holds("none left", () -> door.load().equals(GrpcLoad.NONE));
    }
  }

  @Test
  void connection_closesWhileItsCallsWait_othersHaveTheirTurn() {
    try (TestDoor door = open(LONG)) {
      ManagedChannel first = narrow(door);
      ManagedChannel second = narrow(door);
      get(client(first), 10);
      get(client(second), 10);
      Eventually.holds("short", () -> replies(door) == 4);
      ManagedChannel third = narrow(door);
      get(client(third), 10);
      Eventually.holds("it waits", () -> door.load().waitingOutputs() == 1);
      List<Unread<Key, GetResponse>> last = get(client(door.channel()), 1);
      Eventually.holds("it waits", () -> door.load().waitingOutputs() == 2);

      third.shutdownNow();
      first.shutdownNow();

      assertTold(last);
      second.shutdownNow();
      Eventually.holds("none left", () -> door.load().equals(GrpcLoad.NONE));
    }
  }

  @Test
  void watchers_takeNoLargeEvents_areCut_andOthersAreToldAll() {
    try (TestDoor door = open(Duration.ofMillis(200))) {
      for (int i = 0; i < 20; i++) {
        watch(narrow(door));
      }
      Unread<WatchRequest, WatchResponse> quick = watch(door.channel());
      quick.read();
      quick.received.awaitHeaders(door);
      Eventually.holds("all watch", () -> door.calls.watches.get() == 21);
      KeyQuarryBlockingStub alice = door.client("alice");

      for (int i = 0; i < 20; i++) {
        // An equal value would be no change to tell.
        alice.set(entry("big" + i, VALUE));
        WatchResponse told = quick.received.next();
        assertThat(told.getEvents().getEvents(0).getKey().toStringUtf8()).isEqualTo("big" + i);
        assertThat(door.load().outputBytes()).isLessThan(8L * VALUE_BYTES);
      }

      Eventually.holds("some are cut", () -> door.calls.repliesCut.get() > 0);
      assertThat(quick.received.isEmpty()).isTrue();
    }
  }

  private static Unread<WatchRequest, WatchResponse> watch(ManagedChannel channel) {
    Unread<WatchRequest, WatchResponse> watch = new Unread<>();
    TestDoor.as("bob", KeyValueGrpc.newStub(channel))
        .watch(WatchRequest.newBuilder().setValues(true).build(), watch);
    return watch;
  }

  @Test
  void transaction_tellsTooMuch_isRefusedAndDoesNothing() {
    try (TestDoor door = open(LONG)) {
      KeyValueGrpc.KeyValueBlockingStub client =
          TestDoor.as("alice", KeyValueGrpc.newBlockingStub(door.channel()));
      Operation read =
          Operation.newBuilder()
              .setGet(GetRequest.newBuilder().setKey(ByteString.copyFromUtf8("new")))
              .build();
      Operation write =
          Operation.newBuilder()
              .setSet(
                  SetRequest.newBuilder().setKey(ByteString.copyFromUtf8("new")).setValue(VALUE))
              .build();
      TransactRequest.Builder request = TransactRequest.newBuilder().addThen(write);

      request.addThen(read).addThen(read);
      assertThat(client.transact(request.build()).getResultsCount()).isEqualTo(3);
      client.delete(
          dev.mayfly.api.v1.DeleteRequest.newBuilder()
              .setKey(ByteString.copyFromUtf8("new"))
              .build());

      request.addThen(read);
      assertRefused(
          Status.Code.RESOURCE_EXHAUSTED,
          "the answer would have more than %d bytes: ask for less".formatted(REPLY_BYTES_MAX),
          () -> client.transact(request.build()));
      assertThat(client.get(read.getGet()).hasEntry()).isFalse();
    }
  }
}
