package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SnapshotKeeper;
import dev.mayfly.store.SnapshotKeeper.Snapshot;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** The snapshots of the store. Safe for concurrent use. */
final class SnapshotResource {
  private static final int CALLS_MAX = 4;
  private static final CharSequence FILE =
      HttpHeaders.createOptimized("application/vnd.mayfly.snapshot");

  private final Door door;
  private final AtomicInteger calls = new AtomicInteger();

  SnapshotResource(Door door) {
    this.door = door;
  }

  private SnapshotKeeper keeper() {
    return door.store().snapshots();
  }

  /** Lists them, or makes one. */
  void all(Exchange exchange, String method) {
    if (method.equals("POST")) {
      work(exchange, keeper()::make, made -> reply(exchange, made));
    } else {
      work(exchange, keeper()::list, list -> replyAll(exchange, list));
    }
  }

  void delete(Exchange exchange, String id) {
    long number = number(id);
    work(
        exchange,
        () -> {
          keeper().delete(number);
          return number;
        },
        done -> exchange.reply(KeyResource.SUCCESS));
  }

  /** Sends one out as a file, a piece at a time; 0: the newest. */
  void export(Exchange exchange, String id) {
    long number = number(id);
    HttpServerResponse response = exchange.response();
    response.exceptionHandler(failure -> exchange.done(Exchange.STATUS_GONE));
    ReplyStream out = new ReplyStream(response, door.vertx().getOrCreateContext(), FILE);
    work(
        exchange,
        () -> {
          Snapshot sent = keeper().exportTo(number, out);
          out.close();
          return sent;
        },
        sent -> {
          if (!exchange.isDone()) {
            response.end();
            exchange.done(200);
          }
        });
  }

  /** Takes one in from the file that the body is, a piece at a time. */
  void take(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      exchange.response().writeContinue();
    }
    BodyStream body = new BodyStream(request, door.vertx().getOrCreateContext());
    try {
      work(
          exchange,
          () -> keeper().importFrom(body),
          taken -> reply(exchange, taken),
          () -> forgetRest(exchange));
    } catch (MayflyException e) {
      forgetRest(exchange);
      throw e;
    }
  }

  /** The client may go on sending what nobody wants before it reads the refusal. */
  private static void forgetRest(Exchange exchange) {
    if (!exchange.request().isEnded()) {
      exchange.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      exchange.request().handler(part -> {}).resume();
    }
  }

  void restore(Exchange exchange, String id) {
    long number = number(id);
    work(
        exchange,
        () -> {
          keeper().chooseForStart(number);
          return number;
        },
        done -> exchange.reply(KeyResource.SUCCESS));
  }

  private static long number(String text) {
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, with what was expected.
    }
    throw new MayflyException(
        ErrorCode.ARGUMENT_INVALID, "snapshot '%s': expected its number".formatted(text));
  }

  /** On a thread of its own: databases take as long as they take. */
  private <R> void work(Exchange exchange, Callable<R> call, Consumer<R> answer) {
    work(exchange, call, answer, () -> {});
  }

  private <R> void work(
      Exchange exchange, Callable<R> call, Consumer<R> answer, Runnable onFailure) {
    if (calls.incrementAndGet() > CALLS_MAX) {
      calls.decrementAndGet();
      throw new MayflyException(ErrorCode.OVERLOADED, "other work on snapshots is under way");
    }
    door.works()
        .begin(call)
        .onComplete(
            done -> {
              calls.decrementAndGet();
              exchange.attempt(() -> answer.accept(done));
            },
            failure -> {
              calls.decrementAndGet();
              exchange.attempt(
                  () -> {
                    onFailure.run();
                    OperatorResource.rethrow(failure);
                  });
            });
  }

  private static void reply(Exchange exchange, Snapshot snapshot) {
    exchange.reply(200, Reply.JSON, Json.buffer(out -> write(out, snapshot)));
  }

  private static void replyAll(Exchange exchange, List<Snapshot> all) {
    exchange.reply(
        200,
        Reply.JSON,
        Json.buffer(
            out -> {
              out.writeStartObject();
              out.writeArrayPropertyStart("snapshots");
              all.forEach(snapshot -> write(out, snapshot));
              out.writeEndArray();
              out.writeEndObject();
            }));
  }

  private static void write(JsonGenerator out, Snapshot snapshot) {
    out.writeStartObject();
    out.writeNumberProperty("id", snapshot.id());
    out.writeStringProperty("server", snapshot.server());
    Times.write(out, "started", snapshot.startedMillis());
    Times.write(out, "completed", snapshot.completedMillis());
    out.writeNumberProperty("revision", snapshot.revision());
    out.writeNumberProperty("entries", snapshot.entries());
    out.writeNumberProperty("counters", snapshot.counters());
    out.writeNumberProperty("bytes", snapshot.bytes());
    out.writeBooleanProperty("chosen", snapshot.chosen());
    out.writeEndObject();
  }
}
