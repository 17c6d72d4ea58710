package dev.mayfly.telemetry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The monitor: {@code /livez}, {@code /readyz} and, where it is on, {@code /metrics}, over plain
 * HTTP/1.1 for GET and HEAD.
 *
 * <p>Safe for concurrent use. It owns its HTTP server; the Vert.x instance and the metrics belong
 * to whoever made them.
 */
public final class MonitorListener {
  /** More connections than probes and scrapers need are closed at once. */
  static final int CONNECTIONS_MAX = 64;

  /** A scrape beyond these is told to come again. */
  static final int SCRAPES_MAX = 4;

  private static final System.Logger LOG = System.getLogger(MonitorListener.class.getName());
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Vertx vertx;
  private final HttpServer server;
  private final Supplier<Readiness> readiness;
  private final @Nullable Supplier<@Nullable ScrapedMetrics> metrics;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger scrapes = new AtomicInteger();

  /**
   * A listener that is not open yet.
   *
   * @param readiness asked for each probe
   * @param metrics gives null as long as there are none yet; null itself: {@code /metrics} is an
   *     unknown path
   */
  public MonitorListener(
      Vertx vertx,
      Supplier<Readiness> readiness,
      @Nullable Supplier<@Nullable ScrapedMetrics> metrics) {
    this.vertx = vertx;
    this.readiness = readiness;
    this.metrics = metrics;
    HttpServerOptions options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setMaxInitialLineLength(2048)
            .setMaxHeaderSize(8192)
            .setIdleTimeout(60)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    this.server =
        vertx
            .createHttpServer(options)
            .connectionHandler(this::onConnection)
            .requestHandler(this::onRequest);
  }

  /** Opens the port; the result is the port number, or -1 for a unix socket. */
  public Future<Integer> start(SocketAddress address) {
    return server.listen(address).map(HttpServer::actualPort);
  }

  /** Closes the port and all connections. */
  public Future<Void> stop() {
    return server.close();
  }

  private void onConnection(HttpConnection connection) {
    if (connections.incrementAndGet() > CONNECTIONS_MAX) {
      connection.close();
    }
    connection.closeHandler(closed -> connections.decrementAndGet());
  }

  private void onRequest(HttpServerRequest request) {
    if (!isRead(request.method())) {
      request.response().putHeader("Allow", "GET, HEAD");
      reply(request, 405, TEXT, "only GET and HEAD are answered\n");
      return;
    }
    switch (request.path()) {
      case "/livez" -> reply(request, 200, TEXT, "ok\n");
      case "/readyz" -> {
        Readiness now = readiness.get();
        reply(request, now.isReady() ? 200 : 503, TEXT, now.word() + "\n");
      }
      case "/metrics" -> {
        if (metrics == null) {
          replyUnknown(request);
        } else {
          scrape(request, metrics.get());
        }
      }
      case null, default -> replyUnknown(request);
    }
  }

  private static boolean isRead(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  private static void replyUnknown(HttpServerRequest request) {
    reply(request, 404, TEXT, "unknown path\n");
  }

  private void scrape(HttpServerRequest request, @Nullable ScrapedMetrics source) {
    if (source == null) {
      reply(request, 503, TEXT, "starting\n");
      return;
    }
    if (scrapes.incrementAndGet() > SCRAPES_MAX) {
      scrapes.decrementAndGet();
      reply(request, 503, TEXT, "too many scrapes at once\n");
      return;
    }
    String type = ScrapedMetrics.contentType(request.getHeader("Accept"));
    vertx
        .executeBlocking(() -> source.scrape(type), false)
        .onComplete(
            done -> {
              scrapes.decrementAndGet();
              if (done.succeeded()) {
                reply(request, 200, type, done.result());
              } else {
                LOG.log(System.Logger.Level.ERROR, "a scrape failed", done.cause());
                reply(request, 500, TEXT, "internal error\n");
              }
            });
  }

  private static void reply(HttpServerRequest request, int status, String type, String body) {
    if (request.response().closed()) {
      return;
    }
    request.response().setStatusCode(status).putHeader("Content-Type", type);
    if (request.method().equals(HttpMethod.HEAD)) {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      request.response().putHeader("Content-Length", Integer.toString(length)).end();
    } else {
      request.response().end(body);
    }
  }
}
