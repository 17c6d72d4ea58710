package dev.mayfly.store;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EventReader} that tells of a gap as a value. Confined to one thread at a time.
 *
 * <p>At a gap it stays at its place until {@link #passGap} is called.
 */
final class LogFeed {
  private static final int TRIES = 100;

  private final EventLog log;
  private final EventReader reader;
  private final boolean resumed;
  private @Nullable WatchGap gap;
  private ResumeToken beforeGap;

  private LogFeed(
      EventLog log,
      EventReader reader,
      boolean resumed,
      @Nullable WatchGap gap,
      ResumeToken beforeGap) {
    this.log = log;
    this.reader = reader;
    this.resumed = resumed;
    this.gap = gap;
    this.beforeGap = beforeGap;
  }

  /**
   * A feed from the token's place, without one from now on. Where the place is not held any more,
   * it begins with a gap.
   *
   * @param anew whether it goes on from now on after such a gap, rather than from the oldest held
   */
  static LogFeed open(EventLog log, @Nullable ResumeToken after, boolean anew) {
    if (after == null) {
      return open(log, log.readFromEnd(), false);
    }
    try {
      return open(log, log.readFrom(after), true);
    } catch (MayflyException e) {
      if (e.code() != ErrorCode.COMPACTED) {
        throw e;
      }
    }
    EventReader oldest = anew ? log.readFromEnd() : oldest(log);
    boolean known = after.incarnation() == log.incarnation();
    long missed = known ? Math.max(0, oldest.revision() - after.position()) : -1;
    return new LogFeed(log, oldest, false, gap(missed, oldest), after);
  }

  private static LogFeed open(EventLog log, EventReader reader, boolean resumed) {
    return new LogFeed(log, reader, resumed, null, reader.position());
  }

  /** The log may drop its oldest events while they are being asked for. */
  private static EventReader oldest(EventLog log) {
    for (int tries = 0; tries < TRIES; tries++) {
      try {
        return log.readFromRevision(log.oldestRevision());
      } catch (MayflyException e) {
        if (e.code() != ErrorCode.COMPACTED) {
          throw e;
        }
      }
    }
    return log.readFromEnd();
  }

  private static WatchGap gap(long missed, EventReader reader) {
    return new WatchGap(missed, reader.revision() + 1, reader.position());
  }

  /** Whether it goes on where the token said. */
  boolean isResumed() {
    return resumed;
  }

  /** As {@link EventReader#poll}; hands over nothing while there is a gap to pass. */
  int poll(int eventsMax, Consumer<Event> sink) {
    if (gap != null) {
      return 0;
    }
    try {
      return reader.poll(eventsMax, sink);
    } catch (MayflyException e) {
      if (e.code() != ErrorCode.COMPACTED) {
        throw e;
      }
      beforeGap = reader.position();
      gap = gap(reader.skipToOldest(), reader);
      return 0;
    }
  }

  boolean hasGap() {
    return gap != null;
  }

  /** The gap before the next event; null when there is none. */
  @Nullable WatchGap gap() {
    return gap;
  }

  /** Goes on after the gap. */
  void passGap() {
    gap = null;
  }

  boolean isBehind() {
    return gap != null || log.newestRevision() > reader.revision();
  }

  long revision() {
    return reader.revision();
  }

  /** The place after what was handed over: while there is a gap, the one before it. */
  ResumeToken position() {
    return gap == null ? reader.position() : beforeGap;
  }

  EventLog log() {
    return log;
  }
}
