package dev.mayfly.remote;

import com.google.protobuf.ByteString;
import dev.mayfly.api.keyquarry.AdminGrpc;
import dev.mayfly.api.keyquarry.ClearHistoryResponse;
import dev.mayfly.api.keyquarry.ClearRequest;
import dev.mayfly.api.keyquarry.ClearResponse;
import dev.mayfly.api.keyquarry.EmptyRequest;
import dev.mayfly.api.keyquarry.ExistsResponse;
import dev.mayfly.api.keyquarry.GetRevisionRequest;
import dev.mayfly.api.keyquarry.InspectRequest;
import dev.mayfly.api.keyquarry.InspectResponse;
import dev.mayfly.api.keyquarry.Key;
import dev.mayfly.api.keyquarry.KeyMetric;
import dev.mayfly.api.keyquarry.KeyMetricRequest;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.keyquarry.PopRequest;
import dev.mayfly.api.keyquarry.PruneRequest;
import dev.mayfly.api.keyquarry.PruneResponse;
import dev.mayfly.api.keyquarry.ReadOnlyRequest;
import dev.mayfly.api.keyquarry.ReadOnlyResponse;
import dev.mayfly.api.keyquarry.RegisterRequest;
import dev.mayfly.api.keyquarry.RegisterResponse;
import dev.mayfly.api.keyquarry.RevisionResponse;
import dev.mayfly.api.keyquarry.ServerMetrics;
import dev.mayfly.api.v1.CompareAndSetRequest;
import dev.mayfly.api.v1.CompareAndSetResponse;
import dev.mayfly.api.v1.CountRequest;
import dev.mayfly.api.v1.CountResponse;
import dev.mayfly.api.v1.DeletePrefixRequest;
import dev.mayfly.api.v1.DeletePrefixResponse;
import dev.mayfly.api.v1.DeleteRequest;
import dev.mayfly.api.v1.DeleteResponse;
import dev.mayfly.api.v1.GetRequest;
import dev.mayfly.api.v1.GetResponse;
import dev.mayfly.api.v1.IncrementRequest;
import dev.mayfly.api.v1.IncrementResponse;
import dev.mayfly.api.v1.KeyValueGrpc;
import dev.mayfly.api.v1.ListRequest;
import dev.mayfly.api.v1.ListResponse;
import dev.mayfly.api.v1.SetRequest;
import dev.mayfly.api.v1.SetResponse;
import dev.mayfly.api.v1.TransactRequest;
import dev.mayfly.api.v1.TransactResponse;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The calls of a remote store, whose answers come later. What a call asks and answers is documented
 * with its messages, in the contract's files.
 *
 * <p>Answers complete on threads that may be blocked; a failure is a {@link RemoteException}.
 * Cancelling an answer cancels its call. Safe for concurrent use.
 */
public final class AsyncStore {
  private final Calls calls;

  AsyncStore(Calls calls) {
    this.calls = calls;
  }

  /** Any call of the contracts that is answered by one message. */
  public <Q, R> CompletableFuture<R> call(MethodDescriptor<Q, R> method, Q request) {
    return calls.call(method, request, Duration.ZERO);
  }

  /** Reads a key; a missing one has no entry. */
  public CompletableFuture<GetResponse> get(ByteString key) {
    return call(KeyValueGrpc.getGetMethod(), GetRequest.newBuilder().setKey(key).build());
  }

  /** Creates a key or replaces its value; it has no lifespan then. */
  public CompletableFuture<SetResponse> set(ByteString key, ByteString value) {
    return call(
        KeyValueGrpc.getSetMethod(), SetRequest.newBuilder().setKey(key).setValue(value).build());
  }

  /** Creates a key or replaces its value, as the request says. */
  public CompletableFuture<SetResponse> set(SetRequest request) {
    return call(KeyValueGrpc.getSetMethod(), request);
  }

  /** Replaces a key's value if its entry is still the one that the caller saw. */
  public CompletableFuture<CompareAndSetResponse> compareAndSet(CompareAndSetRequest request) {
    return call(KeyValueGrpc.getCompareAndSetMethod(), request);
  }

  /** Removes a key; a missing one is no error. */
  public CompletableFuture<DeleteResponse> delete(ByteString key) {
    return call(KeyValueGrpc.getDeleteMethod(), DeleteRequest.newBuilder().setKey(key).build());
  }

  /** Removes a key, if the request's condition holds. */
  public CompletableFuture<DeleteResponse> delete(DeleteRequest request) {
    return call(KeyValueGrpc.getDeleteMethod(), request);
  }

  /** Adds to a value that is a decimal number; a missing key counts as 0. */
  public CompletableFuture<IncrementResponse> increment(ByteString key, long by) {
    return call(
        KeyValueGrpc.getIncrementMethod(),
        IncrementRequest.newBuilder().setKey(key).setBy(by).build());
  }

  /** Compares, then does one of two lists of operations, in one atomic step. */
  public CompletableFuture<TransactResponse> transact(TransactRequest request) {
    return call(KeyValueGrpc.getTransactMethod(), request);
  }

  /** Lists one page of keys. */
  public CompletableFuture<ListResponse> list(ListRequest request) {
    return call(KeyValueGrpc.getListMethod(), request);
  }

  /** Counts the keys that begin so. */
  public CompletableFuture<CountResponse> count(ByteString prefix) {
    return call(KeyValueGrpc.getCountMethod(), CountRequest.newBuilder().setPrefix(prefix).build());
  }

  /** Removes the keys that begin so; those that others locked stay. */
  public CompletableFuture<DeletePrefixResponse> deletePrefix(ByteString prefix) {
    return call(
        KeyValueGrpc.getDeletePrefixMethod(),
        DeletePrefixRequest.newBuilder().setPrefix(prefix).build());
  }

  /** Reads a key and removes it; NOT_FOUND for a missing one. */
  public CompletableFuture<dev.mayfly.api.keyquarry.GetResponse> pop(String key) {
    return call(KeyQuarryGrpc.getPopMethod(), PopRequest.newBuilder().setKey(key).build());
  }

  /** Whether a key exists. */
  public CompletableFuture<ExistsResponse> exists(String key) {
    return call(KeyQuarryGrpc.getExistsMethod(), Key.newBuilder().setKey(key).build());
  }

  /** Tells what is known of a key; NOT_FOUND for a missing one. */
  public CompletableFuture<InspectResponse> inspect(InspectRequest request) {
    return call(KeyQuarryGrpc.getInspectMethod(), request);
  }

  /** Reads an older value: a version, or so many before the current one when it is negative. */
  public CompletableFuture<RevisionResponse> revision(String key, long version) {
    return call(
        KeyQuarryGrpc.getGetRevisionMethod(),
        GetRevisionRequest.newBuilder().setKey(key).setVersion(version).build());
  }

  /** Tells how a key was used. */
  public CompletableFuture<KeyMetric> keyMetric(String key) {
    return call(
        KeyQuarryGrpc.getGetKeyMetricMethod(), KeyMetricRequest.newBuilder().setKey(key).build());
  }

  /** Tells what the store holds and did. */
  public CompletableFuture<ServerMetrics> stats() {
    return call(KeyQuarryGrpc.getStatsMethod(), EmptyRequest.getDefaultInstance());
  }

  /** Removes all keys; locked ones only when forced. */
  public CompletableFuture<ClearResponse> clear(boolean force) {
    return call(KeyQuarryGrpc.getClearMethod(), ClearRequest.newBuilder().setForce(force).build());
  }

  /** Drops the older versions of all keys that are not locked. */
  public CompletableFuture<ClearHistoryResponse> clearHistory() {
    return call(KeyQuarryGrpc.getClearHistoryMethod(), EmptyRequest.getDefaultInstance());
  }

  /** Makes this client's id known; ALREADY_EXISTS when it is. */
  public CompletableFuture<RegisterResponse> register() {
    return call(KeyQuarryGrpc.getRegisterMethod(), RegisterRequest.getDefaultInstance());
  }

  /** Refuses writes from here on, or takes them again; for the operator. */
  public CompletableFuture<ReadOnlyResponse> readOnly(boolean on) {
    return call(
        KeyQuarryGrpc.getSetReadOnlyMethod(), ReadOnlyRequest.newBuilder().setEnable(on).build());
  }

  /** Removes the least used keys; for the operator. */
  public CompletableFuture<PruneResponse> prune(PruneRequest request) {
    return call(AdminGrpc.getPruneMethod(), request);
  }
}
