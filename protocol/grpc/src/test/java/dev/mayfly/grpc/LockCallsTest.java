package dev.mayfly.grpc;

import static dev.mayfly.grpc.Refusals.assertRefused;
import static io.grpc.Status.Code.FAILED_PRECONDITION;
import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.NOT_FOUND;
import static io.grpc.Status.Code.OUT_OF_RANGE;
import static io.grpc.Status.Code.PERMISSION_DENIED;
import static io.grpc.Status.Code.RESOURCE_EXHAUSTED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.mayfly.api.keyquarry.EmptyRequest;
import dev.mayfly.api.keyquarry.Event;
import dev.mayfly.api.keyquarry.InspectRequest;
import dev.mayfly.api.keyquarry.InspectResponse;
import dev.mayfly.api.keyquarry.KeyEvent;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc.KeyQuarryBlockingStub;
import dev.mayfly.api.keyquarry.KeyValue;
import dev.mayfly.api.keyquarry.LockRequest;
import dev.mayfly.api.keyquarry.UnlockRequest;
import dev.mayfly.api.keyquarry.WatchRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lock and Unlock of keyquarry: what they do, and how they refuse. */
@Timeout(60)
final class LockCallsTest {
  private final TestDoor door = TestDoor.open(engine -> engine.withKeysMax(3));
  private final KeyQuarryBlockingStub client = door.client("alice");
  private final KeyQuarryBlockingStub other = door.client("bob");

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void lock_key_keepsOthersOutUntilItEnds() {
    set("k");

    assertThat(client.lock(lock("k", 10).build()).getSuccess()).isTrue();

    assertRefused(
        PERMISSION_DENIED, "locked by another client", () -> other.lock(lock("k", 10).build()));
    assertThat(locks()).isEqualTo(1);
    door.time.advance(10_000);
    assertThat(other.lock(lock("k", 10).build()).getSuccess()).isTrue();
  }

  @Test
  void lock_ownLock_endsItsDurationFromNow() {
    set("k");
    client.lock(lock("k", 10).build());
    door.time.advance(6_000);
    client.lock(lock("k", 10).build());
    door.time.advance(6_000);

    assertRefused(
        PERMISSION_DENIED, "locked by another client", () -> other.lock(lock("k", 10).build()));
    door.time.advance(4_000);
    assertThat(other.lock(lock("k", 10).build()).getSuccess()).isTrue();
    assertThat(locks()).isEqualTo(1);
  }

  @Test
  void lock_missingKey_isCreatedEmptyWhereAskedFor() {
    assertRefused(NOT_FOUND, "Key not found", () -> client.lock(lock("k", 10).build()));
    Received<Event> events = new Received<>();
    TestDoor.as("watcher", KeyQuarryGrpc.newStub(door.channel()))
        .watchStream(WatchRequest.getDefaultInstance(), events);
    events.awaitHeaders(door);

    client.lock(lock("k", 10).setCreateIfMissing(true).build());

    InspectResponse created =
        client.inspect(InspectRequest.newBuilder().setKey("k").setIncludeValue(true).build());
    assertThat(created.getValue().isEmpty()).isTrue();
    assertThat(created.getContentType()).isEmpty();
    assertThat(created.getVersion()).isEqualTo(1);
    assertThat(created.getLocked()).isTrue();
    assertThat(events.next().getEvent()).isEqualTo(KeyEvent.CREATED);
    assertThat(events.next().getEvent()).isEqualTo(KeyEvent.LOCKED);
  }

  @Test
  void lock_atTheLimitOfKeys_refusesToCreateOneMore() {
    set("a");
    set("b");
    set("c");

    assertRefused(
        RESOURCE_EXHAUSTED,
        "maximum number of keys reached",
        () -> client.lock(lock("d", 10).setCreateIfMissing(true).build()));
    assertThat(client.lock(lock("a", 10).setCreateIfMissing(true).build()).getSuccess()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "901, lock Duration too long",
    "0, invalid lock Duration",
    "-1, invalid lock Duration",
    "4, invalid lock Duration"
  })
  void lock_durationOutOfRange_isRefused(long seconds, String message) {
    set("k");

    assertRefused(OUT_OF_RANGE, message, () -> client.lock(lock("k", seconds).build()));
    assertRefused(OUT_OF_RANGE, message, () -> client.lock(lock("missing", seconds).build()));
    client.lock(lock("k", 900).build());
    client.lock(lock("k", 5).build());
  }

  @Test
  void lock_noDuration_isRefused() {
    set("k");

    assertRefused(
        OUT_OF_RANGE,
        "invalid lock Duration",
        () -> client.lock(LockRequest.newBuilder().setKey("k").build()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void lock_severalFaults_areRefusedInOrder(boolean create) {
    assertRefused(INVALID_ARGUMENT, "Empty key", () -> client.lock(attempt("", create)));
    assertRefused(
        INVALID_ARGUMENT,
        "Key cannot begin with 'keyquarry'",
        () -> client.lock(attempt("KEYQUARRY", create)));
    door.keyspace.readOnly(true);
    assertRefused(INVALID_ARGUMENT, "Empty key", () -> client.lock(attempt("", create)));
    assertRefused(
        INVALID_ARGUMENT,
        "Key cannot begin with 'keyquarry'",
        () -> client.lock(attempt("keyquarry/x", create)));
    assertRefused(
        FAILED_PRECONDITION, "server in readonly mode", () -> client.lock(attempt("k", create)));
  }

  @Test
  void lock_keyThatCannotExist_isMissingOrTooLong() {
    String tooLong = "k".repeat(door.keyspace.bounds().keyBytesMax() + 1);

    assertRefused(NOT_FOUND, "Key not found", () -> client.lock(lock(tooLong, 10).build()));
    assertRefused(
        OUT_OF_RANGE, "lock Duration too long", () -> client.lock(lock(tooLong, 901).build()));
    assertRefused(
        FAILED_PRECONDITION,
        "Key length greater than maximum",
        () -> client.lock(lock(tooLong, 10).setCreateIfMissing(true).build()));
  }

  @Test
  void unlock_lock_letsOthersIn() {
    set("k");
    client.lock(lock("k", 10).build());
    assertRefused(
        PERMISSION_DENIED,
        "client_id provided does not match key",
        () -> other.unlock(unlock("k")));

    assertThat(client.unlock(unlock("k")).getSuccess()).isTrue();

    assertThat(locks()).isZero();
    assertThat(other.lock(lock("k", 10).build()).getSuccess()).isTrue();
  }

  @Test
  void unlock_notLocked_isNoErrorAndNoEvent() {
    set("k");

    assertThat(client.unlock(unlock("k")).getSuccess()).isTrue();

    assertThat(client.stats(EmptyRequest.getDefaultInstance()).getEvents().getUnlocked()).isZero();
  }

  @Test
  void unlock_severalFaults_areRefusedInOrder() {
    assertRefused(NOT_FOUND, "Key not found", () -> client.unlock(unlock("k")));
    assertRefused(
        INVALID_ARGUMENT,
        "Key cannot begin with 'keyquarry'",
        () -> client.unlock(unlock("Keyquarry")));
    door.keyspace.readOnly(true);
    assertRefused(FAILED_PRECONDITION, "server in readonly mode", () -> client.unlock(unlock("k")));
    assertRefused(
        INVALID_ARGUMENT,
        "Key cannot begin with 'keyquarry'",
        () -> client.unlock(unlock("keyquarry")));
  }

  private void set(String key) {
    client.set(KeyValue.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8("x")).build());
  }

  private long locks() {
    return client.stats(EmptyRequest.getDefaultInstance()).getCurrentLocks();
  }

  private static LockRequest attempt(String key, boolean create) {
    return lock(key, 10).setCreateIfMissing(create).build();
  }

  private static LockRequest.Builder lock(String key, long seconds) {
    return LockRequest.newBuilder()
        .setKey(key)
        .setDuration(Duration.newBuilder().setSeconds(seconds));
  }

  private static UnlockRequest unlock(String key) {
    return UnlockRequest.newBuilder().setKey(key).build();
  }
}
