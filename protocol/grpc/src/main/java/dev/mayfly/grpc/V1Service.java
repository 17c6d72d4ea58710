package dev.mayfly.grpc;

import dev.mayfly.api.v1.KeyValueGrpc;
import dev.mayfly.api.v1.LeasesGrpc;
import dev.mayfly.api.v1.LocksGrpc;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/** The services of the contract {@code mayfly.v1}. Immutable, but for being stopped. */
final class V1Service {
  private final CallTerms terms;
  private final Steps steps;
  private final GrpcStore store;
  private final List<WatchLoop> loops;
  private final ValueSizes sizes;
  private final V1Calls calls;
  private final TransactCalls transactions;
  private final V1ScanCalls scans;
  private final WatchMethods watches;
  private final V1LockCalls locks;
  private final LockHandler lockHandler;
  private final V1LeaseCalls leases;

  V1Service(
      CallTerms terms,
      Steps steps,
      GrpcStore store,
      List<WatchLoop> loops,
      GrpcConfig config,
      ValueSizes sizes) {
    this.terms = terms;
    this.steps = steps;
    this.store = store;
    this.loops = loops;
    this.sizes = sizes;
    V1Requests requests = new V1Requests(config.v1Rules());
    calls = new V1Calls(store, requests);
    transactions = new TransactCalls(store.transactions(), requests, sizes);
    scans = new V1ScanCalls(store.keyspace());
    watches = new WatchMethods(store);
    leases = new V1LeaseCalls(store.leases(), store.keyspace().bounds().keyBytesMax());
    locks = new V1LockCalls(store, config.v1Rules());
    lockHandler = new LockHandler(terms, locks);
  }

  ServerServiceDefinition keyValue() {
    return new ServiceTable(KeyValueGrpc.getServiceDescriptor())
        .add(
            KeyValueGrpc.getGetMethod(),
            unary(
                calls::get,
                (get, stamp) -> get.getMetadataOnly() ? 0 : sizes.of(get.getKey(), stamp)))
        .add(KeyValueGrpc.getSetMethod(), unary(calls::set, sizes::of))
        .add(
            KeyValueGrpc.getCompareAndSetMethod(),
            unary(calls::compareAndSet, (set, stamp) -> sizes.of(set.getKey(), stamp)))
        .add(KeyValueGrpc.getDeleteMethod(), unary(calls::delete))
        .add(KeyValueGrpc.getIncrementMethod(), unary(calls::increment))
        .add(KeyValueGrpc.getTransactMethod(), unary(transactions::transact, sizes::of))
        .add(KeyValueGrpc.getListMethod(), stepped(scans::list, scans::listBytes))
        .add(KeyValueGrpc.getCountMethod(), stepped(scans::count, ReplySize.SMALL))
        .add(KeyValueGrpc.getDeletePrefixMethod(), stepped(scans::deletePrefix, ReplySize.SMALL))
        .add(
            EncodedMessages.of(KeyValueGrpc.getWatchMethod()),
            new WatchHandler<>(terms, GrpcErrors::v1, store, loops, watches::v1))
        .build();
  }

  ServerServiceDefinition locks() {
    return new ServiceTable(LocksGrpc.getServiceDescriptor())
        .add(LocksGrpc.getLockMethod(), lockHandler)
        .add(LocksGrpc.getUnlockMethod(), unary(locks::unlock))
        .build();
  }

  ServerServiceDefinition leases() {
    return new ServiceTable(LeasesGrpc.getServiceDescriptor())
        .add(LeasesGrpc.getGrantLeaseMethod(), unary(leases::grant))
        .add(LeasesGrpc.getRenewLeaseMethod(), unary(leases::renew))
        .add(LeasesGrpc.getRevokeLeaseMethod(), unary(leases::revoke))
        .add(LeasesGrpc.getInspectLeaseMethod(), unary(leases::inspect, leases::keyBytes))
        .build();
  }

  /** Ends the calls that wait for a lock, now and from now on. */
  void stop() {
    lockHandler.stop();
  }

  private <Q, R> UnaryHandler<Q, R> unary(UnaryHandler.Method<Q, R> method) {
    return unary(method, ReplySize.SMALL);
  }

  private <Q, R> UnaryHandler<Q, R> unary(
      UnaryHandler.Method<Q, R> method, ReplySize<? super Q> size) {
    return new UnaryHandler<>(terms, GrpcErrors::v1, false, method, size);
  }

  private <Q, R> SteppedHandler<Q, R> stepped(
      SteppedHandler.Method<Q, R> method, ReplySize<? super Q> size) {
    return new SteppedHandler<>(terms, GrpcErrors::v1, steps, method, size);
  }
}
