package dev.mayfly.http;

import dev.mayfly.engine.CounterConfig;
import dev.mayfly.engine.EngineConfig;
import dev.mayfly.engine.MemoryCounters;
import dev.mayfly.engine.MemoryKeyspace;
import dev.mayfly.store.Condition;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.Durability;
import dev.mayfly.store.Entry;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Lock;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Rules.UnstatedLifespan;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.SnapshotKeeper;
import dev.mayfly.store.Spans;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.Watches;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A door on a real engine with time that stands still, listening on a port of its own. */
final class TestDoor implements AutoCloseable {
  static final Rules RULES = new Rules(1, 1_000_000, UnstatedLifespan.CLEAR, false, 5, true);
  static final String NODE = "node-1";
  static final String OPERATOR = "operator";

  private static final Rules GET_STORE_RULES =
      new Rules(1, 1_000_000, UnstatedLifespan.CLEAR, true, 0, false);
  private static final Rules JSON_CACHE_RULES =
      new Rules(1000, 1_000_000, UnstatedLifespan.CLEAR, false, 0, false);
  private static final SocketAddress LOOPBACK = SocketAddress.inetSocketAddress(0, "127.0.0.1");

  final TestTime time = new TestTime();
  final MemoryKeyspace keyspace;
  final MemoryCounters counters;
  final Watches watches;
  final ReservedEntries reserved;
  final AtomicInteger shutdowns = new AtomicInteger();
  final RequestCounts requests = new RequestCounts();
  volatile boolean ready = true;
  private final Vertx vertx;
  private final boolean ownsVertx;
  private final HttpListener listener;
  private final int port;

  private TestDoor(
      Vertx vertx,
      boolean ownsVertx,
      HttpConfig config,
      EngineConfig engine,
      SocketAddress address,
      UnaryOperator<Keyspace> between,
      boolean countersOnly) {
    this.vertx = vertx;
    this.ownsVertx = ownsVertx;
    keyspace = new MemoryKeyspace(engine, time);
    counters = new MemoryCounters(counterConfig(), time);
    NodeDescription node = new NodeDescription(NODE, "host-1", 8080);
    reserved = new ReservedEntries(Map.of("MaxKeys", "0"), time.millis());
    watches = new Watches(keyspace, keyspace.eventLog(), keyspace.accesses(), reserved, time, 100);
    HttpStore store =
        new HttpStore(
            between.apply(keyspace),
            keyspace,
            watches,
            reserved,
            counters,
            Durability.NONE,
            SnapshotKeeper.NONE,
            Spans.OFF);
    listener =
        countersOnly
            ? HttpListener.ofCounters(vertx, config, store, time, requests)
            : new HttpListener(
                vertx,
                config,
                store,
                time,
                () -> node,
                () -> ready,
                requests,
                shutdowns::incrementAndGet);
    port = await(listener.start(address));
  }

  static TestDoor open() {
    return open(config -> config);
  }

  static TestDoor open(UnaryOperator<HttpConfig> change) {
    return open(change, EngineConfig.forTests());
  }

  static TestDoor open(UnaryOperator<HttpConfig> change, EngineConfig engine) {
    return new TestDoor(
        Vertx.vertx(), true, change.apply(config()), engine, LOOPBACK, store -> store, false);
  }

  static TestDoor openAt(SocketAddress address) {
    return new TestDoor(
        Vertx.vertx(), true, config(), EngineConfig.forTests(), address, store -> store, false);
  }

  /** A door on these event loops, which it closes with itself. */
  static TestDoor openOn(Vertx vertx) {
    return new TestDoor(
        vertx, true, config(), EngineConfig.forTests(), LOOPBACK, store -> store, false);
  }

  /** A second door on the event loops of this one, to be closed before it. */
  TestDoor openBeside() {
    return new TestDoor(
        vertx, false, config(), EngineConfig.forTests(), LOOPBACK, store -> store, false);
  }

  /** A door with the counter REST alone. */
  static TestDoor openForCounters() {
    return new TestDoor(
        Vertx.vertx(), true, config(), EngineConfig.forTests(), LOOPBACK, store -> store, true);
  }

  /** A door that reaches its keyspace through something. */
  static TestDoor openThrough(UnaryOperator<Keyspace> between) {
    return new TestDoor(
        Vertx.vertx(), true, config(), EngineConfig.forTests(), LOOPBACK, between, false);
  }

  private static CounterConfig counterConfig() {
    return CounterConfig.of(CounterPolicy.ofWindow(60_000), 4 << 20);
  }

  static HttpConfig config() {
    return new HttpConfig(
        "1.2.3",
        2,
        4 << 20,
        16 << 10,
        Duration.ofSeconds(30),
        100,
        1000,
        new HttpConfig.Input(3000, 32 << 20, 64 << 20, Duration.ofSeconds(20)),
        new HttpConfig.Output(64 << 20, Duration.ofSeconds(10)),
        64,
        256,
        RULES,
        GET_STORE_RULES,
        JSON_CACHE_RULES,
        OPERATOR,
        null);
  }

  /** The same with another bound on silence. */
  static HttpConfig withIdleTimeout(HttpConfig config, Duration idle) {
    return copy(config, idle, config.input(), config.output(), config.privilegedClientId());
  }

  /** The same without an operator. */
  static HttpConfig withoutOperator(HttpConfig config) {
    return copy(config, config.idleTimeout(), config.input(), config.output(), "");
  }

  /** The same with another bound on requests that wait for answers to earlier ones. */
  static HttpConfig withPipelined(HttpConfig config, int pipelinedMax) {
    HttpConfig.Input input = config.input();
    return withInput(
        config,
        new HttpConfig.Input(
            pipelinedMax, input.headBytesMax(), input.bodyBytesMax(), input.timeout()));
  }

  /** The same with other bounds on what clients send. */
  static HttpConfig withInput(HttpConfig config, HttpConfig.Input input) {
    return copy(config, config.idleTimeout(), input, config.output(), config.privilegedClientId());
  }

  /** The same with another bound on what clients leave of answers. */
  static HttpConfig withOutput(HttpConfig config, HttpConfig.Output output) {
    return copy(config, config.idleTimeout(), config.input(), output, config.privilegedClientId());
  }

  private static HttpConfig copy(
      HttpConfig config,
      Duration idle,
      HttpConfig.Input input,
      HttpConfig.Output output,
      String operator) {
    return new HttpConfig(
        config.version(),
        config.eventLoops(),
        config.bodyBytesMax(),
        config.headerBytesMax(),
        idle,
        config.connectionsMax(),
        config.batchMax(),
        input,
        output,
        config.getStoreKeyCharsMax(),
        config.getStoreValueCharsMax(),
        config.rules(),
        config.getStoreRules(),
        config.jsonCacheRules(),
        operator,
        config.tls());
  }

  /** Tries an address with a Vert.x instance that knows no other door. */
  static void openElsewhere(SocketAddress address) {
    Vertx vertx = Vertx.vertx();
    TestTime time = new TestTime();
    ReservedEntries reserved = new ReservedEntries(Map.of(), time.millis());
    try (MemoryKeyspace keyspace = new MemoryKeyspace(EngineConfig.forTests(), time);
        MemoryCounters counters = new MemoryCounters(counterConfig(), time)) {
      Watches watches =
          new Watches(keyspace, keyspace.eventLog(), keyspace.accesses(), reserved, time, 1);
      NodeDescription node = new NodeDescription(NODE, "host-1", 8080);
      HttpListener listener =
          new HttpListener(
              vertx,
              config(),
              new HttpStore(
                  keyspace,
                  keyspace,
                  watches,
                  reserved,
                  counters,
                  Durability.NONE,
                  SnapshotKeeper.NONE,
                  Spans.OFF),
              time,
              () -> node,
              () -> true,
              HttpMetrics.NONE,
              () -> {});
      await(listener.start(address));
    } finally {
      await(vertx.close());
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("the door did not answer in time", e);
    }
  }

  /** How many requests wait for answers to earlier ones. */
  int pipelinedRequests() {
    return listener.pipelinedRequests();
  }

  HttpLoad load() {
    return listener.load();
  }

  int port() {
    return port;
  }

  TestClient client() {
    return TestClient.connect(port);
  }

  /** Asks once, over a connection of its own. */
  TestReply ask(String method, String target, String... fields) {
    try (TestClient client = client()) {
      return client.ask(method, target, fields);
    }
  }

  /** Asks once with a body, over a connection of its own. */
  TestReply send(String method, String target, byte[] body, String... fields) {
    try (TestClient client = client()) {
      return client.send(method, target, body, fields);
    }
  }

  TestReply send(String method, String target, String body, String... fields) {
    return send(method, target, body.getBytes(StandardCharsets.UTF_8), fields);
  }

  Stamp stamp(String client) {
    return new Stamp(time.millis(), client);
  }

  void set(String key, String value) {
    set(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
  }

  void set(byte[] key, byte[] value) {
    keyspace.apply(SetRequest.of(key, value, Lifespan.UNSTATED, RULES), stamp("other"));
  }

  void setLocked(String key, String value, String owner) {
    SetRequest request =
        new SetRequest(
            key.getBytes(StandardCharsets.UTF_8),
            value.getBytes(StandardCharsets.UTF_8),
            null,
            Condition.ALWAYS,
            Lifespan.UNSTATED,
            60_000,
            false,
            RULES);
    keyspace.apply(request, stamp(owner));
  }

  @Nullable String get(String key) {
    Entry entry = find(key);
    return entry == null ? null : new String(entry.value(), StandardCharsets.UTF_8);
  }

  /** The entry of a key that exists. */
  Entry entry(String key) {
    return Objects.requireNonNull(find(key), "no such key");
  }

  /** The lock on a key that is locked. */
  Lock lock(String key) {
    return Objects.requireNonNull(entry(key).lock(), "no lock");
  }

  private @Nullable Entry find(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    ReadRequest request = new ReadRequest(bytes, ReadRequest.Part.VALUE, 0, -1, false, true, false);
    return keyspace.read(request, stamp("other"));
  }

  void stop(Duration drain) {
    await(beginStop(drain));
  }

  Future<Void> beginStop(Duration drain) {
    return listener.stop(drain);
  }

  @Override
  public void close() {
    stop(Duration.ZERO);
    if (ownsVertx) {
      await(vertx.close());
    }
    keyspace.close();
    counters.close();
  }
}
