package dev.mayfly.server;

import dev.mayfly.counter.CounterListener;
import dev.mayfly.counter.CounterPeers;
import dev.mayfly.counter.CounterTraffic;
import dev.mayfly.counter.Secret;
import dev.mayfly.grpc.CountingStore;
import dev.mayfly.grpc.GrpcListener;
import dev.mayfly.grpc.GrpcStore;
import dev.mayfly.grpc.RateLimitTraffic;
import dev.mayfly.http.HttpListener;
import dev.mayfly.http.HttpStore;
import dev.mayfly.http.NodeDescription;
import dev.mayfly.resp.RespListener;
import dev.mayfly.resp.RespStore;
import dev.mayfly.store.Spans;
import dev.mayfly.store.TimeSource;
import dev.mayfly.telemetry.MetricSource;
import java.util.List;

/**
 * The doors to a server's stores, but for the monitor: what each is made of, and in which order
 * they open. Closing them is the {@link Front}'s. Confined to the thread that starts the server.
 */
final class ServerDoors {
  private final MayflyConfig config;
  private final TimeSource time;
  private final Stores stores;
  private final Front front;
  private final Spans spans;
  private final Runnable stopAsked;
  private final Secret counterSecret;
  private final CounterPeers counterPeers;
  private final CounterTraffic counterTraffic = new CounterTraffic();
  private final RateLimitReload rateLimitRules;
  private final RateLimitTraffic rateLimitTraffic = new RateLimitTraffic();
  private final HttpTraffic httpTraffic = new HttpTraffic();
  private final RespTraffic respTraffic = new RespTraffic();
  private final GrpcTraffic grpcTraffic = new GrpcTraffic();
  private final String host = Surroundings.hostName();

  /**
   * @param stopAsked called when a client may have the server stop and asks for it; must not block
   */
  ServerDoors(
      MayflyConfig config,
      TimeSource time,
      Stores stores,
      Front front,
      Spans spans,
      Runnable stopAsked) {
    this.config = config;
    this.time = time;
    this.stores = stores;
    this.front = front;
    this.spans = spans;
    this.stopAsked = stopAsked;
    counterSecret = CounterParts.secret(config.counter());
    counterPeers = new CounterPeers(CounterParts.peers(config.counter()), counterSecret);
    rateLimitRules = new RateLimitReload(config.rateLimits().rules(), config.rateLimits().shadow());
  }

  List<MetricSource> metrics() {
    return List.of(
        httpTraffic,
        grpcTraffic,
        new CounterDoorMetrics(counterTraffic, counterPeers),
        new RateLimitMetrics(rateLimitTraffic, rateLimitRules),
        respTraffic);
  }

  /**
   * Returns once all listen.
   *
   * @throws StartException if one cannot
   */
  void open() {
    rateLimitRules.start(front.vertx());
    MayflyConfig.Addresses addresses = config.addresses();
    HttpListener http =
        new HttpListener(
            front.vertx(),
            HttpParts.config(config, Runtime.getRuntime().availableProcessors()),
            httpStore(),
            time,
            this::node,
            () -> front.readiness().isReady(),
            httpTraffic,
            stopAsked);
    httpTraffic.source(http::load);
    front.doors().begin(addresses.http(), new Door("http", http::start, http::stop));
    // The first answer is this one's, and the loading of the others' code would hold it up.
    front.doors().awaitOpen();
    if (!(addresses.grpc() instanceof ListenAddress.Off)) {
      front.doors().begin(addresses.grpc(), grpc());
    }
    if (!(addresses.resp() instanceof ListenAddress.Off)) {
      front.doors().begin(addresses.resp(), resp());
    }
    beginCounters(addresses);
    front.doors().awaitOpen();
  }

  private void beginCounters(MayflyConfig.Addresses addresses) {
    HttpListener rest =
        HttpListener.ofCounters(
            front.vertx(),
            HttpParts.config(config, 1).withoutTls(),
            httpStore(),
            time,
            httpTraffic);
    front.doors().begin(config.counter().http(), new Door("counter-http", rest::start, rest::stop));
    front
        .doors()
        .begin(
            addresses.counter(),
            CounterParts.door(front.vertx(), counter(), config.counter().tcp()));
  }

  private HttpStore httpStore() {
    ShownStore shown = stores.shown();
    return new HttpStore(
        shown.keyspace(),
        shown.waits(),
        stores.watches(),
        stores.reserved(),
        counterPeers.replicating(stores.counters()),
        shown.durability(),
        stores.snapshots(),
        spans);
  }

  private Door grpc() {
    ShownStore shown = stores.shown();
    GrpcStore store =
        new GrpcStore(
            shown.keyspace(),
            shown.transactions(),
            shown.waits(),
            shown.leases(),
            stores.keyspace().eventLog(),
            stores.watches(),
            stores.keyspace().accesses(),
            stores.reserved(),
            shown.durability(),
            time,
            new CountingStore(
                counterPeers.replicating(stores.counters()),
                stores.counters(),
                rateLimitRules::rules,
                rateLimitTraffic),
            stores.snapshots(),
            spans);
    GrpcListener listener =
        new GrpcListener(GrpcParts.config(config), store, grpcTraffic, stopAsked);
    grpcTraffic.source(listener::load);
    return new BlockingDoor("grpc", front.vertx(), listener::start, listener::stop).door();
  }

  private Door resp() {
    ShownStore shown = stores.shown();
    RespListener listener =
        new RespListener(
            RespParts.config(config),
            new RespStore(
                shown.keyspace(),
                shown.transactions(),
                stores.watches(),
                counterPeers.replicating(stores.counters()),
                stores.counters(),
                shown.durability(),
                time),
            respTraffic);
    respTraffic.source(listener::stats, listener::load);
    return new BlockingDoor("resp", front.vertx(), listener::start, listener::stop).door();
  }

  private CounterListener counter() {
    return new CounterListener(
        CounterParts.listener(config, counterSecret),
        stores.counters(),
        stores.counters(),
        counterPeers,
        counterTraffic,
        time);
  }

  /** This node, as clients of the http door see it. */
  private NodeDescription node() {
    ListenAddress http = front.doors().address("http").orElse(config.addresses().http());
    return http instanceof ListenAddress.Tcp tcp
        ? new NodeDescription(config.name(), tcp.isEverywhere() ? host : tcp.host(), tcp.port())
        : new NodeDescription(config.name(), host, 0);
  }
}
