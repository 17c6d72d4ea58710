package dev.mayfly.grpc;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.mayfly.api.keyquarry.InspectRequest;
import dev.mayfly.api.keyquarry.InspectResponse;
import dev.mayfly.api.keyquarry.KeyMetric;
import dev.mayfly.api.keyquarry.KeyMetricRequest;
import dev.mayfly.store.ContentTypes;
import dev.mayfly.store.Entry;
import dev.mayfly.store.Fnv1a;
import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.Stamp;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The calls of {@code keyquarry} that tell about a key. Immutable; safe for concurrent use. */
final class InspectCalls {
  private static final Status METRIC_NOT_FOUND = Status.NOT_FOUND.withDescription("key not found");

  private final Keyspace keyspace;
  private final ReservedEntries reserved;

  InspectCalls(Keyspace keyspace, ReservedEntries reserved) {
    this.keyspace = keyspace;
    this.reserved = reserved;
  }

  InspectResponse inspect(InspectRequest request, Stamp stamp) {
    // The hash needs the value, whoever holds the lock; only an answer that carries the value
    // obeys the lock and counts as an access.
    ReadRequest read =
        new ReadRequest(
            KeyCalls.bytes(request.getKey()),
            ReadRequest.Part.VALUE,
            0,
            -1,
            request.getIncludeValue(),
            request.getIncludeMetrics(),
            request.getIncludeValue());
    Entry virtual = reserved.read(read.key());
    Entry entry = virtual == null ? KeyCalls.require(keyspace.read(read, stamp)) : virtual;
    InspectResponse.Builder reply =
        InspectResponse.newBuilder()
            .setKey(request.getKey())
            .setHash(Fnv1a.hash(entry.value()))
            .setVersion(entry.version())
            .setSize(entry.size())
            .setLocked(entry.lock() != null)
            .setContentType(contentType(entry.contentType(), entry.value()));
    tell(entry.createdMillis(), reply::setCreated);
    tell(entry.updatedMillis(), reply::setUpdated);
    if (entry.deadlineMillis() != 0) {
      reply.setLifespan(WireTimes.duration(entry.lifespanMillis()));
      reply.setLifespanSet(WireTimes.timestamp(entry.lifespanSetMillis()));
    }
    if (request.getIncludeValue()) {
      reply.setValue(UnsafeByteOperations.unsafeWrap(entry.value()));
    }
    KeyMetrics metrics = entry.metrics();
    if (metrics != null) {
      reply.setMetrics(metric(metrics));
    }
    return reply.build();
  }

  KeyMetric keyMetric(KeyMetricRequest request, Stamp stamp) {
    ReadRequest read =
        new ReadRequest(
            KeyCalls.bytes(request.getKey()), ReadRequest.Part.METADATA, 0, -1, false, true, false);
    Entry entry = keyspace.read(read, stamp);
    KeyMetrics metrics = entry == null ? null : entry.metrics();
    if (metrics == null) {
      throw new RefusedException(METRIC_NOT_FOUND);
    }
    return metric(metrics);
  }

  /** The content type that a client gave, or the one that the value has by itself. */
  static String contentType(@Nullable String given, byte[] value) {
    return given == null ? ContentTypes.detect(value) : given;
  }

  private static KeyMetric metric(KeyMetrics metrics) {
    KeyMetric.Builder reply =
        KeyMetric.newBuilder()
            .setAccessCount(metrics.accessCount())
            .setSetCount(metrics.setCount())
            .setLockCount(metrics.lockCount());
    tell(metrics.firstAccessedMillis(), reply::setFirstAccessed);
    tell(metrics.lastAccessedMillis(), reply::setLastAccessed);
    tell(metrics.firstSetMillis(), reply::setFirstSet);
    tell(metrics.lastSetMillis(), reply::setLastSet);
    tell(metrics.firstLockedMillis(), reply::setFirstLocked);
    tell(metrics.lastLockedMillis(), reply::setLastLocked);
    return reply.build();
  }

  /** A time that never was stays absent. */
  private static void tell(long millis, Consumer<Timestamp> field) {
    if (millis != 0) {
      field.accept(WireTimes.timestamp(millis));
    }
  }
}
