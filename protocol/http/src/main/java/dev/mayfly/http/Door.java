package dev.mayfly.http;

import dev.mayfly.store.Keyspace;
import dev.mayfly.store.TimeSource;
import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What every surface of the door works with. Safe for concurrent use.
 *
 * @param ready whether the server serves; told by {@code /healthcheck}
 */
record Door(
    Vertx vertx,
    HttpConfig config,
    Keyspace keyspace,
    TimeSource time,
    Supplier<NodeDescription> node,
    BooleanSupplier ready,
    HttpMetrics metrics,
    TransferMemory transfers) {}
