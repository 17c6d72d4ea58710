package dev.mayfly.http;

import dev.mayfly.store.Entry;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TimeSource;
import dev.mayfly.transport.Rounds;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every surface of the door works with. Safe for concurrent use.
 *
 * @param ready whether the server serves; told by {@code /healthcheck}
 * @param bodies the memory of request bodies while they arrive
 * @param onShutdown asks for the server's stop; returns at once
 */
record Door(
    Vertx vertx,
    HttpConfig config,
    HttpStore store,
    TimeSource time,
    Supplier<NodeDescription> node,
    BooleanSupplier ready,
    HttpMetrics metrics,
    MemoryBudget bodies,
    BlockingWorks works,
    LongRequests longRequests,
    Runnable onShutdown) {
  private static final long HEARTBEAT_MILLIS_MAX = 10_000;

  /** Runs a part of a longer work on the event loop of the request, after what others asked. */
  void runNext(Runnable part) {
    ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    Rounds.runNext(context.nettyEventLoop(), () -> context.dispatch(part));
  }

  Keyspace keyspace() {
    return store.keyspace();
  }

  /** The entry of a key, or of one that tells of the server itself; null when there is none. */
  @Nullable Entry read(ReadRequest request, Stamp stamp) {
    Entry entry = store.keyspace().read(request, stamp);
    return entry == null ? store.reserved().read(request.key()) : entry;
  }

  /** How large a key's value is now, 0 if there is none. */
  long valueBytes(byte[] key, Stamp stamp) {
    if (key.length == 0 || key.length > keyspace().bounds().keyBytesMax()) {
      return 0;
    }
    Entry entry = keyspace().read(ReadRequest.metadata(key), stamp);
    return entry == null ? 0 : entry.size();
  }

  /** How often a request that stays open shows that it is alive: before it looks idle. */
  long heartbeatMillis() {
    return Math.clamp(config.idleTimeout().toMillis() / 3, 1, HEARTBEAT_MILLIS_MAX);
  }
}
