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
import dev.mayfly.api.keyquarry.DeleteRequest;
import dev.mayfly.api.keyquarry.GetRevisionRequest;
import dev.mayfly.api.keyquarry.InspectRequest;
import dev.mayfly.api.keyquarry.InspectResponse;
import dev.mayfly.api.keyquarry.Key;
import dev.mayfly.api.keyquarry.KeyMetric;
import dev.mayfly.api.keyquarry.KeyMetricRequest;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc.KeyQuarryBlockingStub;
import dev.mayfly.api.keyquarry.KeyValue;
import dev.mayfly.api.keyquarry.PopRequest;
import dev.mayfly.api.keyquarry.SetResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls about one key: what they do, and how they refuse. */
final class KeyCallsTest {
  private final TestDoor door = TestDoor.open();
  private final KeyQuarryBlockingStub client = door.client("alice");
  private final KeyQuarryBlockingStub other = door.client("bob");

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void set_newKey_isNewOnce() {
    SetResponse first = client.set(value("foo", "bar").build());
    SetResponse second = client.set(value("foo", "baz").build());

    assertThat(first.getSuccess()).isTrue();
    assertThat(first.getIsNew()).isTrue();
    assertThat(second.getSuccess()).isTrue();
    assertThat(second.getIsNew()).isFalse();
    assertThat(get("foo")).isEqualTo("baz");
  }

  @ParameterizedTest
  @ValueSource(strings = {"keyquarry", "KeyQuarry/x", "keyquarryish"})
  void set_reservedKey_isRefused(String key) {
    assertRefused(
        INVALID_ARGUMENT,
        "Key cannot begin with 'keyquarry'",
        () -> client.set(value(key, "x").build()));
  }

  @Test
  void set_emptyKey_isRefused() {
    assertRefused(INVALID_ARGUMENT, "Empty key", () -> client.set(value("", "x").build()));
  }

  @Test
  void set_readOnly_isRefusedAfterTheReservedKey() {
    door.keyspace.readOnly(true);

    assertRefused(
        FAILED_PRECONDITION, "server in readonly mode", () -> client.set(value("k", "x").build()));
    assertRefused(
        INVALID_ARGUMENT,
        "Key cannot begin with 'keyquarry'",
        () -> client.set(value("keyquarry", "x").build()));
    assertRefused(
        FAILED_PRECONDITION,
        "server in readonly mode",
        () -> client.set(value("k".repeat(5000), "x").build()));
  }

  @Test
  void set_lengths_areRefusedOneBeyondTheLimit() {
    int keyMax = door.keyspace.bounds().keyBytesMax();
    int valueMax = Math.min(door.keyspace.bounds().valueBytesMax(), TestDoor.RULES.valueBytesMax());

    client.set(value("k".repeat(keyMax), "x").build());
    client.set(value("k", "x".repeat(valueMax)).build());

    assertRefused(
        FAILED_PRECONDITION,
        "Key length greater than maximum",
        () -> client.set(value("k".repeat(keyMax + 1), "x").build()));
    assertRefused(
        FAILED_PRECONDITION,
        "value size is greater than maximum",
        () -> client.set(value("k", "x".repeat(valueMax + 1)).build()));
  }

  @ParameterizedTest
  @CsvSource({
    "901, lock Duration too long",
    "0, invalid lock Duration",
    "-1, invalid lock Duration",
    "4, invalid lock Duration"
  })
  void set_lockDurationOutOfRange_isRefused(long seconds, String message) {
    assertRefused(
        OUT_OF_RANGE,
        message,
        () -> client.set(value("k", "x").setLockDuration(seconds(seconds)).build()));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 4})
  void set_lifespanOutOfRange_isRefused(long seconds) {
    assertRefused(
        INVALID_ARGUMENT,
        "invalid expire_after",
        () -> client.set(value("k", "x").setLifespan(seconds(seconds)).build()));
  }

  @Test
  void set_lifespanBeyondAllTime_isTaken() {
    client.set(value("k", "x").setLifespan(seconds(300_000_000_000L)).build());

    assertThat(get("k")).isEqualTo("x");
  }

  @Test
  void set_everyFaultAtOnce_isRefusedForTheFirst() {
    KeyValue lockFirst =
        value("k", "x").setLockDuration(seconds(1)).setLifespan(seconds(1)).build();

    assertRefused(OUT_OF_RANGE, "invalid lock Duration", () -> client.set(lockFirst));
  }

  @Test
  void set_lockedByAnother_isRefused() {
    client.set(value("k", "x").setLockDuration(seconds(10)).build());

    assertRefused(
        PERMISSION_DENIED,
        "client_id provided does not match key",
        () -> other.set(value("k", "y").build()));
  }

  @Test
  void set_atTheLimitOfKeys_refusesOneMore() {
    try (TestDoor small = TestDoor.open(engine -> engine.withKeysMax(1))) {
      KeyQuarryBlockingStub full = small.client("alice");
      full.set(value("a", "1").build());
      full.set(value("a", "2").build());

      assertRefused(
          RESOURCE_EXHAUSTED,
          "maximum number of keys reached",
          () -> full.set(value("b", "1").build()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", ""})
  void readingCalls_missingKey_areRefused(String key) {
    assertRefused(NOT_FOUND, "Key not found", () -> client.get(key(key)));
    assertRefused(NOT_FOUND, "Key not found", () -> client.inspect(inspect(key).build()));
    assertRefused(
        NOT_FOUND,
        "key not found",
        () -> client.getKeyMetric(KeyMetricRequest.newBuilder().setKey(key).build()));
    assertThat(client.exists(key(key)).getExists()).isFalse();
  }

  @Test
  void readingCalls_lockedByAnother_areRefusedWhereTheyCarryTheValue() {
    client.set(value("k", "x").setLockDuration(seconds(10)).build());

    assertRefused(PERMISSION_DENIED, "Key is locked", () -> other.get(key("k")));
    assertRefused(PERMISSION_DENIED, "Key is locked", () -> other.pop(pop("k")));
    assertRefused(
        PERMISSION_DENIED,
        "Key is locked",
        () -> other.inspect(inspect("k").setIncludeValue(true).build()));
    assertRefused(PERMISSION_DENIED, "Key is locked", () -> other.getRevision(revision("k", 1)));
    assertThat(other.inspect(inspect("k").build()).getLocked()).isTrue();
    assertThat(other.exists(key("k")).getExists()).isTrue();
    assertThat(get("k")).isEqualTo("x");
  }

  @Test
  void inspect_value_hasTheHashThatClientsKnow() {
    client.set(value("foo", "bar").setLifespan(seconds(60)).build());

    InspectResponse told =
        client.inspect(inspect("foo").setIncludeValue(true).setIncludeMetrics(true).build());

    assertThat(told.getHash()).isEqualTo(16101355973854746L);
    assertThat(told.getVersion()).isEqualTo(1);
    assertThat(told.getSize()).isEqualTo(3);
    assertThat(told.getContentType()).isEqualTo("text/plain; charset=utf-8");
    assertThat(told.getValue().toStringUtf8()).isEqualTo("bar");
    assertThat(told.hasLocked()).isTrue();
    assertThat(told.getLocked()).isFalse();
    assertThat(told.hasUpdated()).isFalse();
    assertThat(told.getLifespan()).isEqualTo(seconds(60));
    assertThat(told.getLifespanSet())
        .isEqualTo(WireTimes.timestamp(TestTime.START_MILLIS))
        .isEqualTo(told.getCreated());
    assertThat(told.getMetrics().getSetCount()).isEqualTo(1);
  }

  @Test
  void inspect_emptyValue_hasTheHashOfNothing() {
    client.set(value("k", "").build());

    InspectResponse told = client.inspect(inspect("k").build());

    assertThat(Long.toUnsignedString(told.getHash())).isEqualTo("14695981039346656037");
    assertThat(told.getContentType()).isEmpty();
    assertThat(told.hasValue()).isFalse();
    assertThat(told.hasMetrics()).isFalse();
    assertThat(told.hasLifespan()).isFalse();
  }

  @Test
  void inspect_contentTypeGiven_isTold() {
    client.set(value("k", "x").setContentType("image/x-mine").build());

    assertThat(client.inspect(inspect("k").build()).getContentType()).isEqualTo("image/x-mine");
  }

  @Test
  void keyMetric_uses_areCounted() {
    client.set(value("k", "x").build());
    get("k");
    get("k");

    KeyMetric metric = client.getKeyMetric(KeyMetricRequest.newBuilder().setKey("k").build());

    assertThat(metric.getSetCount()).isEqualTo(1);
    assertThat(metric.getAccessCount()).isEqualTo(2);
    assertThat(metric.hasLastAccessed()).isTrue();
    assertThat(metric.hasFirstLocked()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", ""})
  void delete_missingKey_isRefused(String key) {
    assertRefused(NOT_FOUND, "Key not found", () -> client.delete(delete(key)));
    assertRefused(NOT_FOUND, "Key not found", () -> client.pop(pop(key)));
  }

  @Test
  void delete_keyThatCannotExist_isMissing() {
    String tooLong = "k".repeat(door.keyspace.bounds().keyBytesMax() + 1);

    assertRefused(NOT_FOUND, "Key not found", () -> client.delete(delete(tooLong)));
    door.keyspace.readOnly(true);
    assertRefused(
        FAILED_PRECONDITION, "server in readonly mode", () -> client.delete(delete(tooLong)));
    assertRefused(FAILED_PRECONDITION, "server in readonly mode", () -> client.delete(delete("")));
  }

  @Test
  void delete_key_isGone() {
    client.set(value("k", "x").build());

    assertThat(client.delete(delete("k")).getDeleted()).isTrue();
    assertThat(client.exists(key("k")).getExists()).isFalse();
  }

  @Test
  void delete_lockedByAnother_isRefused() {
    client.set(value("k", "x").setLockDuration(seconds(10)).build());

    assertRefused(
        PERMISSION_DENIED,
        "client_id provided does not match key",
        () -> other.delete(delete("k")));
  }

  @Test
  void delete_reservedKey_isRefused() {
    assertRefused(
        INVALID_ARGUMENT,
        "Key cannot begin with 'keyquarry'",
        () -> client.delete(delete("keyquarry/MaxKeys")));
    assertRefused(
        INVALID_ARGUMENT,
        "Key cannot begin with 'keyquarry'",
        () -> client.pop(pop("KEYQUARRY/x")));
  }

  @Test
  void pop_key_givesItsValueAndRemovesIt() {
    client.set(value("k", "x").build());

    assertThat(client.pop(pop("k")).getValue().toStringUtf8()).isEqualTo("x");
    assertThat(client.exists(key("k")).getExists()).isFalse();
  }

  @Test
  void revision_versions_areCountedBothWays() {
    client.set(value("k", "1").build());
    client.set(value("k", "2").build());
    client.set(value("k", "3").build());

    assertThat(past("k", 1)).isEqualTo("1");
    assertThat(past("k", 3)).isEqualTo("3");
    assertThat(past("k", -1)).isEqualTo("2");
    assertThat(past("k", -2)).isEqualTo("1");
    assertRefused(NOT_FOUND, "revision not found", () -> client.getRevision(revision("k", -3)));
    assertRefused(NOT_FOUND, "revision not found", () -> client.getRevision(revision("no", 1)));
    assertRefused(
        INVALID_ARGUMENT,
        "revision must be greater or less than zero",
        () -> client.getRevision(revision("k", 0)));
  }

  private String get(String key) {
    return client.get(key(key)).getValue().toStringUtf8();
  }

  private String past(String key, long version) {
    return client.getRevision(revision(key, version)).getValue().toStringUtf8();
  }

  private static KeyValue.Builder value(String key, String value) {
    return KeyValue.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(value));
  }

  private static Key key(String key) {
    return Key.newBuilder().setKey(key).build();
  }

  private static InspectRequest.Builder inspect(String key) {
    return InspectRequest.newBuilder().setKey(key);
  }

  private static DeleteRequest delete(String key) {
    return DeleteRequest.newBuilder().setKey(key).build();
  }

  private static PopRequest pop(String key) {
    return PopRequest.newBuilder().setKey(key).build();
  }

  private static GetRevisionRequest revision(String key, long version) {
    return GetRevisionRequest.newBuilder().setKey(key).setVersion(version).build();
  }

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }
}
