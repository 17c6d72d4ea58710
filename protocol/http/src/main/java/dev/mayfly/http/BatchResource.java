package dev.mayfly.http;

import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.SetResult;
import dev.mayfly.store.Stamp;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * {@code /v1/batch}: many operations in one request, done in order, each on its own. Results are
 * streamed; while the client does not read them, no more is done. Safe for concurrent use.
 */
final class BatchResource {
  private static final int TURN_OPERATIONS = 128;

  private final Door door;

  BatchResource(Door door) {
    this.door = door;
  }

  void handle(Exchange exchange) {
    HttpConfig config = door.config();
    RequestBody.read(
        exchange,
        door,
        config.bodyBytesMax(),
        body -> {
          List<BatchOperation> operations =
              BatchCodec.decode(body, config.batchMax(), config.rules());
          exchange.keepBody();
          Results results = new Results(exchange, operations);
          new StreamedReply(exchange, door, Reply.JSON, results, inHead -> {}).start();
        });
  }

  /** The results, one operation a step. */
  private final class Results implements StreamedReply.Source {
    private final Exchange exchange;
    private final Iterator<BatchOperation> operations;
    private int done;

    private final boolean reads;

    Results(Exchange exchange, List<BatchOperation> operations) {
      this.exchange = exchange;
      this.operations = operations.iterator();
      reads = operations.stream().anyMatch(each -> each instanceof BatchOperation.Get);
    }

    @Override
    public boolean tellsValues() {
      return reads;
    }

    @Override
    public StreamedReply.Progress step(JsonGenerator out) {
      if (done == 0) {
        out.writeStartObject();
        out.writeArrayPropertyStart("results");
      }
      if (!operations.hasNext()) {
        out.writeEndArray();
        out.writeEndObject();
        return StreamedReply.Progress.END;
      }
      write(out, operations.next(), exchange.stamp());
      done++;
      return done % TURN_OPERATIONS == 0
          ? StreamedReply.Progress.PAUSE
          : StreamedReply.Progress.GO_ON;
    }
  }

  private void write(JsonGenerator out, BatchOperation operation, Stamp stamp) {
    try {
      switch (operation) {
        case BatchOperation.Set set -> writeSet(out, door.keyspace().apply(set.request(), stamp));
        case BatchOperation.Get get ->
            writeValue(out, door.read(ReadRequest.value(get.key()), stamp));
        case BatchOperation.Delete delete ->
            writeFlag(
                out,
                "deleted",
                door.keyspace().apply(DeleteRequest.of(delete.key()), stamp).deleted());
        case BatchOperation.Refused refused -> writeError(out, refused.refusal(), refused.key());
      }
    } catch (MayflyException e) {
      if (e.code().kind() == ErrorCode.Kind.BUG) {
        throw e;
      }
      writeError(out, e, key(operation));
    }
  }

  private static byte[] key(BatchOperation operation) {
    return switch (operation) {
      case BatchOperation.Set set -> set.request().key();
      case BatchOperation.Get get -> get.key();
      case BatchOperation.Delete delete -> delete.key();
      case BatchOperation.Refused refused -> refused.key();
    };
  }

  private static void writeSet(JsonGenerator out, SetResult result) {
    out.writeStartObject();
    out.writeBooleanProperty("success", true);
    if (result.created()) {
      out.writeBooleanProperty("is_new", true);
    }
    out.writeEndObject();
  }

  private static void writeValue(JsonGenerator out, @Nullable Entry entry) {
    out.writeStartObject();
    if (entry == null) {
      out.writeNullProperty("value");
    } else if (Utf8.isValid(entry.value())) {
      out.writeName("value");
      out.writeUTF8String(entry.value(), 0, entry.value().length);
    } else {
      out.writeBinaryProperty("value_base64", entry.value());
    }
    out.writeEndObject();
  }

  private static void writeFlag(JsonGenerator out, String name, boolean flag) {
    out.writeStartObject();
    out.writeBooleanProperty(name, flag);
    out.writeEndObject();
  }

  private static void writeError(JsonGenerator out, MayflyException refusal, byte[] key) {
    out.writeStartObject();
    out.writeName("error");
    Problem.of(refusal.code(), refusal.getMessage(), key).write(out);
    out.writeEndObject();
  }
}
