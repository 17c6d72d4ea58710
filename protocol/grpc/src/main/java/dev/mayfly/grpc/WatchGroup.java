package dev.mayfly.grpc;

import dev.mayfly.store.Accesses;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventFilter;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.ResumeToken;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Streams in step that want the same: what is told is encoded once for all of them. Confined to its
 * watch loop's thread.
 */
final class WatchGroup implements AutoCloseable {
  private static final int ACCESSES_MAX = 1000;

  private final EventFilter filter;
  private final WatchForm form;
  private final long progressNanos;
  private final GrpcMetrics metrics;
  private final Accesses.@Nullable Observation accesses;
  private final Set<WatchCall> calls = new LinkedHashSet<>();
  private final List<Event> pending = new ArrayList<>();
  private long lastSentNanos;

  WatchGroup(WatchTerms terms, Accesses accesses, GrpcMetrics metrics, long nowNanos) {
    filter = terms.filter();
    form = terms.form();
    progressNanos = terms.progressNanos();
    this.metrics = metrics;
    this.accesses =
        filter.accepts(EventKind.ACCESSED) ? accesses.observe(filter, ACCESSES_MAX) : null;
    lastSentNanos = nowNanos;
  }

  EventFilter filter() {
    return filter;
  }

  Set<WatchCall> calls() {
    return calls;
  }

  /** Takes an event of the log, if it is wanted. */
  void offer(Event event) {
    if (filter.accepts(event)) {
      pending.add(event);
    }
  }

  /**
   * Sends what was offered.
   *
   * @param before the place before it, where those that take nothing now go on by themselves
   * @param fallen receives them
   */
  void deliver(ResumeToken before, ResumeToken after, long nowNanos, Consumer<WatchCall> fallen) {
    if (pending.isEmpty()) {
      return;
    }
    lastSentNanos = nowNanos;
    long first = pending.getFirst().revision();
    long last = pending.getLast().revision();
    List<byte[]> shared = List.of();
    for (WatchCall call : List.copyOf(calls)) {
      if (!call.isReady(nowNanos)) {
        calls.remove(call);
        call.lagFrom(before);
        fallen.accept(call);
      } else if (call.lastTold() < first) {
        if (shared.isEmpty()) {
          shared = encode(pending, after);
        }
        send(call, shared, pending.size(), last);
      } else if (call.lastTold() < last) {
        List<Event> rest =
            pending.stream().filter(event -> event.revision() > call.lastTold()).toList();
        send(call, encode(rest, after), rest.size(), last);
      }
    }
    pending.clear();
  }

  private List<byte[]> encode(List<Event> events, @Nullable ResumeToken after) {
    List<byte[]> messages = new ArrayList<>();
    form.onEvents(events, after, messages::add);
    return messages;
  }

  private void send(WatchCall call, List<byte[]> messages, int events, long last) {
    messages.forEach(call::send);
    call.onTold(last);
    metrics.onEventsSent(events);
  }

  /** Asks to be told when an access waits. */
  void onAccess(Runnable wake) {
    if (accesses != null) {
      accesses.onAccess(wake);
    }
  }

  /** Sends the accesses that wait, to those who take them now. */
  boolean deliverAccesses(long nowNanos) {
    if (accesses == null) {
      return false;
    }
    List<Event> told = new ArrayList<>();
    if (accesses.poll(ACCESSES_MAX, told::add) == 0) {
      return false;
    }
    List<byte[]> messages = encode(told, null);
    for (WatchCall call : calls) {
      if (call.isReady(nowNanos)) {
        send(call, messages, told.size(), 0);
      }
    }
    return true;
  }

  /** Tells how far the log has been read, where nothing was told for long enough. */
  void progress(ResumeToken place, long revision, long nowNanos) {
    if (nowNanos - lastSentNanos < progressNanos) {
      return;
    }
    lastSentNanos = nowNanos;
    List<byte[]> messages = new ArrayList<>();
    form.onProgress(place, revision, messages::add);
    for (WatchCall call : calls) {
      if (call.lastTold() <= revision && call.isReady(nowNanos)) {
        messages.forEach(call::send);
      }
    }
  }

  @Override
  public void close() {
    if (accesses != null) {
      accesses.close();
    }
  }
}
