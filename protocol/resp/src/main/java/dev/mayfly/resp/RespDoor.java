package dev.mayfly.resp;

import dev.mayfly.store.MemoryBudget;
import dev.mayfly.transport.OutputMemory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What all connections of the door share: the commands, who is connected, who listens to what. Safe
 * for concurrent use.
 */
final class RespDoor {
  private final RespConfig config;
  private final RespStore store;
  private final RespMetrics metrics;
  private final Channels channels;
  private final Notifications notifications;
  private final Tracking tracking;
  private final CommandTable table;
  private final CommandRunner runner;
  private final BatchRunner.Extent helpExtent;
  private final MemoryBudget inputMemory;
  private final OutputMemory outputMemory;
  private final MemoryBudget keptMemory;
  private final Map<Long, Session> sessions = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong watchIds = new AtomicLong();
  private final LongAdder refused = new LongAdder();
  private final ErrorCounts errors = new ErrorCounts();
  private final List<ThreadStats> threads = new CopyOnWriteArrayList<>();
  private volatile RespStats forgotten = RespStats.NONE;
  private final long startedMillis;
  private volatile int port = -1;

  RespDoor(RespConfig config, RespStore store, RespMetrics metrics) {
    this.config = config;
    this.store = store;
    this.metrics = metrics;
    startedMillis = store.time().millis();
    channels = new Channels();
    notifications = new Notifications(store.watches(), channels);
    inputMemory = new MemoryBudget(config.inputBytesMax());
    keptMemory = new MemoryBudget(config.keptBytesMax());
    outputMemory =
        new OutputMemory(
            config.outputMemoryBytesMax(), config.outputTimeoutMillis(), this::endStuck);
    tracking = new Tracking(this, store.watches(), config.trackedReadsMax(), config.keptBytesMax());
    table = new CommandTable(Handlers.of(this));
    runner = new CommandRunner(this);
    helpExtent = BatchRunner.Extent.ofKeys(config.outputPauseBytes());
  }

  RespConfig config() {
    return config;
  }

  RespStore store() {
    return store;
  }

  /** What clients sent and is not run yet. */
  MemoryBudget inputMemory() {
    return inputMemory;
  }

  /** What clients have it remember. */
  MemoryBudget keptMemory() {
    return keptMemory;
  }

  OutputMemory outputMemory() {
    return outputMemory;
  }

  private void endStuck(long look) {
    sessions.values().forEach(session -> session.endIfStuck(look));
  }

  RespMetrics metrics() {
    return metrics;
  }

  Channels channels() {
    return channels;
  }

  Notifications notifications() {
    return notifications;
  }

  Tracking tracking() {
    return tracking;
  }

  CommandTable table() {
    return table;
  }

  CommandRunner runner() {
    return runner;
  }

  /** What workers of event loops may run of a batch. */
  BatchRunner.Extent helpExtent() {
    return helpExtent;
  }

  long startedMillis() {
    return startedMillis;
  }

  int port() {
    return port;
  }

  void port(int port) {
    this.port = port;
  }

  long nextId() {
    return ids.incrementAndGet();
  }

  /** A number for a watch, of its own. */
  long nextWatchId() {
    return watchIds.incrementAndGet();
  }

  /** How many connections were ever taken. */
  long connections() {
    return ids.get();
  }

  /** How many of them were refused, since there were too many. */
  long connectionsRefused() {
    return refused.sum();
  }

  /** What one more thread does. */
  ThreadStats newThreadStats() {
    ThreadStats stats = new ThreadStats(table.size());
    threads.add(stats);
    return stats;
  }

  /** What was done since the start. */
  RespStats stats() {
    return RespStats.of(table.all(), threads);
  }

  /** What was done since {@link #resetStats}. */
  RespStats recentStats() {
    return stats().minus(forgotten);
  }

  /** INFO counts from zero again. */
  void resetStats() {
    forgotten = stats();
    errors.reset();
  }

  /** The errors that were told, by kind. */
  ErrorCounts errors() {
    return errors;
  }

  /** Takes a client in, unless there are too many. */
  boolean admit(Session session) {
    sessions.put(session.id(), session);
    if (sessions.size() > config.connectionsMax()) {
      sessions.remove(session.id());
      refused.increment();
      metrics.onConnectionRefused();
      return false;
    }
    return true;
  }

  void leave(Session session) {
    sessions.remove(session.id());
    channels.leave(session);
    tracking.end(session);
    session.transaction().discard();
    session.kept().giveBackAll();
  }

  Collection<Session> sessions() {
    return sessions.values();
  }

  @Nullable Session session(long id) {
    return sessions.get(id);
  }
}
