package dev.mayfly.store;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Opens watches on a store, up to a limit, for every door alike, and counts how they fare.
 *
 * <p>Safe for concurrent use.
 */
public final class Watches {
  /** How many accesses wait for one watcher at most. */
  static final int ACCESSES_MAX = 1_000;

  private final Keyspace keyspace;
  private final EventLog log;
  private final Accesses accesses;
  private final ReservedEntries reserved;
  private final TimeSource time;
  private final int watchersMax;

  private final AtomicInteger watchers = new AtomicInteger();
  private final LongAdder gaps = new LongAdder();
  private final LongAdder missed = new LongAdder();
  private final LongAdder coalesced = new LongAdder();

  /**
   * The watches of a store.
   *
   * @param watchersMax how many may be open at once; 0: no limit
   */
  public Watches(
      Keyspace keyspace,
      EventLog log,
      Accesses accesses,
      ReservedEntries reserved,
      TimeSource time,
      int watchersMax) {
    this.keyspace = keyspace;
    this.log = log;
    this.accesses = accesses;
    this.reserved = reserved;
    this.time = time;
    this.watchersMax = watchersMax;
  }

  /**
   * Takes a watcher's place among those that may be open, for one that shares its feed with others
   * or opens several watches in turn.
   *
   * @throws MayflyException OVERLOADED when too many are open
   */
  public Seat seat() {
    int open = watchers.incrementAndGet();
    if (watchersMax > 0 && open > watchersMax) {
      watchers.decrementAndGet();
      throw new MayflyException(ErrorCode.OVERLOADED, "subscriber limit reached: " + watchersMax);
    }
    return new Seat();
  }

  /** One watcher's place. Safe for concurrent use. */
  public final class Seat implements AutoCloseable {
    private final AtomicBoolean free = new AtomicBoolean();

    private Seat() {}

    /** Gives it up; again, does nothing. */
    @Override
    public void close() {
      if (free.compareAndSet(false, true)) {
        watchers.decrementAndGet();
      }
    }
  }

  /**
   * Opens a watch; whoever asked for it closes it.
   *
   * @throws MayflyException OVERLOADED when too many are open; ARGUMENT_INVALID for a token of the
   *     future
   */
  public Watch open(WatchRequest request) {
    Seat seat = seat();
    try {
      return open(request, seat);
    } catch (RuntimeException e) {
      seat.close();
      throw e;
    }
  }

  /**
   * Opens a watch for whoever has this seat; closing the watch gives it up.
   *
   * @param seat null: the watch is one of several of a watcher that has a seat already
   * @throws MayflyException ARGUMENT_INVALID for a token of the future
   */
  public Watch open(WatchRequest request, @Nullable Seat seat) {
    LogFeed feed = LogFeed.open(log, request.after(), request.stateFirst());
    boolean stateTold = !request.stateFirst() || feed.isResumed();
    StateFeed state = stateTold ? null : stateFeed(request.filter(), feed);
    return new Watch(this, request, feed, state, observe(request.filter()), seat);
  }

  private StateFeed stateFeed(EventFilter filter, LogFeed feed) {
    return filter.keys().isEmpty()
        ? new ScannedStateFeed(keyspace, time, filter, feed)
        : new NamedStateFeed(keyspace, reserved, time, filter, feed);
  }

  private Accesses.@Nullable Observation observe(EventFilter filter) {
    return filter.accepts(EventKind.ACCESSED) ? accesses.observe(filter, ACCESSES_MAX) : null;
  }

  /** Which life of the store its resume tokens are of. */
  public long incarnation() {
    return log.incarnation();
  }

  /** See {@link EventLog#newestRevision}. */
  public long newestRevision() {
    return log.newestRevision();
  }

  /** How many watches are open. */
  public int count() {
    return watchers.get();
  }

  /** How watching goes. */
  public WatchStats stats() {
    return new WatchStats(
        watchers.get(), gaps.sum(), missed.sum(), coalesced.sum(), accesses.dropped());
  }

  void countGap(WatchGap gap) {
    gaps.increment();
    missed.add(Math.max(0, gap.missedRevisions()));
  }

  void countCoalesced() {
    coalesced.increment();
  }
}
