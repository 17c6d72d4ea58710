package dev.mayfly.http;

import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.ScanPage.ScannedEntry;
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
  private boolean begun;
  private long listed;
  private long omitted;

  /**
   * Prepares it.
   *
   * @param limit how many keys are listed before a cursor is given instead; 0: all
   * @param cursor where a listing before ended, or the start
   */
  KeyListing(Door door, Exchange exchange, KeyFilter filter, long limit, long cursor) {
    this.door = door;
    this.exchange = exchange;
    this.walk = new KeyWalk(door.keyspace(), filter, cursor);
    this.limit = limit;
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
