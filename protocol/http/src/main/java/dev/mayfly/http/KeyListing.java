package dev.mayfly.http;

import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.ScanPage.ScannedEntry;
import dev.mayfly.store.ScanRequest;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * Keys as {@code /v1/keys} lists them, streamed; those that are no text are left out and counted.
 * Confined to the exchange's event loop.
 */
final class KeyListing implements StreamedReply.Source {
  private final Door door;
  private final Exchange exchange;
  private final KeyWalk walk;
  private final long limit;
  private final List<ScannedEntry> reserved;
  private boolean begun;
  private long listed;
  private long omitted;

  /**
   * Prepares it.
   *
   * @param limit how many keys are listed before a cursor is given instead; 0: all
   * @param reserved whether the keys that tell of the server are listed, too, before the others
   * @param cursor where a listing before ended, or the start
   */
  KeyListing(
      Door door, Exchange exchange, KeyFilter filter, long limit, long cursor, boolean reserved) {
    this.door = door;
    this.exchange = exchange;
    this.walk = new KeyWalk(door.keyspace(), filter, cursor);
    this.limit = limit;
    boolean first = cursor == ScanRequest.START;
    this.reserved = reserved && first ? door.store().reserved().list(filter) : List.of();
  }

  void start() {
    if (exchange.isHead()) {
      exchange.replyHead(Reply.JSON);
      return;
    }
    new StreamedReply(exchange, door, Reply.JSON, this, inHead -> {}).start();
  }

  @Override
  public StreamedReply.Progress step(JsonGenerator out) {
    if (!begun) {
      begun = true;
      out.writeStartObject();
      out.writeArrayPropertyStart("keys");
      for (ScannedEntry virtual : reserved) {
        if (limit == 0 || listed < limit) {
          out.writeUTF8String(virtual.key(), 0, virtual.key().length);
          listed++;
        }
      }
    }
    if (limit > 0 && listed >= limit) {
      return end(out);
    }
    List<ScannedEntry> found =
        limit == 0 ? walk.step(exchange.stamp()) : walk.step(limit - listed, exchange.stamp());
    for (ScannedEntry entry : found) {
      byte[] key = entry.key();
      if (Utf8.isValid(key)) {
        out.writeUTF8String(key, 0, key.length);
        listed++;
      } else {
        omitted++;
      }
    }
    if (!walk.isOver() && (limit == 0 || listed < limit)) {
      return StreamedReply.Progress.PAUSE;
    }
    return end(out);
  }

  private StreamedReply.Progress end(JsonGenerator out) {
    out.writeEndArray();
    if (!walk.isOver()) {
      out.writeStringProperty("cursor", Long.toString(walk.cursor()));
    }
    if (omitted > 0) {
      out.writeNumberProperty("omitted", omitted);
    }
    out.writeEndObject();
    return StreamedReply.Progress.END;
  }
}
