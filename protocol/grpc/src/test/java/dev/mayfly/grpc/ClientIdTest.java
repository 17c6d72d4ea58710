package dev.mayfly.grpc;

import static dev.mayfly.grpc.Refusals.assertRefused;
import static io.grpc.Status.Code.ALREADY_EXISTS;
import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.UNAUTHENTICATED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mayfly.api.keyquarry.AdminGrpc;
import dev.mayfly.api.keyquarry.EmptyRequest;
import dev.mayfly.api.keyquarry.Event;
import dev.mayfly.api.keyquarry.Key;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc.KeyQuarryBlockingStub;
import dev.mayfly.api.keyquarry.ListKeysRequest;
import dev.mayfly.api.keyquarry.PruneRequest;
import dev.mayfly.api.keyquarry.RegisterRequest;
import dev.mayfly.api.keyquarry.RegisterResponse;
import dev.mayfly.api.keyquarry.WatchRequest;
import dev.mayfly.api.v1.GetRequest;
import dev.mayfly.api.v1.KeyValueGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may call: the rules of {@code client_id}, and registration. */
@Timeout(60)
final class ClientIdTest {
  @Test
  void clientId_absentEmptyReservedOrTooLong_isRefusedByEveryKindOfMethod() {
    try (TestDoor door = TestDoor.open()) {
      ManagedChannel channel = door.channel();

      assertEveryKindRefused(channel, "reserved client_id used", List.of());
      assertEveryKindRefused(channel, "empty client_id", List.of(""));
      assertEveryKindRefused(channel, "reserved client_id used", List.of("keyquarry"));
      assertEveryKindRefused(channel, "empty client_id", List.of("", "alice"));
      assertEveryKindRefused(
          channel,
          "client_id of 1025 bytes: expected at most 1024",
          List.of("a".repeat(Callers.CLIENT_ID_CHARS_MAX + 1)));
    }
  }

  private static void assertEveryKindRefused(
      ManagedChannel channel, String message, List<String> ids) {
    KeyQuarryBlockingStub client = with(ids, KeyQuarryGrpc.newBlockingStub(channel));
    AdminGrpc.AdminBlockingStub admin = with(ids, AdminGrpc.newBlockingStub(channel));
    KeyValueGrpc.KeyValueBlockingStub v1 = with(ids, KeyValueGrpc.newBlockingStub(channel));

    assertRefused(
        INVALID_ARGUMENT, message, () -> client.get(Key.newBuilder().setKey("k").build()));
    assertRefused(INVALID_ARGUMENT, message, () -> client.stats(EmptyRequest.getDefaultInstance()));
    assertRefused(
        INVALID_ARGUMENT, message, () -> client.register(RegisterRequest.getDefaultInstance()));
    assertRefused(
        INVALID_ARGUMENT, message, () -> client.listKeys(ListKeysRequest.getDefaultInstance()));
    assertRefused(
        INVALID_ARGUMENT,
        message,
        () -> client.watchStream(WatchRequest.getDefaultInstance()).next());
    assertRefused(INVALID_ARGUMENT, message, () -> admin.prune(PruneRequest.getDefaultInstance()));
    assertRefused(INVALID_ARGUMENT, message, () -> v1.get(v1Get()));
  }

  @Test
  void clientId_several_theFirstCounts() {
    try (TestDoor door = TestDoor.open()) {
      KeyQuarryBlockingStub client =
          with(List.of("alice", "keyquarry"), KeyQuarryGrpc.newBlockingStub(door.channel()));

      assertThat(client.exists(Key.newBuilder().setKey("k").build()).getExists()).isFalse();
    }
  }

  @Test
  void clientId_longestAndOddlyWritten_isTaken() {
    try (TestDoor door = TestDoor.open()) {
      ManagedChannel channel = door.channel();

      for (String id : List.of("a".repeat(Callers.CLIENT_ID_CHARS_MAX), "KeyQuarry", "a b/c")) {
        Key key = Key.newBuilder().setKey("k").build();
        assertThat(
                with(List.of(id), KeyQuarryGrpc.newBlockingStub(channel)).exists(key).getExists())
            .isFalse();
      }
    }
  }

  @Test
  void register_again_isToldSo() {
    try (TestDoor door = TestDoor.open()) {
      KeyQuarryBlockingStub client = door.client("alice");

      RegisterResponse first = client.register(RegisterRequest.getDefaultInstance());

      assertThat(first.getSuccess()).isTrue();
      assertThat(first.getClientId()).isEmpty();
      assertRefused(
          ALREADY_EXISTS,
          "already registered",
          () -> client.register(RegisterRequest.getDefaultInstance()));
      assertThat(client.stats(EmptyRequest.getDefaultInstance()).getClientIds()).isEqualTo(1);
    }
  }

  @Test
  void registrationRequired_unknownId_isRefusedUntilItRegisters() {
    GrpcConfig config = TestDoor.config(true, TestDoor.OPERATOR, null);
    try (TestDoor door = TestDoor.open(config)) {
      KeyQuarryBlockingStub client = door.client("alice");
      KeyValueGrpc.KeyValueBlockingStub v1 =
          TestDoor.as("alice", KeyValueGrpc.newBlockingStub(door.channel()));
      Key key = Key.newBuilder().setKey("k").build();
      Received<Event> refused = new Received<>();
      TestDoor.as("alice", KeyQuarryGrpc.newStub(door.channel()))
          .watchStream(WatchRequest.getDefaultInstance(), refused);

      assertThat(refused.end().getCode()).isEqualTo(UNAUTHENTICATED);
      assertThat(refused.end().getDescription()).isEqualTo("client ID not found");
      assertRefused(UNAUTHENTICATED, "client ID not found", () -> client.exists(key));
      assertRefused(UNAUTHENTICATED, "client ID not found", () -> v1.get(v1Get()));
      client.register(RegisterRequest.getDefaultInstance());

      assertThat(client.exists(key).getExists()).isFalse();
      assertThat(v1.get(v1Get()).hasEntry()).isFalse();
      assertRefused(UNAUTHENTICATED, "client ID not found", () -> door.client("bob").exists(key));
    }
  }

  private static GetRequest v1Get() {
    return GetRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build();
  }

  private static <S extends AbstractStub<S>> S with(List<String> ids, S stub) {
    Metadata headers = new Metadata();
    ids.forEach(id -> headers.put(Callers.CLIENT_ID, id));
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
