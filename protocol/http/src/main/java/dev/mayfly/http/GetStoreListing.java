package dev.mayfly.http;

import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ReadRequest.Part;
import dev.mayfly.store.ScanPage.ScannedEntry;
import dev.mayfly.store.ScanRequest;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * All keys, values, or both, as the GET-only store lists them.
 *
 * <p>Values are read one at a time when their turn comes, so that a listing holds one value however
 * large all of them are. Keys that are no text are left out, and so are values of keys that others
 * locked; the field {@code Mayfly-Omitted} says how many: in the head, or behind the body where the
 * answer is long. Confined to the exchange's event loop.
 */
final class GetStoreListing implements StreamedReply.Source {
  static final String OMITTED_FIELD = "Mayfly-Omitted";

  private final Door door;
  private final Exchange exchange;
  private final boolean keys;
  private final boolean values;
  private final KeyWalk walk;
  private Iterator<ScannedEntry> found = List.<ScannedEntry>of().iterator();
  private boolean begun;
  private long omitted;

  GetStoreListing(Door door, Exchange exchange, boolean keys, boolean values) {
    this.door = door;
    this.exchange = exchange;
    this.keys = keys;
    this.values = values;
    this.walk = new KeyWalk(door.keyspace(), KeyFilter.ALL, ScanRequest.START);
  }

  void start() {
    if (exchange.isHead()) {
      exchange.replyHead(Reply.TEXT_JSON);
      return;
    }
    new StreamedReply(exchange, door, Reply.TEXT_JSON, this, this::tellOmitted).start();
  }

  private void tellOmitted(boolean inHead) {
    if (omitted > 0 && inHead) {
      exchange.response().putHeader(OMITTED_FIELD, Long.toString(omitted));
    } else if (omitted > 0) {
      exchange.response().putTrailer(OMITTED_FIELD, Long.toString(omitted));
    }
  }

  @Override
  public boolean tellsValues() {
    return values;
  }

  @Override
  public StreamedReply.Progress step(JsonGenerator out) {
    if (!begun) {
      begun = true;
      out.writeStartArray();
    }
    if (found.hasNext()) {
      write(out, found.next().key());
      return StreamedReply.Progress.GO_ON;
    }
    if (walk.isOver()) {
      out.writeEndArray();
      return StreamedReply.Progress.END;
    }
    found = walk.step(exchange.stamp()).iterator();
    return StreamedReply.Progress.PAUSE;
  }

  private void write(JsonGenerator out, byte[] key) {
    if (keys && !Utf8.isValid(key)) {
      omitted++;
      return;
    }
    if (!values) {
      out.writeUTF8String(key, 0, key.length);
      return;
    }
    Entry entry = read(key);
    if (entry == null) {
      return;
    }
    if (keys) {
      out.writeStartObject();
      out.writeName("k");
      out.writeUTF8String(key, 0, key.length);
      out.writeName("v");
      Json.writeText(out, entry.value());
      out.writeEndObject();
    } else {
      Json.writeText(out, entry.value());
    }
  }

  /** The entry; null when it is gone meanwhile, or its value is withheld. */
  private @Nullable Entry read(byte[] key) {
    try {
      ReadRequest request = new ReadRequest(key, Part.VALUE, 0, -1, true, false, false);
      return door.keyspace().read(request, exchange.stamp());
    } catch (MayflyException e) {
      if (e.code() != ErrorCode.LOCKED) {
        throw e;
      }
      omitted++;
      return null;
    }
  }
}
