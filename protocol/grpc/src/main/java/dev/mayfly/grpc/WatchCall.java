package dev.mayfly.grpc;

import dev.mayfly.store.Entry;
import dev.mayfly.store.Event;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.SlowPolicy;
import dev.mayfly.store.Watch;
import dev.mayfly.store.WatchGap;
import dev.mayfly.store.WatchRequest;
import dev.mayfly.store.WatchSink;
import dev.mayfly.store.Watches;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One open watch stream. It reads the log by itself while it lags or tells what exists, and through
 * the group of its filter once it is in step.
 *
 * <p>Confined to its watch loop's thread. Owns its seat and, while it reads by itself, a watch.
 */
final class WatchCall implements WatchSink {
  private static final int READ_EVENTS_MAX = 32;

  private final WatchOutput output;
  private final WatchTerms terms;
  private final Watches watches;
  private final Watches.Seat seat;
  private final GrpcMetrics metrics;
  private final Consumer<byte[]> out = this::send;
  private final List<Event> events = new ArrayList<>();
  private long readBytes;
  private @Nullable ResumeToken after;
  private boolean stateFirst;
  private @Nullable Watch watch;
  private long lastTold;
  private long sentNanos;
  private volatile boolean over;

  /**
   * A stream.
   *
   * @param after where it begins
   * @param stateFirst whether what exists is told first
   */
  WatchCall(
      WatchOutput output,
      WatchTerms terms,
      ResumeToken after,
      boolean stateFirst,
      Watches watches,
      Watches.Seat seat,
      GrpcMetrics metrics) {
    this.output = output;
    this.terms = terms;
    this.after = stateFirst && !terms.resumed() ? null : after;
    this.stateFirst = stateFirst;
    this.watches = watches;
    this.seat = seat;
    this.metrics = metrics;
  }

  WatchTerms terms() {
    return terms;
  }

  /** Whether the call has ended, so that it is to be forgotten. */
  boolean isOver() {
    return over || output.isCancelled();
  }

  /** Whether the client takes more. */
  boolean isReady(long nowNanos) {
    return output.isReady(nowNanos);
  }

  /** Whether the client takes so many bytes more. */
  boolean takes(long bytes, long nowNanos) {
    return output.takes(bytes, nowNanos);
  }

  /** Ends it if it asked to be cut off and has taken nothing for so long. */
  void endIfStalled(long nowNanos, long timeoutNanos) {
    if (terms.slow() == SlowPolicy.DISCONNECT
        && terms.cutWhenStalled()
        && output.isStalled(nowNanos, timeoutNanos)) {
      end(Status.DATA_LOSS.withDescription("the watcher took nothing for the send timeout"));
    }
  }

  /** The newest revision of which it has been told; never falls. */
  long lastTold() {
    return lastTold;
  }

  void onTold(long revision) {
    lastTold = Math.max(lastTold, revision);
  }

  /** Falls out of step: goes on by itself from this place. */
  void lagFrom(ResumeToken place) {
    after = place;
    stateFirst = false;
  }

  void send(byte[] message) {
    output.send(message);
  }

  /**
   * Reads on by itself.
   *
   * @return whether there is more at once
   */
  boolean read(long nowNanos) {
    Watch own = watch;
    try {
      if (own == null) {
        own = watches.open(new WatchRequest(terms.filter(), after, stateFirst, terms.slow()), null);
        watch = own;
        sentNanos = nowNanos;
      }
      boolean more = readSome(own);
      if (!over) {
        output.begin();
      }
      if (!events.isEmpty()) {
        sentNanos = nowNanos;
      }
      flush(own.position());
      if (!more && !over) {
        progress(own.position(), nowNanos);
      }
      return more && !over;
    } catch (MayflyException e) {
      end(GrpcErrors.v1(e));
      return false;
    }
  }

  /** Reads a few, one by one: each may have a large value, which is kept until it is told. */
  private boolean readSome(Watch own) {
    readBytes = 0;
    boolean more = true;
    for (int i = 0; i < READ_EVENTS_MAX && more && readBytes < WatchLoop.PASS_BYTES_MAX; i++) {
      more = own.poll(1, this);
    }
    return more;
  }

  /** Tells how far it has come, where nothing else was told for long enough. */
  private void progress(@Nullable ResumeToken place, long nowNanos) {
    if (place != null && nowNanos - sentNanos >= terms.progressNanos()) {
      sentNanos = nowNanos;
      terms.form().onProgress(place, place.position(), out);
    }
  }

  /** Reads ahead though the client takes nothing, where it coalesces. */
  void absorb() {
    Watch own = watch;
    if (own != null) {
      own.absorb();
    }
  }

  /** Where it is, once it has been told what exists. */
  @Nullable ResumeToken position() {
    return watch == null ? null : watch.position();
  }

  /** Is in step: reads through its group from here on. */
  void closeWatch() {
    Watch own = watch;
    watch = null;
    if (own != null) {
      own.close();
    }
  }

  @Override
  public void onState(byte[] key, Entry entry) {
    flush(null);
    readBytes += entry.value().length;
    terms.form().onState(key, entry, out);
  }

  @Override
  public void onStateEnd() {
    Watch own = watch;
    ResumeToken place = own == null ? null : own.position();
    flush(null);
    if (place != null) {
      terms.form().onStateEnd(place, out);
    }
  }

  @Override
  public void onEvent(Event event) {
    // One that fell out of step after it had run ahead of its group meets what it was told again.
    if (event.revision() == 0 || event.revision() > lastTold) {
      byte[] value = event.value();
      readBytes += value == null ? 0 : value.length;
      events.add(event);
    }
  }

  @Override
  public void onGap(WatchGap gap) {
    // Until the gap has been told, the place is the one before it.
    flush(position());
    metrics.onGap();
    Status end = terms.form().onGap(gap, out);
    if (end != null) {
      end(end);
    }
  }

  private void flush(@Nullable ResumeToken place) {
    if (events.isEmpty() || over) {
      return;
    }
    terms.form().onEvents(events, place, out);
    metrics.onEventsSent(events.size());
    events.forEach(event -> onTold(event.revision()));
    events.clear();
  }

  /** Ends the call, unless it has ended. */
  void end(Status status) {
    if (over) {
      return;
    }
    over = true;
    output.close(status);
    release();
  }

  /** Gives back what it holds; the call is over. */
  void release() {
    over = true;
    closeWatch();
    seat.close();
  }
}
