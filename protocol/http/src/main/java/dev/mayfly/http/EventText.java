package dev.mayfly.http;

import dev.mayfly.store.Entry;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.Lock;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.WatchGap;
import dev.mayfly.store.WatchSink;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The text of a stream of server-sent events, until it is taken.
 *
 * <p>An id goes with the last event of a mutation only, so that nobody resumes in its midst: each
 * event is held back until it is known whether it was the last. While the state is being told there
 * are no ids, since a stream that breaks off then begins anew. Confined to one thread.
 */
final class EventText implements WatchSink {
  private final long incarnation;
  private final String client;
  private final boolean valuesWanted;
  private Buffer out = Buffer.buffer();
  private @Nullable String heldType;
  private @Nullable Buffer heldData;
  private long heldRevision;
  private boolean resumable;
  private long toldPosition = -1;

  /**
   * An empty text.
   *
   * @param client who is told
   */
  EventText(long incarnation, String client, boolean valuesWanted) {
    this.client = client;
    this.incarnation = incarnation;
    this.valuesWanted = valuesWanted;
  }

  int length() {
    return out.length();
  }

  Buffer take() {
    Buffer taken = out;
    out = Buffer.buffer();
    return taken;
  }

  void comment(String text) {
    out.appendString(":" + text + "\n\n");
  }

  /** A sign of life, and the place to resume from where that moved on. */
  void progress(@Nullable ResumeToken position) {
    if (position == null || position.position() == toldPosition) {
      out.appendString(":\n\n");
    } else {
      id(position);
      out.appendString("\n");
    }
  }

  private void id(ResumeToken position) {
    toldPosition = position.position();
    out.appendString("id: " + position.encode() + "\n");
  }

  /** After a poll: this is the place to resume from after all that was told; null: none yet. */
  void settle(@Nullable ResumeToken position) {
    flush(position);
    resumable = position != null;
  }

  private void hold(String type, long revision, Consumer<JsonGenerator> data) {
    if (revision != heldRevision && heldRevision > 0 && resumable) {
      flush(new ResumeToken(incarnation, heldRevision));
    } else {
      flush(null);
    }
    heldType = type;
    heldRevision = revision;
    heldData =
        Json.buffer(
            json -> {
              json.writeStartObject();
              data.accept(json);
              json.writeEndObject();
            });
  }

  private void flush(@Nullable ResumeToken position) {
    Buffer data = heldData;
    if (data == null) {
      return;
    }
    heldData = null;
    if (position != null) {
      id(position);
    }
    out.appendString("event: " + heldType + "\ndata: ");
    out.appendBuffer(data).appendString("\n\n");
  }

  @Override
  public void onState(byte[] key, Entry entry) {
    hold(
        "state",
        0,
        json -> {
          MetadataJson.writeKey(json, key);
          json.writeNumberProperty("revision", entry.revision());
          json.writeNumberProperty("version", entry.version());
          json.writeNumberProperty("size", entry.size());
          String contentType = MediaTypes.of(entry.contentType(), entry.value());
          json.writeStringProperty("content_type", contentType);
          // What a lock keeps from a reader is not told to a watcher either.
          Lock lock = entry.lock();
          boolean locked = lock != null && !lock.owner().equals(client);
          if (locked) {
            json.writeBooleanProperty("locked", true);
          } else if (valuesWanted) {
            writeValue(json, entry.value());
          }
        });
  }

  @Override
  public void onStateEnd() {
    hold("state-end", 0, json -> {});
  }

  @Override
  public void onEvent(Event event) {
    boolean access = event.kind() == EventKind.ACCESSED;
    hold(
        access ? "access" : "change",
        event.revision(),
        json -> {
          MetadataJson.writeKey(json, event.key());
          json.writeStringProperty("event", event.kind().name());
          Times.write(json, "time", event.timeMillis());
          json.writeStringProperty("client_id", event.client());
          if (!access) {
            json.writeNumberProperty("revision", event.revision());
            json.writeNumberProperty("index", event.index());
          }
          json.writeNumberProperty("version", event.version());
          json.writeNumberProperty("size", event.valueSize());
          if (event.contentType() != null) {
            json.writeStringProperty("content_type", event.contentType());
          }
          byte[] value = event.value();
          if (valuesWanted && value != null) {
            writeValue(json, value);
          }
        });
  }

  private static void writeValue(JsonGenerator json, byte[] value) {
    MetadataJson.writeHash(json, value);
    json.writeBinaryProperty("value", value);
  }

  @Override
  public void onGap(WatchGap gap) {
    hold(
        "gap",
        0,
        json -> {
          if (gap.missedRevisions() >= 0) {
            json.writeNumberProperty("missed_revisions", gap.missedRevisions());
          }
          json.writeNumberProperty("oldest_revision", gap.oldestRevision());
          json.writeStringProperty("resume", gap.resume().encode());
        });
  }

  /** The last words of a stream that the server ends. */
  void end(MayflyException reason) {
    hold(
        "end",
        0,
        json -> {
          json.writeStringProperty("code", Problem.codeName(reason.code()));
          json.writeStringProperty("detail", String.valueOf(reason.getMessage()));
        });
    flush(null);
  }
}
