package dev.mayfly.server;

import dev.mayfly.counter.CounterListener;
import dev.mayfly.counter.CounterPeers;
import dev.mayfly.counter.CounterTraffic;
import dev.mayfly.counter.Secret;
import dev.mayfly.engine.EngineConfig;
import dev.mayfly.engine.MemoryCounters;
import dev.mayfly.engine.MemoryKeyspace;
import dev.mayfly.engine.memory.NativeMemoryException;
import dev.mayfly.grpc.CountingStore;
import dev.mayfly.grpc.GrpcListener;
import dev.mayfly.grpc.GrpcStore;
import dev.mayfly.grpc.RateLimitTraffic;
import dev.mayfly.http.HttpListener;
import dev.mayfly.http.HttpStore;
import dev.mayfly.http.NodeDescription;
import dev.mayfly.journal.Journal;
import dev.mayfly.journal.JournalException;
import dev.mayfly.journal.JournalStats;
import dev.mayfly.journal.RestoreReport;
import dev.mayfly.resp.RespListener;
import dev.mayfly.resp.RespStore;
import dev.mayfly.store.Counters;
import dev.mayfly.store.EventLog;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.Leases;
import dev.mayfly.store.Limits;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.SnapshotKeeper;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import dev.mayfly.store.Watches;
import dev.mayfly.telemetry.CounterMetrics;
import dev.mayfly.telemetry.LeaseMetrics;
import dev.mayfly.telemetry.ProcessMetrics;
import dev.mayfly.telemetry.Readiness;
import dev.mayfly.telemetry.ScrapedMetrics;
import dev.mayfly.telemetry.StoreMetrics;
import dev.mayfly.telemetry.WatchMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A whole server in this process: the engine, the doors and the monitor.
 *
 * <p>The event loops and the monitor start first, and beside them the journal and the engine; the
 * doors open once everything is restored. They stop in reverse, so that the monitor tells of the
 * drain. A server that could not start has closed what it had opened.
 *
 * <p>What {@link #keyspace} and its neighbours give is the store itself, as the doors have it, but
 * for two things: calls there are not held up until they are durable, whatever {@code durability}
 * says, and counts are not told to peers. They belong to the server: <b>once {@link #stop} begins
 * they must not be used</b>, for it unmaps their memory, and who touches that crashes the process.
 *
 * <p>Safe for concurrent use; {@link #start} and {@link #stop} block. It owns everything that it
 * makes; logging and signals are its host's.
 */
public final class MayflyServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(MayflyServer.class.getName());

  private final MayflyConfig config;
  private final TimeSource time;
  private final MemoryKeyspace keyspace;
  private final @Nullable Journal journal;
  private volatile Supplier<JournalStats> journalStats = () -> JournalStats.NONE;
  private String restored = "";
  private long clockBackMillis;
  private final MemoryCounters counters;
  private final CounterPeers counterPeers;
  private final CounterTraffic counterTraffic = new CounterTraffic();
  private final Secret counterSecret;
  private final RateLimitReload rateLimitRules;
  private final RateLimitTraffic rateLimitTraffic = new RateLimitTraffic();
  private final Front front;
  private final TraceParts traces;
  private final ProcessMetrics processMetrics = new ProcessMetrics(ServerVersion.text());
  private final Watches watches;
  private final ReservedEntries reserved;
  private final ScrapedMetrics metrics;
  private final HttpTraffic httpTraffic = new HttpTraffic();
  private final RespTraffic respTraffic = new RespTraffic();
  private final GrpcTraffic grpcTraffic = new GrpcTraffic();
  private final String host = Surroundings.hostName();
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean stopped;

  private MayflyServer(
      MayflyConfig config,
      TimeSource time,
      MemoryKeyspace keyspace,
      @Nullable Journal journal,
      Front front,
      TraceParts traces) {
    this.journal = journal;
    this.config = config;
    this.time = time;
    this.keyspace = keyspace;
    this.front = front;
    this.traces = traces;
    counterSecret = CounterParts.secret(config.counter());
    rateLimitRules = new RateLimitReload(config.rateLimits().rules(), config.rateLimits().shadow());
    counterPeers = new CounterPeers(CounterParts.peers(config.counter()), counterSecret);
    counters = new MemoryCounters(CounterParts.engine(config), time);
    StoreMetrics store = new StoreMetrics(keyspace::stats, keyspace.eventLog()::oldestRevision);
    reserved = ReservedTexts.entries(config, time.millis());
    watches =
        new Watches(
            keyspace,
            keyspace.eventLog(),
            keyspace.accesses(),
            reserved,
            time,
            config.events().watchersMax());
    metrics =
        new ScrapedMetrics(
            List.of(
                store,
                new WatchMetrics(watches::stats),
                new LeaseMetrics(keyspace.leases()::stats),
                httpTraffic,
                grpcTraffic,
                new CounterMetrics(counters::stats),
                new CounterDoorMetrics(counterTraffic, counterPeers),
                new RateLimitMetrics(rateLimitTraffic, rateLimitRules),
                respTraffic,
                new JournalMetrics(() -> journalStats.get()),
                processMetrics));
    front.metrics(metrics);
    if (journal != null) {
      front.journalAway(() -> journal.stats().isAway());
    }
  }

  /**
   * Starts a server; it is ready when this returns.
   *
   * @throws StartException if a part cannot start, for an address that is in use above all
   */
  public static MayflyServer start(MayflyConfig config) {
    TlsFiles secrets = TlsFiles.of(config.grpc());
    if (secrets != null) {
      secrets.requireUsable();
    }
    Deque<Runnable> undo = new ArrayDeque<>();
    try {
      return start(config, new SystemTime(), undo);
    } catch (RuntimeException | Error e) {
      undo.forEach(Runnable::run);
      throw failed(e);
    }
  }

  /** Starts one; {@code undo} holds at any time how to close what is open. */
  private static MayflyServer start(MayflyConfig config, TimeSource time, Deque<Runnable> undo) {
    long startNanos = time.nanos();
    TraceParts traces = TraceParts.open(config, time);
    undo.push(traces::close);
    // The two take about as long as each other, and neither needs the other.
    CompletableFuture<Front> opening = CompletableFuture.supplyAsync(() -> Front.open(config));
    undo.push(() -> closeOnceOpen(opening));
    Journal journal = null;
    if (config.journal().isOn()) {
      journal = JournalParts.open(config, time, traces.spans());
      undo.push(journal::close);
    }
    MemoryKeyspace keyspace = openEngine(config, time, journal);
    undo.push(keyspace::close);
    MayflyServer server = new MayflyServer(config, time, keyspace, journal, opening.join(), traces);
    undo.clear();
    undo.push(() -> server.stop(Duration.ZERO));
    server.restore();
    server.openDoors();
    server.front.readiness(Readiness.READY);
    traces.tell("mayfly.start", startNanos);
    return server;
  }

  private static void closeOnceOpen(CompletableFuture<Front> opening) {
    opening.handle((front, failure) -> front == null || front.close()).join();
  }

  private static MemoryKeyspace openEngine(
      MayflyConfig config, TimeSource time, @Nullable Journal journal) {
    EngineConfig engine = EngineParts.config(config);
    // While a journal restores, nothing may end before everything is there.
    MemoryKeyspace keyspace =
        journal == null
            ? new MemoryKeyspace(engine, time)
            : new MemoryKeyspace(engine.withThreads(false), time, journal.firstRevision());
    keyspace.readOnly(config.isReadOnly());
    return keyspace;
  }

  private static StartException failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case StartException known -> known;
      case NativeMemoryException refused ->
          StartException.circumstance("the engine cannot start: " + refused.getMessage(), refused);
      default -> StartException.fault("the server cannot start: " + cause, cause);
    };
  }

  private void restore() {
    if (journal == null) {
      return;
    }
    // A restore may take long: what is wrong with the monitor's address is told before.
    front.doors().awaitOpen();
    try {
      RestoreReport report =
          journal.restore(
              keyspace.journal(),
              counters.journal(),
              keyspace.extras(),
              new JournalParts.Progress());
      journal.start();
      journalStats = journal::stats;
      keyspace.startThreads();
      restored = JournalParts.shown(report, config.journal().fresh());
      clockBackMillis = report.clockBackMillis();
    } catch (JournalException e) {
      throw JournalParts.failed(e);
    }
  }

  /** How the store is kept, for people. */
  String dataShown() {
    return journal == null
        ? "in memory only"
        : "%s as '%s', %s".formatted(journal.place(), journal.server(), restored);
  }

  /** By how much the clock is behind what the journal knows; 0: it is not. */
  long clockBackMillis() {
    return clockBackMillis;
  }

  private void openDoors() {
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
            this::stopAsked);
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
    ShownStore shown = ShownStore.of(keyspace, journal);
    return new HttpStore(
        shown.keyspace(),
        shown.waits(),
        watches,
        reserved,
        counterPeers.replicating(counters),
        shown.durability(),
        snapshots(),
        traces.spans());
  }

  private SnapshotKeeper snapshots() {
    return journal == null ? SnapshotKeeper.NONE : journal.keeper();
  }

  private Door grpc() {
    ShownStore shown = ShownStore.of(keyspace, journal);
    GrpcStore store =
        new GrpcStore(
            shown.keyspace(),
            shown.transactions(),
            shown.waits(),
            shown.leases(),
            keyspace.eventLog(),
            watches,
            keyspace.accesses(),
            reserved,
            shown.durability(),
            time,
            new CountingStore(
                counterPeers.replicating(counters),
                counters,
                rateLimitRules::rules,
                rateLimitTraffic),
            snapshots(),
            traces.spans());
    GrpcListener listener =
        new GrpcListener(GrpcParts.config(config), store, grpcTraffic, this::stopAsked);
    return new BlockingDoor("grpc", front.vertx(), listener::start, listener::stop).door();
  }

  private Door resp() {
    ShownStore shown = ShownStore.of(keyspace, journal);
    RespListener listener =
        new RespListener(
            RespParts.config(config),
            new RespStore(
                shown.keyspace(),
                shown.transactions(),
                watches,
                counterPeers.replicating(counters),
                counters,
                shown.durability(),
                time),
            respTraffic);
    respTraffic.source(listener::stats);
    return new BlockingDoor("resp", front.vertx(), listener::start, listener::stop).door();
  }

  private CounterListener counter() {
    return new CounterListener(
        CounterParts.listener(config, counterSecret),
        counters,
        counters,
        counterPeers,
        counterTraffic,
        time);
  }

  /** This node, as clients of the http door see it. */
  private NodeDescription node() {
    return address("http").orElse(config.addresses().http()) instanceof ListenAddress.Tcp tcp
        ? new NodeDescription(config.name(), tcp.isEverywhere() ? host : tcp.host(), tcp.port())
        : new NodeDescription(config.name(), host, 0);
  }

  /** The keys behind every door; a write here is durable only somewhat later than its return. */
  public Keyspace keyspace() {
    return keyspace;
  }

  /** The counters behind every door; what is counted here, peers do not hear of. */
  public Counters counters() {
    return counters;
  }

  /** The limits behind every door. */
  public Limits limits() {
    return counters;
  }

  /** The leases that keys may live on. */
  public Leases leases() {
    return keyspace.leases();
  }

  /** What happens to the keys. */
  public EventLog eventLog() {
    return keyspace.eventLog();
  }

  /** Watches on them. */
  public Watches watches() {
    return watches;
  }

  /**
   * Where a door listens, with the port that it really has; empty if it is off.
   *
   * @param door {@code counter}, {@code counter-http}, {@code grpc}, {@code http}, {@code monitor}
   *     or {@code resp}
   */
  public Optional<ListenAddress> address(String door) {
    return front.doors().address(door);
  }

  /** The doors that listen. */
  List<Door.Open> doors() {
    return front.doors().open();
  }

  /** Whether something that was in the store could not be written when it stopped. */
  boolean hasLost() {
    return journal != null && journal.hasLost();
  }

  /** Answers what was asked, for at most the configured time, and stops; again, does nothing. */
  public void stop() {
    stop(config.stopTimeout());
  }

  @Override
  public void close() {
    stop();
  }

  /** Waits until the server has stopped, for whatever reason. */
  public void awaitStop() throws InterruptedException {
    ended.await();
  }

  /** Stops soon, on a thread of its own: an operator asked for it through a door. */
  void stopAsked() {
    LOG.log(System.Logger.Level.INFO, "a client asked for the stop");
    Thread.ofPlatform().name("mayfly-stop-asked").start(this::stop);
  }

  private synchronized void stop(Duration drain) {
    if (stopped) {
      return;
    }
    stopped = true;
    long startNanos = time.nanos();
    try {
      stopAll(drain);
    } finally {
      traces.tell("mayfly.stop", startNanos);
      traces.close();
      ended.countDown();
    }
  }

  private void stopAll(Duration drain) {
    front.readiness(Readiness.DRAINING);
    long deadlineNanos = time.nanos() + drain.toNanos();
    boolean closed =
        front.doors().close(() -> Duration.ofNanos(Math.max(0, deadlineNanos - time.nanos())));
    closed &= front.close();
    if (journal != null) {
      // While the engine is still there: the last snapshot is made now.
      journal.close();
    }
    metrics.close();
    processMetrics.close();
    if (!closed) {
      // Whoever touches memory that is unmapped ends the whole process.
      LOG.log(System.Logger.Level.WARNING, "calls are still under way: their memory is kept");
      return;
    }
    keyspace.close();
    counters.close();
  }
}
