package dev.mayfly.remote;

import com.google.protobuf.ByteString;
import dev.mayfly.api.keyquarry.ClearHistoryResponse;
import dev.mayfly.api.keyquarry.ClearResponse;
import dev.mayfly.api.keyquarry.ExistsResponse;
import dev.mayfly.api.keyquarry.InspectRequest;
import dev.mayfly.api.keyquarry.InspectResponse;
import dev.mayfly.api.keyquarry.KeyMetric;
import dev.mayfly.api.keyquarry.PruneRequest;
import dev.mayfly.api.keyquarry.PruneResponse;
import dev.mayfly.api.keyquarry.ReadOnlyResponse;
import dev.mayfly.api.keyquarry.RegisterResponse;
import dev.mayfly.api.keyquarry.RevisionResponse;
import dev.mayfly.api.keyquarry.ServerMetrics;
import dev.mayfly.api.v1.CompareAndSetRequest;
import dev.mayfly.api.v1.CompareAndSetResponse;
import dev.mayfly.api.v1.CountResponse;
import dev.mayfly.api.v1.DeletePrefixResponse;
import dev.mayfly.api.v1.DeleteRequest;
import dev.mayfly.api.v1.DeleteResponse;
import dev.mayfly.api.v1.GetResponse;
import dev.mayfly.api.v1.GrantLeaseRequest;
import dev.mayfly.api.v1.IncrementResponse;
import dev.mayfly.api.v1.LeasesGrpc;
import dev.mayfly.api.v1.ListRequest;
import dev.mayfly.api.v1.ListResponse;
import dev.mayfly.api.v1.LockRequest;
import dev.mayfly.api.v1.LockResponse;
import dev.mayfly.api.v1.LocksGrpc;
import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.api.v1.SetResponse;
import dev.mayfly.api.v1.TransactRequest;
import dev.mayfly.api.v1.TransactResponse;
import dev.mayfly.api.v1.WatchRequest;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import io.grpc.MethodDescriptor;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A store in another process, over gRPC. What a call asks and answers is documented with its
 * messages, in the contract's files; a failure is a {@link RemoteException}.
 *
 * <p>One connection serves all calls; it is made when it is first needed, and again when it breaks.
 * A call waits for it until its deadline. A call that was sent is never repeated by itself.
 *
 * <p>Safe for concurrent use. Calls block, but for those of {@link #async}. It owns its connection
 * and threads. Closing it ends its watches, tells the holders of its locks and leases that these
 * are lost, and fails each call, those under way and later ones, with CANCELLED.
 */
public final class RemoteStore implements AutoCloseable {
  private final RemoteChannel channel;
  private final ScheduledExecutorService timer;
  private final Remote remote;
  private final AsyncStore async;
  private final RemoteCounters counters;

  /**
   * A store.
   *
   * @param timer runs what is due by this time; it is shut down with the store
   */
  RemoteStore(RemoteConfig config, TimeSource time, ScheduledExecutorService timer) {
    channel = new RemoteChannel(config);
    this.timer = timer;
    Calls calls = new Calls(channel.channel(), config);
    remote = new Remote(config, calls, time, timer, ConcurrentHashMap.newKeySet());
    async = new AsyncStore(remote.calls());
    counters = new RemoteCounters(remote.calls());
  }

  /** A store that is reached when it is first called. */
  public static RemoteStore connect(RemoteConfig config) {
    return new RemoteStore(
        config,
        new SystemTime(),
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("mayfly-remote-timer").factory()));
  }

  /**
   * The bytes of a text, for keys and values.
   *
   * @throws IllegalArgumentException when it holds half of a surrogate pair, which no bytes stand
   *     for
   */
  public static ByteString bytes(String text) {
    try {
      return ByteString.copyFrom(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("expected text, found half of a surrogate pair", e);
    }
  }

  /** The same calls, whose answers come later. */
  public AsyncStore async() {
    return async;
  }

  /** Counters and limits, over the same connection. */
  public RemoteCounters counters() {
    return counters;
  }

  /** Any call of the contracts that is answered by one message. */
  public <Q, R> R call(MethodDescriptor<Q, R> method, Q request) {
    return Calls.await(async.call(method, request));
  }

  /**
   * Takes a lock, which renews itself from then on; a missing key is created.
   *
   * @param duration after how long it ends when this process does not renew it any more
   * @param wait how long to wait in line, at most; 0: not at all
   * @throws RemoteException PERMISSION_DENIED when another client holds it; DEADLINE_EXCEEDED when
   *     the wait was too short
   */
  public RemoteLock lock(ByteString key, Duration duration, Duration wait) {
    LockRequest request =
        LockRequest.newBuilder()
            .setKey(key)
            .setDuration(Protos.span(duration))
            .setCreateIfMissing(true)
            .setWait(Protos.span(wait))
            .build();
    long sent = remote.time().nanos();
    LockResponse held = Calls.await(remote.calls().call(LocksGrpc.getLockMethod(), request, wait));
    if (remote.time().nanos() - sent > duration.toNanos() / 10) {
      // How long ago it was granted is not known: renewed, it is held from this request on at
      // least.
      sent = remote.time().nanos();
      held = call(LocksGrpc.getLockMethod(), request.toBuilder().clearWait().build());
    }
    return new RemoteLock(remote, request, held, sent);
  }

  /**
   * Grants a lease, which renews itself from then on.
   *
   * @param length after how long it ends when this process does not renew it any more
   */
  public RemoteLease lease(Duration length) {
    GrantLeaseRequest request =
        GrantLeaseRequest.newBuilder().setLength(Protos.span(length)).build();
    long sent = remote.time().nanos();
    return new RemoteLease(remote, call(LeasesGrpc.getGrantLeaseMethod(), request), sent);
  }

  /**
   * Watches, from the request's token on or from now on. Returns at once.
   *
   * @see RemoteWatch#opened
   */
  public RemoteWatch watch(WatchRequest request) {
    RemoteWatch watch = new RemoteWatch(remote, request);
    watch.connect();
    return watch;
  }

  /** Reads a key; a missing one has no entry. */
  public GetResponse get(ByteString key) {
    return Calls.await(async.get(key));
  }

  /** Creates a key or replaces its value; it has no lifespan then. */
  public SetResponse set(ByteString key, ByteString value) {
    return Calls.await(async.set(key, value));
  }

  /** Creates a key or replaces its value, as the request says. */
  public SetResponse set(SetRequest request) {
    return Calls.await(async.set(request));
  }

  /** Replaces a key's value if its entry is still the one that the caller saw. */
  public CompareAndSetResponse compareAndSet(CompareAndSetRequest request) {
    return Calls.await(async.compareAndSet(request));
  }

  /** Removes a key; a missing one is no error. */
  public DeleteResponse delete(ByteString key) {
    return Calls.await(async.delete(key));
  }

  /** Removes a key, if the request's condition holds. */
  public DeleteResponse delete(DeleteRequest request) {
    return Calls.await(async.delete(request));
  }

  /** Adds to a value that is a decimal number; a missing key counts as 0. */
  public IncrementResponse increment(ByteString key, long by) {
    return Calls.await(async.increment(key, by));
  }

  /** Compares, then does one of two lists of operations, in one atomic step. */
  public TransactResponse transact(TransactRequest request) {
    return Calls.await(async.transact(request));
  }

  /** Lists one page of keys. */
  public ListResponse list(ListRequest request) {
    return Calls.await(async.list(request));
  }

  /** Counts the keys that begin so. */
  public CountResponse count(ByteString prefix) {
    return Calls.await(async.count(prefix));
  }

  /** Removes the keys that begin so; those that others locked stay. */
  public DeletePrefixResponse deletePrefix(ByteString prefix) {
    return Calls.await(async.deletePrefix(prefix));
  }

  /** Reads a key and removes it; NOT_FOUND for a missing one. */
  public dev.mayfly.api.keyquarry.GetResponse pop(String key) {
    return Calls.await(async.pop(key));
  }

  /** Whether a key exists. */
  public ExistsResponse exists(String key) {
    return Calls.await(async.exists(key));
  }

  /** Tells what is known of a key; NOT_FOUND for a missing one. */
  public InspectResponse inspect(InspectRequest request) {
    return Calls.await(async.inspect(request));
  }

  /** Reads an older value: a version, or so many before the current one when it is negative. */
  public RevisionResponse revision(String key, long version) {
    return Calls.await(async.revision(key, version));
  }

  /** Tells how a key was used. */
  public KeyMetric keyMetric(String key) {
    return Calls.await(async.keyMetric(key));
  }

  /** Tells what the store holds and did. */
  public ServerMetrics stats() {
    return Calls.await(async.stats());
  }

  /** Removes all keys; locked ones only when forced. */
  public ClearResponse clear(boolean force) {
    return Calls.await(async.clear(force));
  }

  /** Drops the older versions of all keys that are not locked. */
  public ClearHistoryResponse clearHistory() {
    return Calls.await(async.clearHistory());
  }

  /** Makes this client's id known; ALREADY_EXISTS when it is. */
  public RegisterResponse register() {
    return Calls.await(async.register());
  }

  /** Refuses writes from here on, or takes them again; for the operator. */
  public ReadOnlyResponse readOnly(boolean on) {
    return Calls.await(async.readOnly(on));
  }

  /** Removes the least used keys; for the operator. */
  public PruneResponse prune(PruneRequest request) {
    return Calls.await(async.prune(request));
  }

  @Override
  public void close() {
    remote.calls().close();
    // Whoever adds itself to the endings from here on finds that its timer takes nothing more.
    timer.shutdownNow();
    remote.endings().forEach(Runnable::run);
    channel.close();
  }
}
