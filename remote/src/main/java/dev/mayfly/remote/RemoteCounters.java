package dev.mayfly.remote;

import com.google.protobuf.ByteString;
import dev.mayfly.api.v1.CounterPolicy;
import dev.mayfly.api.v1.HitManyRequest;
import dev.mayfly.api.v1.HitManyResponse;
import dev.mayfly.api.v1.Limit;
import dev.mayfly.api.v1.ListKeysRequest;
import dev.mayfly.api.v1.TakeManyRequest;
import dev.mayfly.api.v1.TakeManyResponse;
import dev.mayfly.api.v1.TakeRequest;
import dev.mayfly.api.v1.TakeResponse;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counters and limits in another process, over gRPC: what {@link RemoteStore#counters} gives. What
 * a call asks and answers is documented with its messages, in the contract's files; a failure is a
 * {@link RemoteException}. For very many hits, {@link #hitMany} shares a call among them; the
 * counter door's own client shares datagrams by itself.
 *
 * <p>Safe for concurrent use. Calls block, but for those of {@link #async}. It owns nothing: the
 * connection is the store's.
 */
public final class RemoteCounters {
  private final AsyncCounters async;

  RemoteCounters(Calls calls) {
    async = new AsyncCounters(calls);
  }

  /** The same calls, whose answers come later. */
  public AsyncCounters async() {
    return async;
  }

  /** Counts one event of a key; gives how many are live then. */
  public long hit(ByteString namespace, ByteString key) {
    return hit(namespace, key, 1);
  }

  /** Counts so many events of a key, 1 or more; gives how many are live then. */
  public long hit(ByteString namespace, ByteString key, long times) {
    return Calls.await(async.hit(namespace, key, times));
  }

  /** Counts events of many keys in one call; what failed is told beside what was counted. */
  public HitManyResponse hitMany(HitManyRequest request) {
    return Calls.await(async.hitMany(request));
  }

  /** How many events of a key are live. */
  public long count(ByteString namespace, ByteString key) {
    return Calls.await(async.count(namespace, key));
  }

  /** How many events of a namespace are live. */
  public long countNamespace(ByteString namespace) {
    return Calls.await(async.countNamespace(namespace));
  }

  /** How many events are live in all. */
  public long countAll() {
    return Calls.await(async.countAll());
  }

  /** Keys with live events, in the order of their bytes. */
  public List<ByteString> keys(ListKeysRequest request) {
    return Calls.await(async.keys(request)).getKeysList();
  }

  /** The namespaces with live events, in the order of their bytes. */
  public List<ByteString> namespaces() {
    return Calls.await(async.namespaces()).getNamespacesList();
  }

  /** How a namespace counts now, whether it exists or not. */
  public CounterPolicy policy(ByteString namespace) {
    return Calls.await(async.policy(namespace));
  }

  /** Gives a namespace a policy of its own; gives what holds then. */
  public CounterPolicy policy(ByteString namespace, CounterPolicy policy) {
    return Calls.await(async.policy(namespace, policy));
  }

  /** Lets a namespace follow the server's policy again; gives that. */
  public CounterPolicy clearPolicy(ByteString namespace) {
    return Calls.await(async.clearPolicy(namespace));
  }

  /** Takes some of what a limit allows. A denial is an answer, no exception. */
  public TakeResponse take(TakeRequest request) {
    return Calls.await(async.take(request));
  }

  /** Takes for several keys, each by itself, in one call. */
  public TakeManyResponse takeMany(TakeManyRequest request) {
    return Calls.await(async.takeMany(request));
  }

  /** Gives back what a take of a concurrency limit holds; gives whether it was held. */
  public boolean release(ByteString namespace, ByteString key, long lease) {
    return Calls.await(async.release(namespace, key, lease));
  }

  /** The limits that have a name. */
  public SortedMap<String, Limit> limits() {
    SortedMap<String, Limit> limits = new TreeMap<>();
    Calls.await(async.limits())
        .getLimitsList()
        .forEach(named -> limits.put(named.getName(), named.getLimit()));
    return limits;
  }

  /** Gives a limit a name, or the name another limit. */
  public void limit(String name, Limit limit) {
    var _ = Calls.await(async.limit(name, limit));
  }

  /** Forgets a limit's name. */
  public void forgetLimit(String name) {
    var _ = Calls.await(async.forgetLimit(name));
  }
}
