package dev.mayfly.http;

import dev.mayfly.store.Durability;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Spans;
import dev.mayfly.store.Stamp;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to its answer. Confined to its event loop.
 *
 * <p>Whatever goes wrong in an {@link #attempt} becomes the surface's refusal, or, once the answer
 * has begun, the end of the connection. An answer that shows what a crash could still take back
 * waits until that is durable, and becomes a refusal when the journal gives up.
 */
final class Exchange {
  /** The caller where nothing says who calls. */
  static final String DEFAULT_CLIENT = "http";

  /** The status in metrics of a request whose client went away. */
  static final int STATUS_GONE = 499;

  private static final String NOT_DURABLE =
      "what was done or read may be lost: the journal's database is away";

  private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

  private final Door door;
  private final Surface surface;
  private final Route route;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final ConnectionOutput output;
  private final String path;
  private final QueryString query;
  private final long startNanos;
  private String client = DEFAULT_CLIENT;
  private byte @Nullable [] key;
  private int bodyBytes;
  private int keptBytes;
  private boolean done;

  Exchange(
      Door door,
      Surface surface,
      Route route,
      HttpServerRequest request,
      ConnectionOutput output,
      String path,
      QueryString query) {
    this.door = door;
    this.surface = surface;
    this.route = route;
    this.request = request;
    this.response = request.response();
    this.output = output;
    this.path = path;
    this.query = query;
    this.startNanos = door.time().nanos();
  }

  Route route() {
    return route;
  }

  HttpServerRequest request() {
    return request;
  }

  HttpServerResponse response() {
    return response;
  }

  /** What the connection's client has not taken. */
  ConnectionOutput output() {
    return output;
  }

  String path() {
    return path;
  }

  QueryString query() {
    return query;
  }

  boolean isHead() {
    return HttpMethod.HEAD.equals(request.method());
  }

  /** The one key that the request is about, for those who tell of errors. */
  byte @Nullable [] key() {
    return key;
  }

  void key(byte[] key) {
    this.key = key;
  }

  /** How many bytes of its body are worked on from here on. */
  void bodyBytes(int bytes) {
    bodyBytes = bytes;
  }

  /** Its body is kept until it is answered, which may take a while: it counts as long. */
  void keepBody() {
    if (keptBytes == 0 && !done) {
      keptBytes = bodyBytes;
      door.bodies().take(keptBytes);
    }
  }

  /** Who calls, from here on. */
  void client(String client) {
    this.client = client;
  }

  /** Who calls, and the time now. */
  Stamp stamp() {
    return new Stamp(door.time().millis(), client);
  }

  /** Does what may fail; see the class. */
  void attempt(Runnable action) {
    try {
      action.run();
    } catch (MayflyException e) {
      if (e.code().kind() == ErrorCode.Kind.BUG) {
        LOG.log(System.Logger.Level.ERROR, "request failed route=" + route.template(), e);
      }
      refuse(e.code(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "request failed route=" + route.template(), e);
      refuse(ErrorCode.INTERNAL, ErrorCode.INTERNAL.summary());
    }
  }

  /** Answers with a refusal in the surface's own form. */
  void refuse(ErrorCode code, @Nullable String message) {
    if (done) {
      return;
    }
    if (response.headWritten()) {
      done(STATUS_GONE);
      request.connection().close();
      return;
    }
    surface.refuse(this, code, message == null ? code.summary() : message);
  }

  void reply(Reply reply) {
    reply(reply.status(), reply.contentType(), reply.body());
  }

  /**
   * Answers with a body.
   *
   * @param contentType null: none is told
   * @return done when the answer has left the process, or cannot
   */
  Future<Void> reply(int status, @Nullable CharSequence contentType, Buffer body) {
    Durability durability = door.store().durability();
    long seen = durability.seen();
    if (durability.isDurable(seen)) {
      return send(status, contentType, body);
    }
    Promise<Void> sent = Promise.promise();
    response.exceptionHandler(failure -> done(STATUS_GONE));
    hold(seen, () -> send(status, contentType, body).onComplete(sent), sent::tryFail);
    return sent.future();
  }

  /** Whether what was seen by now is to be waited for; {@link #whenDurable} does. */
  boolean isHeld() {
    Durability durability = door.store().durability();
    durability.seeAll();
    return !durability.isDurable(durability.revision());
  }

  /** Goes on when all that there is by now is durable, perhaps at once. */
  void whenDurable(Runnable next) {
    door.store().durability().seeAll();
    whenSeenIsDurable(next);
  }

  /**
   * Goes on when an answer may be made that may be large, perhaps at once; never if the client goes
   * away before.
   *
   * @param bytes how many it may have, asked for only where that matters
   */
  void whenRoom(LongSupplier bytes, Runnable next) {
    if (output.mayAdd(bytes)) {
      next.run();
      return;
    }
    keepBody();
    response.exceptionHandler(failure -> done(STATUS_GONE));
    output.whenTurn(here(() -> attempt(next)));
  }

  /** The same where only the key is known whose value is told. */
  void whenRoomFor(byte[] key, Runnable next) {
    whenRoom(() -> door.valueBytes(key, stamp()), next);
  }

  /** The same in the context of this exchange, wherever on its event loop it is run. */
  Runnable here(Runnable part) {
    ContextInternal context = (ContextInternal) door.vertx().getOrCreateContext();
    return () -> context.dispatch(part);
  }

  /** How long ago its head had come. */
  long ageNanos() {
    return door.time().nanos() - startNanos;
  }

  private void whenSeenIsDurable(Runnable next) {
    Durability durability = door.store().durability();
    long seen = durability.seen();
    if (durability.isDurable(seen)) {
      next.run();
    } else {
      hold(seen, next, failure -> {});
    }
  }

  private void hold(long seen, Runnable next, Consumer<Throwable> onFailure) {
    Durability durability = door.store().durability();
    Context context = door.vertx().getOrCreateContext();
    durability.onDurable(
        seen, () -> context.runOnContext(turn -> attempt(() -> goOn(seen, next, onFailure))));
  }

  private void goOn(long seen, Runnable next, Consumer<Throwable> onFailure) {
    if (isDone()) {
      done(STATUS_GONE);
      onFailure.accept(new MayflyException(ErrorCode.UNAVAILABLE, "the client went away"));
      return;
    }
    if (!door.store().durability().isDurable(seen)) {
      MayflyException refusal = new MayflyException(ErrorCode.UNAVAILABLE, NOT_DURABLE);
      onFailure.accept(refusal);
      if (!response.headWritten()) {
        response.headers().clear();
      }
      throw refusal;
    }
    next.run();
  }

  private Future<Void> send(int status, @Nullable CharSequence contentType, Buffer body) {
    response.setStatusCode(status);
    if (contentType != null) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    }
    Future<Void> sent;
    if (isHead()) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
      sent = response.end();
    } else {
      sent = response.end(body);
    }
    done(status);
    return sent;
  }

  /** Answers without a body. */
  void reply(int status) {
    whenSeenIsDurable(
        () -> {
          response.setStatusCode(status).end();
          done(status);
        });
  }

  /** Answers HEAD where the length of the body would take too long to find out. */
  void replyHead(CharSequence contentType) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    reply(200);
  }

  /** The answer is complete, or nobody waits for it any more. Only the first call counts. */
  void done(int status) {
    if (!done) {
      done = true;
      door.bodies().giveBack(keptBytes);
      long nanos = door.time().nanos() - startNanos;
      door.metrics().onRequest(route.template(), status, nanos);
      Spans spans = door.store().spans();
      if (spans.isOn()) {
        // Whoever knows an operator's id is one: it is not told.
        String told = client.equals(door.config().privilegedClientId()) ? "" : client;
        spans.onEnd(RequestSpan.of(request, route, status, nanos, key, told));
      }
    }
  }

  /** Whether the answer is complete, or nobody waits for it any more. */
  boolean isDone() {
    return done || response.closed();
  }
}
