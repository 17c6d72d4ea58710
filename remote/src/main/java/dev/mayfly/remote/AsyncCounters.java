package dev.mayfly.remote;

import com.google.protobuf.ByteString;
import dev.mayfly.api.v1.CounterPolicy;
import dev.mayfly.api.v1.CountersGrpc;
import dev.mayfly.api.v1.DeleteLimitRequest;
import dev.mayfly.api.v1.DeleteLimitResponse;
import dev.mayfly.api.v1.GetCountRequest;
import dev.mayfly.api.v1.GetCountResponse;
import dev.mayfly.api.v1.GetPolicyRequest;
import dev.mayfly.api.v1.HitManyRequest;
import dev.mayfly.api.v1.HitManyResponse;
import dev.mayfly.api.v1.HitRequest;
import dev.mayfly.api.v1.HitResponse;
import dev.mayfly.api.v1.Limit;
import dev.mayfly.api.v1.LimitsGrpc;
import dev.mayfly.api.v1.ListKeysRequest;
import dev.mayfly.api.v1.ListKeysResponse;
import dev.mayfly.api.v1.ListLimitsRequest;
import dev.mayfly.api.v1.ListLimitsResponse;
import dev.mayfly.api.v1.ListNamespacesRequest;
import dev.mayfly.api.v1.ListNamespacesResponse;
import dev.mayfly.api.v1.ReleaseRequest;
import dev.mayfly.api.v1.SetLimitRequest;
import dev.mayfly.api.v1.SetLimitResponse;
import dev.mayfly.api.v1.SetPolicyRequest;
import dev.mayfly.api.v1.TakeManyRequest;
import dev.mayfly.api.v1.TakeManyResponse;
import dev.mayfly.api.v1.TakeRequest;
import dev.mayfly.api.v1.TakeResponse;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The counters and limits of a {@link RemoteStore}, whose answers come later: a future ends with
 * the answer or with a {@link RemoteException}, and cancelling it cancels the call. A hit or a take
 * whose answer did not come may have been done.
 *
 * <p>Safe for concurrent use. Futures complete on a thread of the connection: what is attached to
 * them must return soon. It owns nothing.
 */
public final class AsyncCounters {
  private final Calls calls;

  AsyncCounters(Calls calls) {
    this.calls = calls;
  }

  private <Q, R> CompletableFuture<R> call(MethodDescriptor<Q, R> method, Q request) {
    return calls.call(method, request, Duration.ZERO);
  }

  /** Counts so many events of a key, 1 or more; gives how many are live then. */
  public CompletableFuture<Long> hit(ByteString namespace, ByteString key, long times) {
    HitRequest request =
        HitRequest.newBuilder().setNamespace(namespace).setKey(key).setTimes(times).build();
    return call(CountersGrpc.getHitMethod(), request).thenApply(HitResponse::getCount);
  }

  /** Counts events of many keys in one call. */
  public CompletableFuture<HitManyResponse> hitMany(HitManyRequest request) {
    return call(CountersGrpc.getHitManyMethod(), request);
  }

  /** How many events of a key are live. */
  public CompletableFuture<Long> count(ByteString namespace, ByteString key) {
    return count(GetCountRequest.newBuilder().setNamespace(namespace).setKey(key).build());
  }

  /** How many events of a namespace are live. */
  public CompletableFuture<Long> countNamespace(ByteString namespace) {
    return count(GetCountRequest.newBuilder().setNamespace(namespace).build());
  }

  /** How many events are live in all. */
  public CompletableFuture<Long> countAll() {
    return count(GetCountRequest.getDefaultInstance());
  }

  private CompletableFuture<Long> count(GetCountRequest request) {
    return call(CountersGrpc.getGetCountMethod(), request).thenApply(GetCountResponse::getCount);
  }

  /** Lists keys with live events. */
  public CompletableFuture<ListKeysResponse> keys(ListKeysRequest request) {
    return call(CountersGrpc.getListKeysMethod(), request);
  }

  /** Lists the namespaces with live events. */
  public CompletableFuture<ListNamespacesResponse> namespaces() {
    return call(CountersGrpc.getListNamespacesMethod(), ListNamespacesRequest.getDefaultInstance());
  }

  /** How a namespace counts now, whether it exists or not. */
  public CompletableFuture<CounterPolicy> policy(ByteString namespace) {
    GetPolicyRequest request = GetPolicyRequest.newBuilder().setNamespace(namespace).build();
    return call(CountersGrpc.getGetPolicyMethod(), request).thenApply(reply -> reply.getPolicy());
  }

  /** Gives a namespace a policy of its own; gives what holds then. */
  public CompletableFuture<CounterPolicy> policy(ByteString namespace, CounterPolicy policy) {
    return policy(SetPolicyRequest.newBuilder().setNamespace(namespace).setPolicy(policy).build());
  }

  /** Lets a namespace follow the server's policy again; gives that. */
  public CompletableFuture<CounterPolicy> clearPolicy(ByteString namespace) {
    return policy(SetPolicyRequest.newBuilder().setNamespace(namespace).build());
  }

  private CompletableFuture<CounterPolicy> policy(SetPolicyRequest request) {
    return call(CountersGrpc.getSetPolicyMethod(), request).thenApply(reply -> reply.getPolicy());
  }

  /** Takes some of what a limit allows. A denial is an answer. */
  public CompletableFuture<TakeResponse> take(TakeRequest request) {
    return call(LimitsGrpc.getTakeMethod(), request);
  }

  /** Takes for several keys, each by itself, in one call. */
  public CompletableFuture<TakeManyResponse> takeMany(TakeManyRequest request) {
    return call(LimitsGrpc.getTakeManyMethod(), request);
  }

  /** Gives back what a take of a concurrency limit holds; gives whether it was held. */
  public CompletableFuture<Boolean> release(ByteString namespace, ByteString key, long lease) {
    ReleaseRequest request =
        ReleaseRequest.newBuilder().setNamespace(namespace).setKey(key).setLease(lease).build();
    return call(LimitsGrpc.getReleaseMethod(), request).thenApply(reply -> reply.getReleased());
  }

  /** Lists the limits that have a name. */
  public CompletableFuture<ListLimitsResponse> limits() {
    return call(LimitsGrpc.getListLimitsMethod(), ListLimitsRequest.getDefaultInstance());
  }

  /** Gives a limit a name, or the name another limit. */
  public CompletableFuture<SetLimitResponse> limit(String name, Limit limit) {
    SetLimitRequest request = SetLimitRequest.newBuilder().setName(name).setLimit(limit).build();
    return call(LimitsGrpc.getSetLimitMethod(), request);
  }

  /** Forgets a limit's name. */
  public CompletableFuture<DeleteLimitResponse> forgetLimit(String name) {
    DeleteLimitRequest request = DeleteLimitRequest.newBuilder().setName(name).build();
    return call(LimitsGrpc.getDeleteLimitMethod(), request);
  }
}
