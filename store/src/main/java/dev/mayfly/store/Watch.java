package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * A filtered feed of what happens to the keys, at its watcher's pace: first the keys that exist,
 * where that was asked for, then every change, in the order of revisions; gaps are told where they
 * are. Keys that the filter names are told before any event; of others, one that changes meanwhile
 * may be told by that event alone. Accesses, where asked for, come beside, in no order with the
 * changes.
 *
 * <p>A watcher polls while it can take more, then asks to be called back with {@link #onWork}. One
 * that cannot take more just stops polling: it holds up nobody, and the policy of its request says
 * what it gets when it goes on. One that coalesces calls {@link #absorb} meanwhile.
 *
 * <p>Confined to one thread at a time; it has no thread of its own. Whoever opened it closes it.
 */
public final class Watch implements AutoCloseable {
  private final Watches owner;
  private final EventFilter filter;
  private final SlowPolicy slow;
  private final LogFeed feed;
  private final @Nullable Coalescer coalescer;
  private final Accesses.@Nullable Observation accesses;
  private final Watches.@Nullable Seat seat;
  private @Nullable StateFeed state;
  private boolean ended;
  private boolean closed;

  Watch(
      Watches owner,
      WatchRequest request,
      LogFeed feed,
      @Nullable StateFeed state,
      Accesses.@Nullable Observation accesses,
      Watches.@Nullable Seat seat) {
    this.owner = owner;
    this.filter = request.filter();
    this.slow = request.slow();
    this.feed = feed;
    this.state = state;
    this.accesses = accesses;
    this.seat = seat;
    coalescer =
        slow == SlowPolicy.COALESCE ? new Coalescer(filter, feed, owner::countCoalesced) : null;
  }

  /**
   * Hands over what is next. The events of one mutation come in one call, unless it coalesces.
   *
   * @param eventsMax after how many events it stops, wanted or not, at least 1
   * @return whether there may be more at once
   */
  public boolean poll(int eventsMax, WatchSink sink) {
    if (ended || closed) {
      return false;
    }
    boolean more = accesses != null && accesses.poll(eventsMax, sink::onEvent) == eventsMax;
    tellGap(sink);
    if (ended) {
      return false;
    }
    if (state != null) {
      more |= pollState(state, eventsMax, sink);
    } else if (coalescer != null) {
      coalescer.absorb();
      more |= coalescer.poll(eventsMax, sink);
    } else {
      more |= feed.poll(eventsMax, event -> offer(event, sink)) >= eventsMax;
    }
    return more || feed.hasGap();
  }

  private boolean pollState(StateFeed from, int most, WatchSink sink) {
    return switch (from.step(most, sink)) {
      case MORE -> true;
      case AWAITED -> false;
      case DONE -> {
        state = null;
        sink.onStateEnd();
        yield true;
      }
    };
  }

  private void offer(Event event, WatchSink sink) {
    if (filter.accepts(event)) {
      sink.onEvent(event);
    }
  }

  private void tellGap(WatchSink sink) {
    // What still waits is older than the gap.
    if (coalescer != null && !coalescer.isEmpty()) {
      return;
    }
    WatchGap gap = feed.gap();
    if (gap == null) {
      return;
    }
    owner.countGap(gap);
    if (state != null) {
      state.onGap();
    }
    ended = slow == SlowPolicy.DISCONNECT;
    // Until it has been told, the place to resume from is the one before it.
    sink.onGap(gap);
    feed.passGap();
  }

  /**
   * Reads on in the log although the watcher cannot take more, where it coalesces: to be called on
   * {@link #onWork}. Does nothing otherwise.
   */
  public void absorb() {
    if (coalescer != null && state == null && !closed) {
      coalescer.absorb();
    }
  }

  /**
   * Calls back once when there may be something to poll, at once where there is already. Ask after
   * a poll that told of no more. The callback runs on some thread, perhaps this one, and must not
   * block.
   *
   * @return what cancels it
   */
  public EventLog.Registration onWork(Runnable callback) {
    Once once = new Once(callback);
    EventLog.Registration appended = feed.log().onAppend(once);
    if (accesses != null) {
      accesses.onAccess(once);
    }
    if (feed.isBehind() || (coalescer != null && !coalescer.isEmpty())) {
      appended.close();
      once.run();
    }
    return appended;
  }

  /** Runs what it was given once, whoever asks. */
  private static final class Once implements Runnable {
    private @Nullable Runnable callback;

    Once(Runnable callback) {
      this.callback = callback;
    }

    @Override
    public void run() {
      Runnable due;
      synchronized (this) {
        due = callback;
        callback = null;
      }
      if (due != null) {
        due.run();
      }
    }
  }

  /**
   * The place to resume from: after everything handed over, and what the filter passed over. Null
   * while the keys that exist are being told, since a watch that breaks off then begins anew.
   */
  public @Nullable ResumeToken position() {
    if (state != null) {
      return null;
    }
    ResumeToken waiting = coalescer == null ? null : coalescer.position(feed.log().incarnation());
    return waiting == null ? feed.position() : waiting;
  }

  /** Whether it is over, by its policy: nothing more will come. */
  public boolean isEnded() {
    return ended;
  }

  /** How many accesses it has lost. */
  public long lostAccesses() {
    return accesses == null ? 0 : accesses.lost();
  }

  /** Ends it; again, does nothing. On the watcher's thread. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (accesses != null) {
      accesses.close();
    }
    if (seat != null) {
      seat.close();
    }
  }
}
