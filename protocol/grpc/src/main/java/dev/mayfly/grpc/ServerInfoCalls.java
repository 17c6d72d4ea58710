package dev.mayfly.grpc;

import dev.mayfly.api.keyquarry.EmptyRequest;
import dev.mayfly.api.keyquarry.EventMetrics;
import dev.mayfly.api.keyquarry.HistoryMetrics;
import dev.mayfly.api.keyquarry.KeyPressure;
import dev.mayfly.api.keyquarry.ReadOnlyRequest;
import dev.mayfly.api.keyquarry.ReadOnlyResponse;
import dev.mayfly.api.keyquarry.RegisterRequest;
import dev.mayfly.api.keyquarry.RegisterResponse;
import dev.mayfly.api.keyquarry.ServerMetrics;
import dev.mayfly.api.keyquarry.ShutdownRequest;
import dev.mayfly.api.keyquarry.ShutdownResponse;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.SnapshotKeeper;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.StoreStats;
import dev.mayfly.store.Watches;
import io.grpc.Status;

/**
 * The calls of {@code keyquarry} about the server as a whole, the operator's included. Immutable;
 * safe for concurrent use.
 */
final class ServerInfoCalls {
  private static final Status REGISTERED =
      Status.ALREADY_EXISTS.withDescription("already registered");
  private static final Status NOBODY_PRIVILEGED =
      Status.FAILED_PRECONDITION.withDescription("privileged client ID not set");
  private static final Status NOT_AUTHORIZED =
      Status.PERMISSION_DENIED.withDescription("not authorized");
  private static final Status NO_OPERATOR =
      Status.PERMISSION_DENIED.withDescription("missing or invalid client ID for admin function");

  private final Keyspace keyspace;
  private final String privilegedClientId;
  private final Watches watches;
  private final SnapshotKeeper snapshots;
  private final Runnable shutdown;

  /**
   * The calls.
   *
   * @param privilegedClientId who may do an operator's work; empty: nobody
   * @param shutdown asks for the server's stop; returns at once
   */
  ServerInfoCalls(GrpcStore store, String privilegedClientId, Runnable shutdown) {
    keyspace = store.keyspace();
    snapshots = store.snapshots();
    this.privilegedClientId = privilegedClientId;
    watches = store.watches();
    this.shutdown = shutdown;
  }

  RegisterResponse register(RegisterRequest request, Stamp stamp) {
    if (!keyspace.register(stamp.client())) {
      throw new RefusedException(REGISTERED);
    }
    return RegisterResponse.newBuilder().setSuccess(true).build();
  }

  ReadOnlyResponse readOnly(ReadOnlyRequest request, Stamp stamp) {
    if (privilegedClientId.isEmpty()) {
      throw new RefusedException(NOBODY_PRIVILEGED);
    }
    if (!stamp.client().equals(privilegedClientId)) {
      throw new RefusedException(NOT_AUTHORIZED);
    }
    keyspace.readOnly(request.getEnable());
    return ReadOnlyResponse.newBuilder().setSuccess(true).build();
  }

  ShutdownResponse shutdown(ShutdownRequest request, Stamp stamp) {
    requireOperator(stamp);
    shutdown.run();
    return ShutdownResponse.getDefaultInstance();
  }

  /** Refuses everybody but the operator. */
  void requireOperator(Stamp stamp) {
    if (!stamp.client().equals(privilegedClientId)) {
      throw new RefusedException(NO_OPERATOR);
    }
  }

  ServerMetrics stats(EmptyRequest request, Stamp stamp) {
    StoreStats stats = keyspace.stats();
    return ServerMetrics.newBuilder()
        .setKeys(stats.keys())
        .setTotalSize(stats.valueBytes())
        .setCurrentLocks(stats.locks())
        .setClientIds(stats.clients())
        .setReapers(stats.lifespans())
        .setEventSubscribers(watches.count())
        .setSnapshotsCreated(snapshots.made())
        .setEagerPruneTriggered(stats.eagerPrunes())
        .setPruneCompleted(stats.prunes())
        .setEvents(events(stats))
        .setPressure(pressure(stats))
        .setHistory(
            HistoryMetrics.newBuilder()
                .setKeys(stats.historyKeys())
                .setRevisions(stats.historyVersions()))
        .build();
  }

  private static EventMetrics events(StoreStats stats) {
    return EventMetrics.newBuilder()
        .setNew(stats.events(EventKind.CREATED))
        .setUpdated(stats.events(EventKind.UPDATED))
        .setDeleted(stats.events(EventKind.DELETED))
        .setLocked(stats.events(EventKind.LOCKED))
        .setUnlocked(stats.events(EventKind.UNLOCKED))
        .setExpired(stats.events(EventKind.EXPIRED))
        .setExpunged(stats.events(EventKind.EXPUNGED))
        .setAccessed(stats.events(EventKind.ACCESSED))
        .setLifespanSet(stats.events(EventKind.LIFESPAN_SET))
        .setLifespanRenewed(stats.events(EventKind.LIFESPAN_RENEWED))
        .build();
  }

  private static KeyPressure pressure(StoreStats stats) {
    float used =
        stats.keysMax() == 0 ? 0 : Math.round(100.0f * stats.keys() / stats.keysMax()) / 100.0f;
    return KeyPressure.newBuilder()
        .setKeys(stats.keys())
        .setMax(stats.keysMax())
        .setUsed(used)
        .build();
  }
}
