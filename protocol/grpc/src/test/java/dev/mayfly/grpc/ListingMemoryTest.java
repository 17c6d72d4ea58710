package dev.mayfly.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.mayfly.api.keyquarry.InspectRequest;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.v1.CountersGrpc;
import dev.mayfly.api.v1.GetRequest;
import dev.mayfly.api.v1.KeyValueGrpc;
import dev.mayfly.api.v1.Limit;
import dev.mayfly.api.v1.LimitsGrpc;
import dev.mayfly.api.v1.ListKeysRequest;
import dev.mayfly.api.v1.ListRequest;
import dev.mayfly.api.v1.Operation;
import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.api.v1.TakeManyRequest;
import dev.mayfly.api.v1.TakeRequest;
import dev.mayfly.api.v1.TransactRequest;
import dev.mayfly.testing.Eventually;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that do not take replies of many parts, or of middling values. */
@Timeout(120)
final class ListingMemoryTest {
  private static final int WINDOW_BYTES = 1000;
  private static final int CONNECTIONS = 12;
  private static final int CALLS = 20;
  private static final int MANY = 1000;
  private static final long MEMORY_BYTES = 1 << 20;
  private static final long REPLY_BYTES_MAX = 250_000;
  private static final Duration LONG = Duration.ofHours(1);
  private static final ByteString KEY = ByteString.copyFromUtf8("medium");

  /** What is asked for. */
  record Asked(String name, MethodDescriptor<?, ?> method, MessageLite request) {
    static List<Asked> all() {
      return List.of(
          new Asked(
              "names of counters",
              CountersGrpc.getListKeysMethod(),
              ListKeysRequest.newBuilder().setNamespace(ByteString.copyFromUtf8("ns")).build()),
          new Asked(
              "values",
              KeyValueGrpc.getListMethod(),
              ListRequest.newBuilder().setValues(true).build()),
          new Asked(
              "a middling value",
              KeyValueGrpc.getGetMethod(),
              GetRequest.newBuilder().setKey(KEY).build()),
          new Asked("much metadata", KeyValueGrpc.getTransactMethod(), reads()),
          new Asked("many decisions", LimitsGrpc.getTakeManyMethod(), takes()),
          new Asked(
              "a value inspected",
              KeyQuarryGrpc.getInspectMethod(),
              InspectRequest.newBuilder()
                  .setKey(KEY.toStringUtf8())
                  .setIncludeValue(true)
                  .build()));
    }

    @Override
    public String toString() {
      return name;
    }

    private static TransactRequest reads() {
      GetRequest get = GetRequest.newBuilder().setKey(KEY).setMetadataOnly(true).build();
      TransactRequest.Builder reads = TransactRequest.newBuilder();
      for (int i = 0; i < MANY; i++) {
        reads.addThen(Operation.newBuilder().setGet(get));
      }
      return reads.build();
    }

    private static TakeManyRequest takes() {
      TakeRequest take =
          TakeRequest.newBuilder()
              .setNamespace(KEY)
              .setKey(KEY)
              .setLimit(
                  Limit.newBuilder()
                      .setKind(Limit.Kind.KIND_SLIDING_WINDOW)
                      .setQuantity(1)
                      .setPeriod(WireTimes.duration(60_000)))
              .build();
      TakeManyRequest.Builder takes = TakeManyRequest.newBuilder();
      for (int i = 0; i < MANY; i++) {
        takes.addTakes(take);
      }
      return takes.build();
    }

    Unread<MessageLite, MessageLite> by(ManagedChannel channel) {
      Unread<MessageLite, MessageLite> reply = new Unread<>();
      @SuppressWarnings("unchecked") // The request is the method's.
      MethodDescriptor<MessageLite, MessageLite> called =
          (MethodDescriptor<MessageLite, MessageLite>) method;
      var stub = TestDoor.as("alice", KeyValueGrpc.newStub(channel));
      ClientCalls.asyncUnaryCall(
          stub.getChannel().newCall(called, stub.getCallOptions()), request, reply);
      return reply;
    }
  }

  private static TestDoor open(Duration timeout) {
    TestDoor door =
        TestDoor.open(
            TestDoor.withOutgoing(
                new GrpcConfig.Outgoing(MEMORY_BYTES, Long.MAX_VALUE, timeout, 1 << 20)));
    var alice = TestDoor.as("alice", KeyValueGrpc.newBlockingStub(door.channel()));
    for (int i = 0; i < 10; i++) {
      ByteString key = i == 0 ? KEY : ByteString.copyFromUtf8("key" + i);
      assertThat(
              alice
                  .set(
                      SetRequest.newBuilder()
                          .setKey(key)
                          .setValue(ByteString.copyFrom(new byte[20_000]))
                          .build())
                  .getApplied())
          .isTrue();
    }
    for (int i = 0; i < MANY; i++) {
      byte[] key = ("x".repeat(150) + i).getBytes(StandardCharsets.US_ASCII);
      door.counters.hit("ns".getBytes(StandardCharsets.US_ASCII), key, 1, door.time.millis());
    }
    return door;
  }

  /** A connection whose client has room for little. */
  private static ManagedChannel narrow(TestDoor door) {
    return door.channel(
        NettyChannelBuilder.forAddress("127.0.0.1", door.port).flowControlWindow(WINDOW_BYTES));
  }

  private static List<Unread<MessageLite, MessageLite>> askMuch(TestDoor door, Asked asked) {
    List<Unread<MessageLite, MessageLite>> replies = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      ManagedChannel channel = narrow(door);
      for (int j = 0; j < CALLS; j++) {
        replies.add(asked.by(channel));
      }
    }
    return replies;
  }

  private static void awaitShort(TestDoor door) {
    Eventually.holds("all are open", () -> door.load().openCalls() == CONNECTIONS * CALLS);
    Eventually.holds("some wait", () -> door.load().waitingOutputs() > 0);
    Eventually.settles(() -> (int) door.load().outputBytes());
  }

  static List<Asked> asked() {
    return Asked.all();
  }

  @ParameterizedTest
  @MethodSource("asked")
  void replies_areNotTaken_asManyAsThereIsRoomForAreMade(Asked asked) {
    try (TestDoor door = open(LONG)) {
      List<Unread<MessageLite, MessageLite>> replies = askMuch(door, asked);
      awaitShort(door);

      assertThat(door.load().outputBytes())
          .isBetween(MEMORY_BYTES / 2, 2 * MEMORY_BYTES + 2 * REPLY_BYTES_MAX);
      var bob = TestDoor.as("bob", KeyValueGrpc.newBlockingStub(door.channel()));
      GetRequest small = GetRequest.newBuilder().setKey(KEY).setMetadataOnly(true).build();
      assertThat(bob.get(small).hasEntry()).isTrue();

      replies.forEach(Unread::read);
      int bytes = replies.getFirst().received.next().getSerializedSize();
      assertThat(bytes).isBetween(ReplyMemory.SMALL_BYTES, (int) REPLY_BYTES_MAX);
      replies.stream()
          .skip(1)
          .forEach(
              each ->
                  assertThat(each.received.next().getSerializedSize())
                      .isCloseTo(bytes, org.assertj.core.data.Percentage.withPercentage(10)));
      Eventually.holds("none left", () -> door.load().equals(GrpcLoad.NONE));
      assertThat(door.calls.repliesCut).hasValue(0);
    }
  }

  @ParameterizedTest
  @MethodSource("asked")
  void replies_areNotTakenWhileOthersWait_areCut(Asked asked) {
    try (TestDoor door = open(Duration.ofMillis(100))) {
      askMuch(door, asked);

      Eventually.holds("all are cut", () -> door.calls.repliesCut.get() > CALLS);
      Unread<MessageLite, MessageLite> good = asked.by(door.channel());
      good.read();
      assertThat(good.received.next().getSerializedSize()).isPositive();
      assertThat(Objects.requireNonNull(good.received.end()).isOk()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("asked")
  void clients_leave_nothingIsLeft(Asked asked) {
    try (TestDoor door = open(LONG)) {
      askMuch(door, asked);
      awaitShort(door);

      door.leave();

      Eventually.holds("none left", () -> door.load().equals(GrpcLoad.NONE));
    }
  }
}
