package dev.mayfly.store;

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
   * Opens a watch; whoever asked for it closes it.
   *
   * @throws MayflyException OVERLOADED when too many are open; ARGUMENT_INVALID for a token of the
   *     future
   */
  public Watch open(WatchRequest request) {
    int open = watchers.incrementAndGet();
    try {
      if (watchersMax > 0 && open > watchersMax) {
        throw new MayflyException(ErrorCode.OVERLOADED, "subscriber limit reached: " + watchersMax);
      }
      LogFeed feed = LogFeed.open(log, request.after(), request.stateFirst());
      boolean stateTold = !request.stateFirst() || feed.isResumed();
      StateFeed state =
          stateTold ? null : new StateFeed(keyspace, reserved, time, request.filter(), feed);
      return new Watch(this, request, feed, state, observe(request.filter()));
    } catch (RuntimeException e) {
      watchers.decrementAndGet();
      throw e;
    }
  }

  private Accesses.@Nullable Observation observe(EventFilter filter) {
    return filter.accepts(EventKind.ACCESSED) ? accesses.observe(filter, ACCESSES_MAX) : null;
  }

  /** Which life of the store its resume tokens are of. */
  public long incarnation() {
    return log.incarnation();
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

  void countClosed() {
    watchers.decrementAndGet();
  }
}
