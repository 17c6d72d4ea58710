package dev.mayfly.grpc;

import static dev.mayfly.grpc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mayfly.api.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import dev.mayfly.api.envoy.service.ratelimit.v3.RateLimitRequest;
import dev.mayfly.api.keyquarry.Key;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc.KeyQuarryBlockingStub;
import dev.mayfly.api.keyquarry.KeyValue;
import dev.mayfly.api.v1.GetRequest;
import dev.mayfly.api.v1.Operation;
import dev.mayfly.api.v1.TransactRequest;
import dev.mayfly.testing.Eventually;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that begin, and whose requests do not come. */
@Timeout(120)
final class IncomingCallsTest {
  private static final String SET = "keyquarry.KeyQuarry/Set";
  private static final String TRANSACT = "mayfly.v1.KeyValue/Transact";
  private static final Duration REQUEST_TIME = Duration.ofMinutes(1);

  private static TestDoor open(int callsMax, long bytesMax) {
    return TestDoor.open(
        TestDoor.withIncoming(new GrpcConfig.Incoming(callsMax, bytesMax, REQUEST_TIME)));
  }

  private static KeyValue value(int bytes) {
    return KeyValue.newBuilder().setKey("k").setValue(ByteString.copyFrom(new byte[bytes])).build();
  }

  private static long counted(TestDoor door, Status.Code code) {
    return door.calls.calls.getOrDefault(SET + " " + code, new AtomicLong()).get();
  }

  @Test
  void requestsInPart_beyondTheBound_areRefused_andSmallOnesGoOn() throws Exception {
    int bytesMax = 3 * UnfinishedCall.BYTES_MAX + 1000;
    long held = 3L * UnfinishedCall.BYTES_MAX;
    try (TestDoor door = open(1000, bytesMax)) {
      List<UnfinishedCall> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        clients.add(begun(door, UnfinishedCall.BYTES_MAX));
      }
      Eventually.holds("held", () -> door.load().inputBytes() == held);
      KeyQuarryBlockingStub alice = door.client("alice");

      clients.add(begun(door, UnfinishedCall.BYTES_MAX));
      clients.getLast().awaitAnswer();

      Eventually.holds("refused", () -> counted(door, Status.Code.RESOURCE_EXHAUSTED) == 1);
      assertThat(door.load().inputBytes()).isEqualTo(held);
      assertThat(alice.set(value(100)).getSuccess()).isTrue();
      assertRefused(
          Status.Code.RESOURCE_EXHAUSTED,
          "requests under way have more than %d bytes (grpc.max-input)".formatted(bytesMax),
          () -> alice.set(value(10_000)));

      for (UnfinishedCall client : clients) {
        client.close();
      }

      Eventually.holds("none left", () -> door.load().equals(GrpcLoad.NONE));
      assertThat(alice.set(value(10_000)).getSuccess()).isTrue();
    }
  }

  @Test
  void requestOfManyParts_countsAsWhatItTakes() throws Exception {
    TransactRequest.Builder many = TransactRequest.newBuilder();
    for (int i = 0; i < 10_000; i++) {
      many.addThen(Operation.newBuilder().setGet(GetRequest.getDefaultInstance()));
    }
    byte[] bytes = many.build().toByteArray();
    assertThat(bytes).hasSize(40_000);
    try (TestDoor door = open(1000, 1 << 20);
        UnfinishedCall first = new UnfinishedCall(door.port);
        UnfinishedCall second = new UnfinishedCall(door.port)) {
      first.begin(TRANSACT);
      first.send(bytes);
      Eventually.holds("counted", () -> door.load().inputBytes() == 40_000 + 10_000 * 80);

      second.begin(TRANSACT);
      second.send(bytes);
      second.awaitAnswer();
      assertThat(door.load().inputBytes()).isEqualTo(40_000 + 10_000 * 80);
    }
  }

  @Test
  void objects_areThoseOfListsAndOfListsInThem() {
    RateLimitDescriptor descriptor =
        RateLimitDescriptor.newBuilder()
            .addEntries(RateLimitDescriptor.Entry.newBuilder().setKey("a").setValue("b"))
            .addEntries(RateLimitDescriptor.Entry.getDefaultInstance())
            .build();
    RateLimitRequest request =
        RateLimitRequest.newBuilder().addDescriptors(descriptor).addDescriptors(descriptor).build();

    assertThat(MessageObjects.bytes(request)).isEqualTo((2 + 2 * 2) * 80);
    assertThat(MessageObjects.bytes(value(10_000))).isZero();
    assertThat(MessageObjects.bytes(new byte[3])).isZero();
  }

  private static UnfinishedCall begun(TestDoor door, int bytes) throws Exception {
    UnfinishedCall client = new UnfinishedCall(door.port);
    client.begin(SET);
    client.send(bytes, 900_000);
    return client;
  }

  @Test
  void calls_beyondTheBound_areRefused_untilOthersEnd() throws Exception {
    try (TestDoor door = open(20, 1 << 20)) {
      KeyQuarryBlockingStub alice = door.client("alice");
      try (UnfinishedCall client = new UnfinishedCall(door.port)) {
        for (int i = 0; i < 20; i++) {
          client.begin(SET);
        }
        Eventually.holds("open", () -> door.load().openCalls() == 20);

        assertRefused(
            Status.Code.RESOURCE_EXHAUSTED,
            "more than 20 calls are open (grpc.max-open-calls)",
            () -> alice.set(value(1)));

        client.begin(SET);
        client.awaitAnswer();
        Eventually.holds("counted", () -> counted(door, Status.Code.RESOURCE_EXHAUSTED) == 2);
      }
      Eventually.holds("ended", () -> door.load().openCalls() == 0);
      assertThat(alice.set(value(1)).getSuccess()).isTrue();
    }
  }

  @Test
  void request_thatTakesTooLong_isRefused() throws Exception {
    try (TestDoor door = open(1000, 1 << 20);
        UnfinishedCall silent = new UnfinishedCall(door.port);
        UnfinishedCall slow = begun(door, 5000)) {
      silent.begin(SET);
      Eventually.holds("both", () -> door.load().equals(new GrpcLoad(2, 5000, 0, 0)));

      door.time.advance(REQUEST_TIME.toMillis());

      silent.awaitAnswer();
      slow.awaitAnswer();
      Eventually.holds("none left", () -> door.load().equals(GrpcLoad.NONE));
      assertThat(counted(door, Status.Code.DEADLINE_EXCEEDED)).isEqualTo(2);
    }
  }

  @Test
  void call_whoseRequestHasCome_mayTakeLonger() throws Exception {
    try (TestDoor door = open(1000, 1 << 20);
        UnfinishedCall late = new UnfinishedCall(door.port)) {
      BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
      StreamObserver<ServerReflectionRequest> questions =
          ServerReflectionGrpc.newStub(door.channel()).serverReflectionInfo(into(answers));
      ServerReflectionRequest list =
          ServerReflectionRequest.newBuilder().setListServices("").build();
      questions.onNext(list);
      assertThat(answers.poll(20, TimeUnit.SECONDS)).isNotNull();
      late.begin(SET);
      Eventually.holds("both", () -> door.load().openCalls() == 2);

      door.time.advance(REQUEST_TIME.toMillis());
      late.awaitAnswer();
      questions.onNext(list);

      assertThat(answers.poll(20, TimeUnit.SECONDS)).isNotNull();
      questions.onCompleted();
      Eventually.holds("none left", () -> door.load().equals(GrpcLoad.NONE));
    }
  }

  private static <T> StreamObserver<T> into(BlockingQueue<T> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T answer) {
        answers.add(answer);
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {}
    };
  }

  @Test
  void answeredCalls_leaveNothing() {
    try (TestDoor door = open(1000, 1 << 20)) {
      KeyQuarryBlockingStub alice = door.client("alice");
      for (int i = 0; i < 50; i++) {
        assertThat(alice.set(value(i * 1000)).getSuccess()).isTrue();
        assertThat(alice.get(Key.newBuilder().setKey("k").build()).getValue().size())
            .isEqualTo(i * 1000);
      }
      Eventually.holds("none left", () -> door.load().equals(GrpcLoad.NONE));
    }
  }
}
