package dev.mayfly.http;

import dev.mayfly.store.Entry;
import dev.mayfly.store.Fnv1a;
import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.Lock;
import tools.jackson.core.JsonGenerator;

/** What is known of a key, in the names of the gRPC contract. Stateless. */
final class MetadataJson {
  private MetadataJson() {}

  /**
   * Writes an entry; who holds its lock is not told.
   *
   * @param entry with its whole value
   * @param nowMillis the time that {@code expires_in} counts from
   */
  static void write(
      JsonGenerator out, byte[] key, Entry entry, boolean valueWanted, long nowMillis) {
    out.writeStartObject();
    writeKey(out, key);
    writeHash(out, entry.value());
    Times.write(out, "created", entry.createdMillis());
    Times.write(out, "updated", entry.updatedMillis());
    out.writeNumberProperty("version", entry.version());
    out.writeNumberProperty("size", entry.size());
    out.writeNumberProperty("revision", entry.revision());
    writeLock(out, entry, nowMillis);
    if (entry.deadlineMillis() != 0) {
      out.writeStringProperty("lifespan", Times.duration(entry.lifespanMillis()));
      Times.write(out, "lifespan_set", entry.lifespanSetMillis());
      out.writeStringProperty("expires_in", Times.duration(entry.remainingMillis(nowMillis)));
    }
    out.writeStringProperty("content_type", MediaTypes.of(entry.contentType(), entry.value()));
    if (valueWanted) {
      out.writeBinaryProperty("value", entry.value());
    }
    KeyMetrics metrics = entry.metrics();
    if (metrics != null) {
      out.writeName("metrics");
      write(out, metrics);
    }
    out.writeEndObject();
  }

  /** The key as a text, or in base64 where it is none. */
  static void writeKey(JsonGenerator out, byte[] key) {
    if (Utf8.isValid(key)) {
      out.writeName("key");
      out.writeUTF8String(key, 0, key.length);
    } else {
      out.writeBinaryProperty("key_base64", key);
    }
  }

  /** The hash of a value, an unsigned number. */
  static void writeHash(JsonGenerator out, byte[] value) {
    out.writeName("hash");
    out.writeNumber(Long.toUnsignedString(Fnv1a.hash(value)));
  }

  private static void writeLock(JsonGenerator out, Entry entry, long nowMillis) {
    Lock lock = entry.lock();
    boolean locked = lock != null && lock.isHeld(nowMillis);
    out.writeBooleanProperty("locked", locked);
    if (lock != null && locked) {
      Times.write(out, "lock_deadline", lock.deadlineMillis());
    }
  }

  /** How a key was used, as an object. */
  static void write(JsonGenerator out, KeyMetrics metrics) {
    out.writeStartObject();
    out.writeNumberProperty("access_count", metrics.accessCount());
    Times.write(out, "first_accessed", metrics.firstAccessedMillis());
    Times.write(out, "last_accessed", metrics.lastAccessedMillis());
    out.writeNumberProperty("set_count", metrics.setCount());
    Times.write(out, "first_set", metrics.firstSetMillis());
    Times.write(out, "last_set", metrics.lastSetMillis());
    out.writeNumberProperty("lock_count", metrics.lockCount());
    Times.write(out, "first_locked", metrics.firstLockedMillis());
    Times.write(out, "last_locked", metrics.lastLockedMillis());
    out.writeEndObject();
  }
}
