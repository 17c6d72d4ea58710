package dev.mayfly.http;

import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.WebSocketServerConfig;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The http door: the GET-only store, the JSON cache, the counter REST and {@code /v1} on one
 * address; or the counter REST alone, as the server that it comes from gave it.
 *
 * <p>It answers HTTP/1.1 and 1.0, on as many event loops as it is told. Calls of the keyspace
 * happen on event loops, so it must be one that does not block; long work is done in steps with
 * other requests between. When {@link #stop} is done the keyspace is called no more, once the
 * Vert.x instance is closed as well.
 *
 * <p>Safe for concurrent use. Starts once. Owns its servers; the Vert.x instance is the caller's.
 */
public final class HttpListener {
  private final Vertx vertx;
  private final HttpConfig config;
  private final HttpMetrics metrics;
  private final RequestRouter router;
  private final MemoryBudget bodies;
  private final HeadMemory heads;
  private final ReplyMemory replies;
  private final Pipelining.Waiting pipelined;
  private final BlockingWorks works;
  private final LongRequests longRequests = new LongRequests();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

  /**
   * Prepares a door.
   *
   * @param node who answers; asked for whenever a client wants to know
   * @param onShutdown asks for the server's stop, when an operator calls for it; returns at once
   * @param ready whether the server serves; told by {@code /healthcheck}
   * @throws IllegalArgumentException if calls of the keyspace may block
   */
  public HttpListener(
      Vertx vertx,
      HttpConfig config,
      HttpStore store,
      TimeSource time,
      Supplier<NodeDescription> node,
      BooleanSupplier ready,
      HttpMetrics metrics,
      Runnable onShutdown) {
    this(vertx, config, store, time, node, ready, metrics, onShutdown, false);
  }

  private HttpListener(
      Vertx vertx,
      HttpConfig config,
      HttpStore store,
      TimeSource time,
      Supplier<NodeDescription> node,
      BooleanSupplier ready,
      HttpMetrics metrics,
      Runnable onShutdown,
      boolean countersOnly) {
    if (store.keyspace().mayBlock()) {
      throw new IllegalArgumentException("the keyspace may block: expected one that does not");
    }
    this.vertx = vertx;
    this.config = config;
    this.metrics = metrics;
    HttpConfig.Input input = config.input();
    bodies = new MemoryBudget(input.bodyBytesMax());
    works = new BlockingWorks(vertx);
    heads = new HeadMemory(input.headBytesMax(), time, input.timeout());
    pipelined = new Pipelining.Waiting(input.pipelinedMax());
    replies = new ReplyMemory(config.output(), metrics);
    this.router =
        new RequestRouter(
            new Door(
                vertx,
                config,
                store,
                time,
                node,
                ready,
                metrics,
                bodies,
                works,
                longRequests,
                onShutdown),
            countersOnly);
  }

  /** A door with the counter REST alone, and nothing else on its address. */
  public static HttpListener ofCounters(
      Vertx vertx, HttpConfig config, HttpStore store, TimeSource time, HttpMetrics metrics) {
    NodeDescription nobody = new NodeDescription("", "", 0);
    return new HttpListener(
        vertx, config, store, time, () -> nobody, () -> true, metrics, () -> {}, true);
  }

  /**
   * Listens.
   *
   * @param address port 0 lets the system choose one; the file of a unix socket must not exist
   * @return the port, or -1 for a unix socket
   */
  public Future<Integer> start(SocketAddress address) {
    SocketAddress shared = isAnyPort(address) ? sharedFreePort(address.host()) : address;
    return vertx
        .deployVerticle(
            () -> new Loop(shared), new DeploymentOptions().setInstances(config.eventLoops()))
        .map(started -> address.isInetSocket() ? servers.getFirst().actualPort() : -1);
  }

  private static boolean isAnyPort(SocketAddress address) {
    return address.isInetSocket() && address.port() == 0;
  }

  /** Some free port, the same for all event loops; the number tells listeners apart. */
  private SocketAddress sharedFreePort(String host) {
    return SocketAddress.sharedRandomPort(Math.max(1, System.identityHashCode(this)), host);
  }

  /**
   * Takes no more connections, answers what was asked, for at most so long, and closes. Event
   * streams and waits for locks end at once.
   *
   * @return done when no thread is at work for a request any more but the event loops, which are
   *     the caller's
   */
  public Future<Void> stop(Duration drain) {
    longRequests.stop();
    return Future.join(servers.stream().map(server -> server.shutdown(drain)).toList())
        .eventually(works::end)
        .mapEmpty();
  }

  /** What is held for clients now; safe for concurrent use. */
  public HttpLoad load() {
    return new HttpLoad(
        heads.shared().taken() + bodies.taken(),
        replies.memory().taken(),
        replies.memory().awaited());
  }

  /** How many requests wait for answers to earlier ones of their connections. */
  int pipelinedRequests() {
    return pipelined.count();
  }

  private void onConnection(HttpConnection connection) {
    if (connections.incrementAndGet() > config.connectionsMax()) {
      connections.decrementAndGet();
      metrics.onConnectionRefused();
      connection.close();
      return;
    }
    metrics.onConnectionOpened();
    ConnectionHeads own = new ConnectionHeads(heads);
    NettyConnection.addBelowCodec(connection, new ConnectionOutput(replies));
    NettyConnection.addBelowCodec(connection, new ArrivingBytes(own));
    NettyConnection.addAboveCodec(connection, new Pipelining(pipelined, own, metrics));
    connection.closeHandler(
        closed -> {
          connections.decrementAndGet();
          metrics.onConnectionClosed();
        });
  }

  private HttpServerConfig serverConfig() {
    HttpServerConfig server = new HttpServerConfig();
    server.setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1);
    server.setIdleTimeout(config.idleTimeout());
    server.setHandle100ContinueAutomatically(false);
    // Nothing here upgrades, and the handler of extensions ends connections that pipeline deeply.
    server.setWebSocketConfig(
        new WebSocketServerConfig()
            .setUsePerMessageCompression(false)
            .setUsePerFrameCompression(false));
    server.setHttp1Config(
        new Http1ServerConfig()
            .setMaxInitialLineLength(config.headerBytesMax())
            .setMaxHeaderSize(config.headerBytesMax()));
    return server;
  }

  /** Certificate and key, where the door speaks TLS. */
  private @Nullable ServerSSLOptions secrets() {
    HttpConfig.Tls tls = config.tls();
    return tls == null
        ? null
        : new ServerSSLOptions()
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertPath(tls.certificate().toString())
                    .addKeyPath(tls.key().toString()));
  }

  /** The part of the door on one event loop. */
  private final class Loop implements Deployable {
    private final SocketAddress address;

    Loop(SocketAddress address) {
      this.address = address;
    }

    @Override
    public Future<?> deploy(Context context) {
      HttpServer server = vertx.createHttpServer(serverConfig(), secrets());
      server.connectionHandler(HttpListener.this::onConnection);
      server.requestHandler(router::handle);
      server.invalidRequestHandler(router::handleInvalid);
      return server.listen(address).onSuccess(servers::add);
    }
  }
}
