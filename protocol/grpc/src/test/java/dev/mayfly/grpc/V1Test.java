package dev.mayfly.grpc;

import static dev.mayfly.grpc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.mayfly.api.v1.Compare;
import dev.mayfly.api.v1.CompareAndSetRequest;
import dev.mayfly.api.v1.CompareAndSetResponse;
import dev.mayfly.api.v1.CountRequest;
import dev.mayfly.api.v1.DeletePrefixRequest;
import dev.mayfly.api.v1.DeleteRequest;
import dev.mayfly.api.v1.GetRequest;
import dev.mayfly.api.v1.GrantLeaseRequest;
import dev.mayfly.api.v1.IncrementRequest;
import dev.mayfly.api.v1.InspectLeaseRequest;
import dev.mayfly.api.v1.InspectLeaseResponse;
import dev.mayfly.api.v1.KeyValueGrpc;
import dev.mayfly.api.v1.KeyValueGrpc.KeyValueBlockingStub;
import dev.mayfly.api.v1.LeasesGrpc;
import dev.mayfly.api.v1.Lifespan;
import dev.mayfly.api.v1.ListRequest;
import dev.mayfly.api.v1.ListResponse;
import dev.mayfly.api.v1.LockRequest;
import dev.mayfly.api.v1.LockResponse;
import dev.mayfly.api.v1.LocksGrpc;
import dev.mayfly.api.v1.Operation;
import dev.mayfly.api.v1.RenewLeaseRequest;
import dev.mayfly.api.v1.RevokeLeaseRequest;
import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.api.v1.SetResponse;
import dev.mayfly.api.v1.TransactRequest;
import dev.mayfly.api.v1.TransactResponse;
import dev.mayfly.api.v1.UnlockRequest;
import dev.mayfly.api.v1.WatchRequest;
import dev.mayfly.api.v1.WatchResponse;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes beyond keyquarry. */
@Timeout(120)
final class V1Test {
  private final TestDoor door = TestDoor.open();
  private final KeyValueBlockingStub client =
      TestDoor.as("alice", KeyValueGrpc.newBlockingStub(door.channel()));

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void compareAndSet_staleRevision_tellsWhatIsThere() {
    long revision = set("k", "one").getRevision();
    CompareAndSetResponse swapped = client.compareAndSet(swap("k", revision, "two"));
    CompareAndSetResponse stale = client.compareAndSet(swap("k", revision, "three"));
    CompareAndSetResponse exists = client.compareAndSet(swap("k", 0, "three"));

    assertThat(swapped.getSwapped()).isTrue();
    assertThat(stale.getSwapped()).isFalse();
    assertThat(stale.getCurrent().getValue().toStringUtf8()).isEqualTo("two");
    assertThat(stale.getRevision()).isEqualTo(swapped.getRevision());
    assertThat(exists.getSwapped()).isFalse();
    assertThat(client.compareAndSet(swap("new", 0, "x")).getSwapped()).isTrue();
  }

  @Test
  void increment_numbers_areAdded() {
    IncrementRequest.Builder request = IncrementRequest.newBuilder().setKey(bytes("n"));

    assertThat(client.increment(request.build()).getNumber()).isEqualTo(1);
    assertThat(client.increment(request.setBy(-5).build()).getNumber()).isEqualTo(-4);
    set("n", "word");
    assertRefused(
        Status.Code.FAILED_PRECONDITION,
        "the value is not a 64-bit integer",
        () -> client.increment(request.build()));
  }

  @Test
  void transact_compares_chooseTheList() {
    set("a", "1");
    TransactRequest request =
        TransactRequest.newBuilder()
            .addCompares(Compare.newBuilder().setKey(bytes("a")).setValue(bytes("1")))
            .addThen(Operation.newBuilder().setSet(setRequest("a", "2")))
            .addThen(Operation.newBuilder().setGet(GetRequest.newBuilder().setKey(bytes("b"))))
            .addElse(Operation.newBuilder().setGet(GetRequest.newBuilder().setKey(bytes("a"))))
            .build();

    TransactResponse first = client.transact(request);
    TransactResponse second = client.transact(request);

    assertThat(first.getHeld()).isTrue();
    assertThat(first.getResults(0).getSet().getApplied()).isTrue();
    assertThat(first.getResults(1).getGet().hasEntry()).isFalse();
    assertThat(second.getHeld()).isFalse();
    assertThat(second.getResults(0).getGet().getEntry().getValue()).isEqualTo(bytes("2"));
  }

  @Test
  void prefix_keys_areListedCountedAndRemoved() {
    for (int i = 0; i < 100; i++) {
      set("p/" + i, "v" + i);
      set("q/" + i, "v");
    }
    Set<String> found = new HashSet<>();
    ListRequest.Builder list =
        ListRequest.newBuilder().setPrefix(bytes("p/")).setLimit(7).setValues(true);
    do {
      ListResponse page = client.list(list.build());
      page.getEntriesList().forEach(entry -> found.add(entry.getKey().toStringUtf8()));
      list.setCursor(page.getCursor());
    } while (!list.getCursor().isEmpty());

    assertThat(found).hasSize(100).allMatch(key -> key.startsWith("p/"));
    CountRequest count = CountRequest.newBuilder().setPrefix(bytes("p/")).build();
    assertThat(client.count(count).getKeys()).isEqualTo(100);
    DeletePrefixRequest delete = DeletePrefixRequest.newBuilder().setPrefix(bytes("p/")).build();
    assertThat(client.deletePrefix(delete).getDeleted()).isEqualTo(100);
    assertThat(client.count(CountRequest.getDefaultInstance()).getKeys()).isEqualTo(100);
  }

  @Test
  void watch_stateThenChanges_resumesWithNothingMissedAndNothingTwice() {
    set("w/a", "1");
    Received<WatchResponse> first = watch(request().setCurrentState(true).build());
    WatchResponse state = first.next();
    WatchResponse complete = first.next();
    set("w/a", "2");
    set("x", "unwanted");
    WatchResponse change = first.next();
    set("w/b", "3");
    set("w/c", "4");

    Received<WatchResponse> second =
        watch(request().setResumeToken(change.getResumeToken()).build());
    List<String> keys = new ArrayList<>();
    while (keys.size() < 2) {
      second
          .next()
          .getEvents()
          .getEventsList()
          .forEach(event -> keys.add(event.getKey().toStringUtf8()));
    }

    assertThat(state.getState().getEntries(0).getValue()).isEqualTo(bytes("1"));
    assertThat(complete.getState().getComplete()).isTrue();
    assertThat(complete.getResumeToken()).isNotEmpty();
    assertThat(change.getEvents().getEvents(0).getValue()).isEqualTo(bytes("2"));
    assertThat(keys).containsExactly("w/b", "w/c");
  }

  @Test
  void watch_foreignToken_isRefusedAndOneOfAnotherLifeIsAGap() {
    Received<WatchResponse> refused = new Received<>();
    stub().watch(request().setResumeToken("nonsense").build(), refused);
    String other = new dev.mayfly.store.ResumeToken(1, 1).encode();
    Received<WatchResponse> gap = watch(request().setResumeToken(other).build());

    assertThat(refused.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(gap.next().hasGap()).isTrue();
  }

  @Test
  void lock_waiter_hasItWhenItIsReleasedWithAGreaterToken() {
    LocksGrpc.LocksBlockingStub alice =
        TestDoor.as("alice", LocksGrpc.newBlockingStub(door.channel()));
    LockRequest.Builder lock =
        LockRequest.newBuilder()
            .setKey(bytes("l"))
            .setCreateIfMissing(true)
            .setDuration(Duration.newBuilder().setSeconds(10));
    LockResponse held = alice.lock(lock.build());
    Received<LockResponse> waiting = new Received<>();
    TestDoor.as("bob", LocksGrpc.newStub(door.channel()))
        .lock(lock.setWait(Duration.newBuilder().setSeconds(60)).build(), waiting);
    LocksGrpc.LocksBlockingStub carol =
        TestDoor.as("carol", LocksGrpc.newBlockingStub(door.channel()));
    assertRefused(
        Status.Code.PERMISSION_DENIED,
        "the key is locked by another client",
        () -> carol.lock(lock.clearWait().build()));
    while (door.keyspace.stats().lockWaiters() == 0) {
      Thread.onSpinWait();
    }
    alice.unlock(
        UnlockRequest.newBuilder()
            .setKey(bytes("l"))
            .setFencingToken(held.getFencingToken())
            .build());

    assertThat(waiting.next().getFencingToken()).isGreaterThan(held.getFencingToken());
  }

  @Test
  void lock_withItsToken_isRenewedAndNeverTakenAgain() {
    LocksGrpc.LocksBlockingStub alice =
        TestDoor.as("alice", LocksGrpc.newBlockingStub(door.channel()));
    LockRequest lock =
        LockRequest.newBuilder()
            .setKey(bytes("l"))
            .setCreateIfMissing(true)
            .setDuration(Duration.newBuilder().setSeconds(10))
            .build();
    long token = alice.lock(lock).getFencingToken();
    LockRequest renewal =
        lock.toBuilder()
            .setFencingToken(token)
            .setWait(Duration.newBuilder().setSeconds(60))
            .build();
    door.time.advance(6_000);
    assertThat(alice.lock(renewal).getFencingToken()).isEqualTo(token);
    door.time.advance(6_000);
    UnlockRequest unlock =
        UnlockRequest.newBuilder().setKey(bytes("l")).setFencingToken(token).build();
    assertThat(alice.unlock(unlock).getUnlocked()).isTrue();

    // What comes after the unlocking takes nothing, and does not wait.
    assertRefused(
        Status.Code.PERMISSION_DENIED,
        "token %d: the lock is not held with it".formatted(token),
        () -> alice.lock(renewal));
    assertThat(door.keyspace.stats().locks()).isZero();
    client.delete(DeleteRequest.newBuilder().setKey(bytes("l")).build());
    assertRefused(Status.Code.NOT_FOUND, "no such key", () -> alice.lock(renewal));
  }

  @Test
  void lease_keysLiveOnIt_untilItIsRevokedOrEnds() {
    LeasesGrpc.LeasesBlockingStub leases =
        TestDoor.as("alice", LeasesGrpc.newBlockingStub(door.channel()));
    GrantLeaseRequest ten =
        GrantLeaseRequest.newBuilder().setLength(Duration.newBuilder().setSeconds(10)).build();
    long lease = leases.grantLease(ten).getLease();
    client.set(onLease("a", lease));
    client.set(onLease("b", lease));
    door.time.advance(9_000);
    leases.renewLease(RenewLeaseRequest.newBuilder().setLease(lease).build());
    door.time.advance(9_000);

    InspectLeaseResponse state =
        leases.inspectLease(InspectLeaseRequest.newBuilder().setLease(lease).setKeys(true).build());
    assertThat(state.getKeysList()).containsExactlyInAnyOrder(bytes("a"), bytes("b"));
    assertThat(state.getLease().getLength().getSeconds()).isEqualTo(10);
    GetRequest get = GetRequest.newBuilder().setKey(bytes("a")).build();
    assertThat(client.get(get).getEntry().getLease()).isEqualTo(lease);
    assertThat(client.list(ListRequest.getDefaultInstance()).getEntriesList())
        .allMatch(entry -> entry.getLease() == lease);
    door.time.advance(1_000);
    assertThat(client.get(GetRequest.newBuilder().setKey(bytes("a")).build()).hasEntry()).isFalse();

    String ended = "lease %d: it has ended, or never was".formatted(lease);
    RevokeLeaseRequest revocation = RevokeLeaseRequest.newBuilder().setLease(lease).build();
    assertRefused(Status.Code.NOT_FOUND, ended, () -> leases.revokeLease(revocation));
    assertRefused(Status.Code.NOT_FOUND, ended, () -> client.set(onLease("c", lease)));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "lease of 0ms: expected 100 to 2592000000",
        () -> leases.grantLease(GrantLeaseRequest.getDefaultInstance()));
    long second = leases.grantLease(ten).getLease();
    client.set(onLease("d", second));
    RevokeLeaseRequest other = RevokeLeaseRequest.newBuilder().setLease(second).build();
    assertThat(leases.revokeLease(other).getDeleted()).isEqualTo(1);
  }

  private static SetRequest onLease(String key, long lease) {
    return setRequest(key, "v").toBuilder()
        .setLifespan(Lifespan.newBuilder().setLease(lease))
        .build();
  }

  private static WatchRequest.Builder request() {
    return WatchRequest.newBuilder().setPrefix(bytes("w/")).setValues(true);
  }

  private KeyValueGrpc.KeyValueStub stub() {
    return TestDoor.as("watcher", KeyValueGrpc.newStub(door.channel()));
  }

  private Received<WatchResponse> watch(WatchRequest request) {
    Received<WatchResponse> received = new Received<>();
    stub().watch(request, received);
    received.awaitHeaders(door);
    return received;
  }

  private SetResponse set(String key, String value) {
    return client.set(setRequest(key, value));
  }

  private static SetRequest setRequest(String key, String value) {
    return SetRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build();
  }

  private static CompareAndSetRequest swap(String key, long revision, String value) {
    return CompareAndSetRequest.newBuilder()
        .setKey(bytes(key))
        .setExpectedRevision(revision)
        .setValue(bytes(value))
        .build();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
