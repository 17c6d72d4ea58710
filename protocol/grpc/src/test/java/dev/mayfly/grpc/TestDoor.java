package dev.mayfly.grpc;

import dev.mayfly.api.keyquarry.AdminGrpc;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.engine.CounterConfig;
import dev.mayfly.engine.EngineConfig;
import dev.mayfly.engine.MemoryCounters;
import dev.mayfly.engine.MemoryKeyspace;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.Durability;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Rules.UnstatedLifespan;
import dev.mayfly.store.SnapshotKeeper;
import dev.mayfly.store.Spans;
import dev.mayfly.store.Watches;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A door on a real engine, listening on a port of its own, and clients of it. */
final class TestDoor implements AutoCloseable {
  static final String OPERATOR = "operator";
  static final int WATCHERS_MAX = 200;
  static final int CONNECTIONS_MAX = 300;
  static final int OPEN_CALLS_MAX = 5000;
  static final int INPUT_BYTES_MAX = 32 << 20;
  private static final long OUTPUT_BYTES_MAX = 64 << 20;
  static final Rules RULES = new Rules(5000, 1_000_000, UnstatedLifespan.RENEW, false, 5, true);
  static final Rules V1_RULES = new Rules(1, 1_000_000, UnstatedLifespan.CLEAR, false, 5, true);

  private static final long BACKLOG_BYTES_LEAST = 1;

  final TestTime time = new TestTime();
  final CallCounts calls = new CallCounts();
  final AtomicLong opened = new AtomicLong();
  final AtomicLong begun = new AtomicLong();
  final AtomicInteger shutdowns = new AtomicInteger();
  final MemoryKeyspace keyspace;
  final MemoryCounters counters;
  final RateLimitTraffic rateLimits = new RateLimitTraffic();
  volatile RateLimitRules rules = RateLimitRules.NONE;
  final Watches watches;
  final CountedLog log;
  final int port;
  private final GrpcListener listener;
  private final List<ManagedChannel> channels = new ArrayList<>();

  private TestDoor(GrpcConfig config, EngineConfig engine, SocketAddress address) {
    keyspace = new MemoryKeyspace(engine, time);
    ReservedEntries reserved =
        new ReservedEntries(
            Map.of("MaxKeys", "0", "MinLifespan", "5000000000"), TestTime.START_MILLIS);
    log = new CountedLog(keyspace.eventLog());
    watches =
        new Watches(
            keyspace, keyspace.eventLog(), keyspace.accesses(), reserved, time, WATCHERS_MAX);
    counters = new MemoryCounters(CounterConfig.of(CounterPolicy.ofWindow(60_000), 4 << 20), time);
    GrpcStore store =
        new GrpcStore(
            keyspace,
            keyspace,
            keyspace,
            keyspace.leases(),
            log,
            watches,
            keyspace.accesses(),
            reserved,
            Durability.NONE,
            time,
            new CountingStore(counters, counters, () -> rules, rateLimits),
            SnapshotKeeper.NONE,
            Spans.OFF);
    listener = new GrpcListener(config, store, calls, shutdowns::incrementAndGet);
    try {
      port = listener.start(address);
    } catch (IOException e) {
      keyspace.close();
      counters.close();
      throw new UncheckedIOException(e);
    }
  }

  static TestDoor open() {
    return open(config(), EngineConfig.forTests());
  }

  static TestDoor open(GrpcConfig config) {
    return open(config, EngineConfig.forTests());
  }

  static TestDoor open(UnaryOperator<EngineConfig> change) {
    return open(config(), change.apply(EngineConfig.forTests()));
  }

  static TestDoor open(GrpcConfig config, EngineConfig engine) {
    return new TestDoor(config, engine, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  static TestDoor openAt(GrpcConfig config, SocketAddress address) {
    return new TestDoor(config, EngineConfig.forTests(), address);
  }

  static GrpcConfig config() {
    return config(false, OPERATOR, null);
  }

  static GrpcConfig config(Rules rules) {
    return config(false, OPERATOR, null, rules);
  }

  static GrpcConfig config(boolean registration, String privileged, GrpcConfig.@Nullable Tls tls) {
    return config(registration, privileged, tls, RULES);
  }

  /** One that keeps so much for watchers that lag; {@link #config()} keeps nothing to speak of. */
  static GrpcConfig withBacklog(long bytes) {
    return with(config().incoming(), config().outgoing(), bytes, config().scansMax());
  }

  /** One whose calls may hold so much on their way in. */
  static GrpcConfig withIncoming(GrpcConfig.Incoming incoming) {
    return with(incoming, config().outgoing(), BACKLOG_BYTES_LEAST, config().scansMax());
  }

  /** One whose clients may leave so much, and whose listings nothing else bounds. */
  static GrpcConfig withOutgoing(GrpcConfig.Outgoing outgoing) {
    return with(config().incoming(), outgoing, BACKLOG_BYTES_LEAST, 100);
  }

  private static GrpcConfig with(
      GrpcConfig.Incoming incoming, GrpcConfig.Outgoing outgoing, long backlogBytes, int scansMax) {
    GrpcConfig of = config();
    return new GrpcConfig(
        of.eventLoops(),
        of.connectionsMax(),
        of.callsMax(),
        incoming,
        outgoing,
        scansMax,
        of.transferBytesMax(),
        of.sendTimeout(),
        backlogBytes,
        of.requireRegistration(),
        of.privilegedClientId(),
        of.tls(),
        of.rules(),
        of.v1Rules());
  }

  private static GrpcConfig config(
      boolean registration, String privileged, GrpcConfig.@Nullable Tls tls, Rules rules) {
    return new GrpcConfig(
        2,
        CONNECTIONS_MAX,
        1000,
        new GrpcConfig.Incoming(OPEN_CALLS_MAX, INPUT_BYTES_MAX, Duration.ofMinutes(1)),
        new GrpcConfig.Outgoing(
            OUTPUT_BYTES_MAX, OUTPUT_BYTES_MAX, Duration.ofSeconds(10), 64 << 20),
        4,
        64 << 20,
        Duration.ofSeconds(1),
        BACKLOG_BYTES_LEAST,
        registration,
        privileged,
        tls,
        rules,
        V1_RULES);
  }

  /** A connection of its own. */
  ManagedChannel channel() {
    return channel(NettyChannelBuilder.forAddress("127.0.0.1", port));
  }

  /** A connection of its own, as built here, in plaintext. */
  ManagedChannel channel(NettyChannelBuilder builder) {
    ManagedChannel channel =
        builder.usePlaintext().directExecutor().intercept(new BegunStreams(begun)).build();
    channels.add(channel);
    return channel;
  }

  KeyQuarryGrpc.KeyQuarryBlockingStub client(String id) {
    return as(id, KeyQuarryGrpc.newBlockingStub(channel()));
  }

  AdminGrpc.AdminBlockingStub admin(String id) {
    return as(id, AdminGrpc.newBlockingStub(channel()));
  }

  /** A stub that carries these client ids, in this order. */
  static <S extends AbstractStub<S>> S as(String id, S stub) {
    Metadata headers = new Metadata();
    headers.put(Callers.CLIENT_ID, id);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  GrpcLoad load() {
    return listener.load();
  }

  void stop(Duration drain) {
    try {
      listener.stop(drain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All its clients leave, whatever they have asked for. */
  void leave() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  @Override
  public void close() {
    leave();
    stop(Duration.ZERO);
    keyspace.close();
    counters.close();
  }
}
