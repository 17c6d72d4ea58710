package dev.mayfly.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;

/** Gives each request to its surface. Safe for concurrent use. */
final class RequestRouter {
  private final Door door;
  private final GetStore getStore;
  private final JsonCache jsonCache;
  private final V1 v1;
  private final ApiDocument document;
  private final CounterRest counters;
  private final boolean countersOnly;

  RequestRouter(Door door, boolean countersOnly) {
    this.door = door;
    this.countersOnly = countersOnly;
    counters = new CounterRest(door);
    getStore = new GetStore(door);
    jsonCache = new JsonCache(door);
    v1 = new V1(door);
    document = new ApiDocument(v1);
  }

  /**
   * Answers a request, but not before the client has read enough of the answers before it: what
   * waits in memory for one connection is bounded, however many requests it has sent ahead.
   */
  void handle(HttpServerRequest request) {
    ConnectionOutput output = ConnectionOutput.of(request.connection());
    if (!output.isFull()) {
      dispatch(request, output);
      return;
    }
    request.pause();
    ContextInternal context = (ContextInternal) door.vertx().getOrCreateContext();
    output.whenTaken(
        () ->
            context.dispatch(
                () -> {
                  request.resume();
                  dispatch(request, output);
                }));
  }

  private void dispatch(HttpServerRequest request, ConnectionOutput output) {
    String target = originForm(request.uri());
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    QueryString query = mark < 0 ? QueryString.EMPTY : new QueryString(target.substring(mark + 1));
    Route route = route(path);
    Surface surface = surface(route);
    Exchange exchange = new Exchange(door, surface, route, request, output, path, query);
    exchange.attempt(() -> surface.handle(exchange));
  }

  private Route route(String path) {
    return countersOnly
        ? Route.ofCounters(Utf8.text(PercentCodec.decodeLenient(path, false)))
        : Route.of(path);
  }

  private Surface surface(Route route) {
    return switch (route) {
      case COUNTER_PUT, COUNTER_COUNT, COUNTER_NAMESPACES, COUNTER_ROOT, COUNTER_UNKNOWN ->
          counters;
      case GET,
          SET,
          IS,
          RM,
          CLEAR,
          GET_KEYS,
          GET_VALUES,
          GET_ALL,
          STATUS,
          PING,
          HEALTHCHECK,
          UNKNOWN ->
          getStore;
      case ROOT, API -> jsonCache;
      case DOCUMENT -> document;
      case KEYS,
          KEY,
          METADATA,
          POP,
          INCREMENT,
          METRICS,
          LOCK,
          UNLOCK,
          COUNT,
          CLEAR_KEYS,
          STATS,
          BATCH,
          VERSION,
          EVENTS,
          PRUNE,
          READ_ONLY,
          SHUTDOWN,
          REGISTER,
          SNAPSHOTS,
          SNAPSHOT,
          SNAPSHOT_IMPORT,
          SNAPSHOT_RESTORE,
          UNKNOWN_V1 ->
          v1;
    };
  }

  /** The path and query of a target that may be in absolute form (RFC 9112, section 3.2.2). */
  private static String originForm(String target) {
    if (target.startsWith("/")) {
      return target;
    }
    int scheme = target.indexOf("://");
    if (scheme < 0) {
      return target;
    }
    int slash = target.indexOf('/', scheme + 3);
    return slash < 0 ? "/" : target.substring(slash);
  }

  /** Answers what is no request; the connection ends with it. */
  void handleInvalid(HttpServerRequest request) {
    DecoderResult result = request.decoderResult();
    Problem problem = invalid(result.cause());
    request
        .response()
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Reply.PROBLEM)
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end(Json.buffer(problem::write));
    door.metrics().onRequest(Route.UNKNOWN.template(), problem.status(), 0);
  }

  private static Problem invalid(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException e ->
          Problem.of(
              414, "target-too-long", "the request line is too long", "expected a shorter one");
      case TooLongHttpHeaderException e ->
          Problem.of(
              431, "head-too-long", "the head is too long", "expected fewer or shorter fields");
      default -> Problem.of(400, "malformed", "the request is malformed", "expected HTTP/1.1");
    };
  }
}
