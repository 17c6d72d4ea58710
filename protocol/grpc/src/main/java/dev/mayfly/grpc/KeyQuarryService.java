package dev.mayfly.grpc;

import dev.mayfly.api.keyquarry.AdminGrpc;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.grpc.GrpcErrors.Wording;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.ReservedEntries;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/** The two services of the contract {@code keyquarry}. Immutable. */
final class KeyQuarryService {
  private final CallTerms terms;
  private final Steps steps;
  private final KeyCalls keys;
  private final InspectCalls inspect;
  private final LockCalls locks;
  private final ServerInfoCalls info;
  private final SweepCalls sweeps;
  private final WatchMethods watches;
  private final List<WatchLoop> loops;
  private final GrpcStore store;
  private final ValueSizes sizes;

  KeyQuarryService(
      CallTerms terms,
      Steps steps,
      GrpcStore store,
      List<WatchLoop> loops,
      MemoryBudget memory,
      GrpcConfig config,
      ValueSizes sizes,
      Runnable shutdown) {
    Keyspace keyspace = store.keyspace();
    ReservedEntries reserved = store.reserved();
    this.terms = terms;
    this.steps = steps;
    this.store = store;
    this.loops = loops;
    this.sizes = sizes;
    watches = new WatchMethods(store);
    keys = new KeyCalls(keyspace, reserved, config.rules());
    inspect = new InspectCalls(keyspace, reserved);
    locks = new LockCalls(keyspace, config.rules());
    info = new ServerInfoCalls(store, config.privilegedClientId(), shutdown);
    sweeps = new SweepCalls(keyspace, reserved, memory, info);
  }

  ServerServiceDefinition keyQuarry() {
    return new ServiceTable(KeyQuarryGrpc.getServiceDescriptor())
        .add(KeyQuarryGrpc.getSetMethod(), unary(Wording.WRITE, keys::set))
        .add(
            KeyQuarryGrpc.getGetMethod(),
            unary(Wording.READ, keys::get, (key, stamp) -> sizes.of(key.getKey(), stamp)))
        .add(
            KeyQuarryGrpc.getInspectMethod(),
            unary(
                Wording.READ,
                inspect::inspect,
                (key, stamp) -> key.getIncludeValue() ? sizes.of(key.getKey(), stamp) : 0))
        .add(KeyQuarryGrpc.getDeleteMethod(), unary(Wording.WRITE, keys::delete))
        .add(KeyQuarryGrpc.getExistsMethod(), unary(Wording.READ, keys::exists))
        .add(
            KeyQuarryGrpc.getPopMethod(),
            unary(Wording.READ, keys::pop, (pop, stamp) -> sizes.of(pop.getKey(), stamp)))
        .add(KeyQuarryGrpc.getClearMethod(), stepped(Wording.WRITE, sweeps::clear))
        .add(
            KeyQuarryGrpc.getListKeysMethod(),
            stepped(Wording.READ, sweeps::list, sweeps::listBytes))
        .add(KeyQuarryGrpc.getStatsMethod(), unary(Wording.READ, info::stats))
        .add(KeyQuarryGrpc.getClearHistoryMethod(), stepped(Wording.WRITE, sweeps::clearHistory))
        .add(KeyQuarryGrpc.getLockMethod(), unary(Wording.LOCK, locks::lock))
        .add(KeyQuarryGrpc.getUnlockMethod(), unary(Wording.WRITE, locks::unlock))
        .add(
            KeyQuarryGrpc.getGetRevisionMethod(),
            unary(Wording.READ_PAST, keys::revision, (past, stamp) -> sizes.most()))
        .add(
            KeyQuarryGrpc.getRegisterMethod(),
            new UnaryHandler<>(terms, Wording.WRITE, true, info::register, ReplySize.SMALL))
        .add(KeyQuarryGrpc.getSetReadOnlyMethod(), unary(Wording.WRITE, info::readOnly))
        .add(KeyQuarryGrpc.getGetKeyMetricMethod(), unary(Wording.READ, inspect::keyMetric))
        .add(
            EncodedMessages.of(KeyQuarryGrpc.getWatchStreamMethod()),
            new WatchHandler<>(terms, Wording.READ, store, loops, watches::stream))
        .add(
            EncodedMessages.of(KeyQuarryGrpc.getWatchKeyValueMethod()),
            new WatchHandler<>(terms, Wording.READ, store, loops, watches::keyValue))
        .build();
  }

  ServerServiceDefinition admin() {
    return new ServiceTable(AdminGrpc.getServiceDescriptor())
        .add(AdminGrpc.getShutdownMethod(), unary(Wording.WRITE, info::shutdown))
        .add(AdminGrpc.getPruneMethod(), stepped(Wording.WRITE, sweeps::prune))
        .build();
  }

  private <Q, R> UnaryHandler<Q, R> unary(Wording wording, UnaryHandler.Method<Q, R> method) {
    return unary(wording, method, ReplySize.SMALL);
  }

  private <Q, R> UnaryHandler<Q, R> unary(
      Wording wording, UnaryHandler.Method<Q, R> method, ReplySize<? super Q> size) {
    return new UnaryHandler<>(terms, wording, false, method, size);
  }

  private <Q, R> SteppedHandler<Q, R> stepped(Wording wording, SteppedHandler.Method<Q, R> method) {
    return stepped(wording, method, ReplySize.SMALL);
  }

  private <Q, R> SteppedHandler<Q, R> stepped(
      Wording wording, SteppedHandler.Method<Q, R> method, ReplySize<? super Q> size) {
    return new SteppedHandler<>(terms, wording, steps, method, size);
  }
}
