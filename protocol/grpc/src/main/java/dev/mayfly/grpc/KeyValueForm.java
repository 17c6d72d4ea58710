package dev.mayfly.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.mayfly.api.keyquarry.KeyEvent;
import dev.mayfly.api.keyquarry.WatchKeyValueResponse;
import dev.mayfly.store.Entry;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.Fnv1a;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.Lock;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ReservedKeys;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.TimeSource;
import dev.mayfly.store.WatchGap;
import io.grpc.Status;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code WatchKeyValue}: the values of one key, for one client. It follows who holds the key's
 * lock, since a value that another client locked is not told. Confined to its watch loop's thread.
 */
final class KeyValueForm implements WatchForm {
  private final Keyspace keyspace;
  private final TimeSource time;
  private final String key;
  private final byte[] keyBytes;
  private final String client;
  private @Nullable String lockOwner;

  KeyValueForm(Keyspace keyspace, TimeSource time, String key, String client) {
    this.keyspace = keyspace;
    this.time = time;
    this.key = key;
    this.client = client;
    keyBytes = KeyCalls.bytes(key);
  }

  @Override
  public void onState(byte[] found, Entry entry, Consumer<byte[]> out) {
    Lock lock = entry.lock();
    lockOwner = lock == null ? null : lock.owner();
    if (isHidden()) {
      return;
    }
    out.accept(
        WatchKeyValueResponse.newBuilder()
            .setKey(key)
            .setValue(UnsafeByteOperations.unsafeWrap(entry.value()))
            .setContentType(InspectCalls.contentType(entry.contentType(), entry.value()))
            .setHash(Fnv1a.hash(entry.value()))
            .setVersion(entry.version())
            .setKeyEvent(KeyEvent.NO_EVENT)
            .setEventClientId(ReservedKeys.SYSTEM_CLIENT)
            .build()
            .toByteArray());
    countAccess();
  }

  @Override
  public void onStateEnd(ResumeToken after, Consumer<byte[]> out) {}

  @Override
  public void onEvents(List<Event> events, @Nullable ResumeToken after, Consumer<byte[]> out) {
    events.forEach(event -> onEvent(event, out));
  }

  private void onEvent(Event event, Consumer<byte[]> out) {
    switch (event.kind()) {
      case LOCKED -> lockOwner = event.client();
      case UNLOCKED -> {
        lockOwner = null;
        tell(event, out);
        countAccess();
      }
      case CREATED, UPDATED -> {
        if (!isHidden()) {
          tell(event, out);
          countAccess();
        }
      }
      case DELETED, EXPIRED, EXPUNGED -> {
        lockOwner = null;
        tell(event, out);
      }
      case ACCESSED, LIFESPAN_SET, LIFESPAN_RENEWED -> {
        // Not about the value.
      }
    }
  }

  private boolean isHidden() {
    String owner = lockOwner;
    return owner != null && !owner.equals(client);
  }

  private void tell(Event event, Consumer<byte[]> out) {
    WatchKeyValueResponse.Builder reply =
        WatchKeyValueResponse.newBuilder()
            .setKey(key)
            .setVersion(event.version())
            .setKeyEvent(KeyEvent.forNumber(event.kind().number()))
            .setEventClientId(event.client())
            .setEventTimestamp(WireTimes.timestamp(event.timeMillis()));
    byte[] value = event.value() == null ? current(event.kind()) : event.value();
    if (value != null) {
      reply
          .setValue(UnsafeByteOperations.unsafeWrap(value))
          .setContentType(InspectCalls.contentType(event.contentType(), value))
          .setHash(Fnv1a.hash(value));
    }
    out.accept(reply.build().toByteArray());
  }

  /** Stands in for a value that was too long for the log. */
  private byte @Nullable [] current(EventKind kind) {
    if (kind == EventKind.DELETED || kind == EventKind.EXPIRED || kind == EventKind.EXPUNGED) {
      return null;
    }
    ReadRequest read =
        new ReadRequest(keyBytes, ReadRequest.Part.VALUE, 0, -1, false, false, false);
    Entry entry = keyspace.read(read, stamp());
    return entry == null ? null : entry.value();
  }

  /** A value that is told counts as read by the watcher. */
  private void countAccess() {
    if (ReservedKeys.isReserved(keyBytes)) {
      return;
    }
    ReadRequest read =
        new ReadRequest(keyBytes, ReadRequest.Part.METADATA, 0, -1, false, false, true);
    keyspace.read(read, stamp());
  }

  private Stamp stamp() {
    return new Stamp(time.millis(), client);
  }

  @Override
  public Status onGap(WatchGap gap, Consumer<byte[]> out) {
    return StreamForm.lost(gap);
  }

  @Override
  public void onProgress(ResumeToken after, long revision, Consumer<byte[]> out) {}
}
