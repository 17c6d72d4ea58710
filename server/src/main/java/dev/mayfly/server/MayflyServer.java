package dev.mayfly.server;

import dev.mayfly.engine.memory.NativeMemoryException;
import dev.mayfly.store.Counters;
import dev.mayfly.store.EventLog;
import dev.mayfly.store.Keyspace;
import dev.mayfly.store.Leases;
import dev.mayfly.store.Limits;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import dev.mayfly.store.Watches;
import dev.mayfly.telemetry.MetricSource;
import dev.mayfly.telemetry.ProcessMetrics;
import dev.mayfly.telemetry.Readiness;
import dev.mayfly.telemetry.ScrapedMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

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
  private final Stores stores;
  private final Front front;
  private final ServerDoors serverDoors;
  private final TraceParts traces;
  private final ProcessMetrics processMetrics = new ProcessMetrics(ServerVersion.text());
  private final ScrapedMetrics metrics;
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean stopped;

  private MayflyServer(
      MayflyConfig config, TimeSource time, Stores stores, Front front, TraceParts traces) {
    this.config = config;
    this.time = time;
    this.stores = stores;
    this.front = front;
    this.traces = traces;
    serverDoors = new ServerDoors(config, time, stores, front, traces.spans(), this::stopAsked);
    List<MetricSource> sources = new ArrayList<>(stores.metrics());
    sources.addAll(serverDoors.metrics());
    sources.add(processMetrics);
    metrics = new ScrapedMetrics(sources);
    front.metrics(metrics);
    front.journalAway(stores::isJournalAway);
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
    Stores stores = Stores.open(config, time, traces.spans(), undo);
    MayflyServer server = new MayflyServer(config, time, stores, opening.join(), traces);
    undo.clear();
    undo.push(() -> server.stop(Duration.ZERO));
    if (stores.isJournaled()) {
      // A restore may take long: what is wrong with the monitor's address is told before.
      server.front.doors().awaitOpen();
      stores.restore();
    }
    server.serverDoors.open();
    server.front.readiness(Readiness.READY);
    traces.tell("mayfly.start", startNanos);
    return server;
  }

  private static void closeOnceOpen(CompletableFuture<Front> opening) {
    opening.handle((front, failure) -> front == null || front.close()).join();
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

  /** How the store is kept, for people. */
  String dataShown() {
    return stores.dataShown();
  }

  /** By how much the clock is behind what the journal knows; 0: it is not. */
  long clockBackMillis() {
    return stores.clockBackMillis();
  }

  /** The keys behind every door; a write here is durable only somewhat later than its return. */
  public Keyspace keyspace() {
    return stores.keyspace();
  }

  /** The counters behind every door; what is counted here, peers do not hear of. */
  public Counters counters() {
    return stores.counters();
  }

  /** The limits behind every door. */
  public Limits limits() {
    return stores.counters();
  }

  /** The leases that keys may live on. */
  public Leases leases() {
    return stores.keyspace().leases();
  }

  /** What happens to the keys. */
  public EventLog eventLog() {
    return stores.keyspace().eventLog();
  }

  /** Watches on them. */
  public Watches watches() {
    return stores.watches();
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
    return stores.hasLost();
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
    // While the engine is still there: the last snapshot is made now.
    stores.closeJournal();
    metrics.close();
    processMetrics.close();
    if (!closed) {
      // Whoever touches memory that is unmapped ends the whole process.
      LOG.log(System.Logger.Level.WARNING, "calls are still under way: their memory is kept");
      return;
    }
    stores.closeMemory();
  }
}
