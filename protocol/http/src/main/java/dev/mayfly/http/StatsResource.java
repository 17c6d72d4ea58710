package dev.mayfly.http;

import dev.mayfly.store.EventKind;
import dev.mayfly.store.StoreStats;
import java.math.BigDecimal;
import java.math.RoundingMode;
import tools.jackson.core.JsonGenerator;

/** {@code /v1/stats}, in the names of the gRPC contract. Safe for concurrent use. */
final class StatsResource {
  private static final int USED_PLACES = 2;

  private final Door door;

  StatsResource(Door door) {
    this.door = door;
  }

  void handle(Exchange exchange) {
    StoreStats stats = door.keyspace().stats();
    long watchers = door.store().watches().count();
    long snapshots = door.store().snapshots().made();
    exchange.reply(200, Reply.JSON, Json.buffer(out -> write(out, stats, watchers, snapshots)));
  }

  private static void write(JsonGenerator out, StoreStats stats, long watchers, long snapshots) {
    out.writeStartObject();
    out.writeNumberProperty("keys", stats.keys());
    out.writeNumberProperty("total_size", stats.valueBytes());
    out.writeNumberProperty("current_locks", stats.locks());
    out.writeNumberProperty("client_ids", stats.clients());
    out.writeNumberProperty("reapers", stats.lifespans());
    out.writeNumberProperty("event_subscribers", watchers);
    out.writeNumberProperty("snapshots_created", snapshots);
    out.writeNumberProperty("eager_prune_triggered", stats.eagerPrunes());
    out.writeNumberProperty("prune_completed", stats.prunes());
    writeEvents(out, stats);
    writePressure(out, stats);
    out.writeObjectPropertyStart("history");
    out.writeNumberProperty("keys", stats.historyKeys());
    out.writeNumberProperty("revisions", stats.historyVersions());
    out.writeEndObject();
    out.writeNumberProperty("used_bytes", stats.usedBytes());
    out.writeNumberProperty("max_bytes", stats.usedBytesMax());
    out.writeNumberProperty("revision", stats.revision());
    out.writeBooleanProperty("read_only", stats.readOnly());
    out.writeEndObject();
  }

  private static void writeEvents(JsonGenerator out, StoreStats stats) {
    out.writeObjectPropertyStart("events");
    for (EventKind kind : EventKind.values()) {
      out.writeNumberProperty(name(kind), stats.events(kind));
    }
    out.writeEndObject();
  }

  private static String name(EventKind kind) {
    return switch (kind) {
      case CREATED -> "new";
      case UPDATED -> "updated";
      case DELETED -> "deleted";
      case EXPIRED -> "expired";
      case LOCKED -> "locked";
      case UNLOCKED -> "unlocked";
      case EXPUNGED -> "expunged";
      case ACCESSED -> "accessed";
      case LIFESPAN_SET -> "lifespan_set";
      case LIFESPAN_RENEWED -> "lifespan_renewed";
    };
  }

  /** How near the store is to its limit on keys; only the keys where there is none. */
  private static void writePressure(JsonGenerator out, StoreStats stats) {
    out.writeObjectPropertyStart("pressure");
    out.writeNumberProperty("keys", stats.keys());
    if (stats.keysMax() > 0) {
      out.writeNumberProperty("max", stats.keysMax());
      BigDecimal used =
          BigDecimal.valueOf(stats.keys())
              .divide(BigDecimal.valueOf(stats.keysMax()), USED_PLACES, RoundingMode.HALF_UP);
      out.writeNumberProperty("used", used);
    }
    out.writeEndObject();
  }
}
