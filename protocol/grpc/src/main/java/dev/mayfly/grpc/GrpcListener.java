package dev.mayfly.grpc;

import dev.mayfly.store.Keyspace;
import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.Spans;
import dev.mayfly.store.TimeSource;
import io.grpc.Attributes;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The grpc door: one listener for {@code keyquarry}, {@code mayfly.v1}, health and reflection.
 *
 * <p>Calls run on the connections' event loops, but for those that take long. {@link #start} and
 * {@link #stop} are for one thread at a time, and block. It owns its event loops and threads; the
 * store is its host's.
 */
public final class GrpcListener {
  /** Beside the value: key, content type, client and framing, with room to spare. */
  private static final int MESSAGE_OVERHEAD_BYTES = 1 << 20;

  private static final int MESSAGE_BYTES_LEAST = 4 << 20;
  private static final int KEEPALIVE_SECONDS = 10;
  private static final int KEEPALIVE_TIMEOUT_SECONDS = 60;

  /** Clients that ping every ten seconds are never quite on time. */
  private static final int PING_SECONDS_MIN = 8;

  private static final long LATE_LOOK_MILLIS = 500;

  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private final GrpcConfig config;
  private final Keyspace keyspace;
  private final TimeSource time;
  private final GrpcMetrics metrics;
  private final Spans spans;
  private final OpenCalls open = new OpenCalls();
  private final IncomingCalls incoming;
  private final ReplyMemory replies;
  private final Steps steps;
  private final V1Service v1;
  private final HealthStatusManager health = new HealthStatusManager();
  private final List<ServerServiceDefinition> services = new ArrayList<>();
  private final List<WatchLoop> loops = new ArrayList<>();
  private @Nullable ServerTransport transport;
  private @Nullable Server server;

  /**
   * A door that does not listen yet.
   *
   * @param store does not block
   * @param shutdown asks for the server's stop, when the operator calls for it; returns at once
   */
  public GrpcListener(GrpcConfig config, GrpcStore store, GrpcMetrics metrics, Runnable shutdown) {
    keyspace = store.keyspace();
    time = store.time();
    spans = store.spans();
    if (keyspace.mayBlock()) {
      throw new IllegalArgumentException("the keyspace may block: expected one that does not");
    }
    this.config = config;
    this.metrics = metrics;
    incoming = new IncomingCalls(config.incoming(), time, metrics);
    replies = new ReplyMemory(config.outgoing(), metrics);
    steps = new Steps(config.scansMax());
    Callers callers = new Callers(keyspace, config.requireRegistration());
    CallTerms terms =
        new CallTerms(callers, time, store.durability(), open, new OpenCalls(), metrics);
    for (int i = 0; i < config.watchLoops(); i++) {
      loops.add(new WatchLoop(store, metrics, config, replies.room(), i));
    }
    ValueSizes sizes = new ValueSizes(keyspace, config.outgoing().replyBytesMax());
    MemoryBudget memory = new MemoryBudget(config.transferBytesMax());
    KeyQuarryService keyQuarry =
        new KeyQuarryService(terms, steps, store, loops, memory, config, sizes, shutdown);
    services.add(keyQuarry.keyQuarry());
    services.add(keyQuarry.admin());
    v1 = new V1Service(terms, steps, store, loops, config, sizes);
    services.add(v1.keyValue());
    services.add(v1.locks());
    services.add(v1.leases());
    CountingService counting = new CountingService(terms, steps, store.counting());
    services.add(counting.counters());
    services.add(counting.limits());
    services.add(counting.rateLimits());
  }

  /**
   * Listens.
   *
   * @param address port 0 lets the system choose one; the file of a unix socket must not exist
   * @return the port, or -1 for a unix socket
   * @throws IOException when the address or the certificate cannot be used
   */
  public int start(SocketAddress address) throws IOException {
    ServerTransport below = new ServerTransport(config.eventLoops());
    transport = below;
    try {
      ConnectionLimit limit = new ConnectionLimit(config.connectionsMax(), metrics);
      NettyServerBuilder builder = below.builder(address, config.tls(), limit);
      limit(builder);
      builder.addTransportFilter(new Connections(below));
      // The first to be added is next to the call: spans see what it answers.
      builder.addStreamTracerFactory(incoming).intercept(incoming);
      if (spans.isOn()) {
        builder.intercept(new SpanInterceptor(spans, time, config.privilegedClientId()));
      }
      services.forEach(builder::addService);
      builder.addService(health.getHealthService());
      addReflection(builder);
      services.forEach(this::serving);
      Server started = builder.build().start();
      server = started;
      loops.forEach(WatchLoop::start);
      below.repeat(incoming::refuseLate, LATE_LOOK_MILLIS);
      return started.getListenSockets().getFirst() instanceof InetSocketAddress bound
          ? bound.getPort()
          : -1;
    } catch (IOException | RuntimeException e) {
      below.end();
      transport = null;
      throw e;
    }
  }

  private void serving(ServerServiceDefinition service) {
    health.setStatus(service.getServiceDescriptor().getName(), ServingStatus.SERVING);
  }

  /** In both of its versions: most clients still ask for the older one. */
  @SuppressWarnings("deprecation")
  private static void addReflection(NettyServerBuilder builder) {
    builder.addService(ProtoReflectionServiceV1.newInstance());
    builder.addService(ProtoReflectionService.newInstance());
  }

  private void limit(NettyServerBuilder builder) {
    int valueBytesMax = keyspace.bounds().valueBytesMax();
    builder
        .directExecutor()
        .maxInboundMessageSize(
            Math.max(MESSAGE_BYTES_LEAST, valueBytesMax + MESSAGE_OVERHEAD_BYTES))
        .maxConcurrentCallsPerConnection(config.callsMax())
        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveTime(PING_SECONDS_MIN, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }

  /**
   * Takes no more calls, answers what was asked, for at most so long, and closes. Watches and waits
   * for locks end at once.
   *
   * @throws IOException if it could not be closed as a whole: what is left may still read the store
   */
  public void stop(Duration drain) throws IOException {
    Server running = server;
    ServerTransport below = transport;
    if (running == null || below == null) {
      return;
    }
    server = null;
    transport = null;
    health.enterTerminalState();
    running.shutdown();
    boolean ended = true;
    for (WatchLoop loop : loops) {
      ended &= loop.stop();
    }
    v1.stop();
    Duration wait = drain.compareTo(LAST_WORDS) < 0 ? LAST_WORDS : drain;
    open.awaitNone(time, wait.toNanos());
    below.flush();
    awaitLastWords(running);
    running.shutdownNow();
    ended &= steps.end();
    ended &= below.end();
    if (!ended) {
      throw new IOException("a thread still serves calls, watches or listings");
    }
  }

  /** Lets what was answered reach those who take it. */
  private static void awaitLastWords(Server running) {
    try {
      running.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What calls hold now; safe for concurrent use. */
  public GrpcLoad load() {
    return new GrpcLoad(incoming.open(), incoming.bytes(), replies.taken(), replies.awaited());
  }

  /** Counts connections, and what their clients have to take. */
  private final class Connections extends ServerTransportFilter {
    private final ServerTransport below;

    Connections(ServerTransport below) {
      this.below = below;
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
      metrics.onConnectionOpened();
      ConnectionReplies untaken = replies.connect(below.current());
      return attributes.toBuilder().set(ConnectionReplies.KEY, untaken).build();
    }

    @Override
    public void transportTerminated(@Nullable Attributes attributes) {
      ConnectionReplies untaken = attributes == null ? null : attributes.get(ConnectionReplies.KEY);
      if (untaken != null) {
        replies.disconnect(untaken);
        metrics.onConnectionClosed();
      }
    }
  }
}
