package dev.mayfly.grpc;

import dev.mayfly.store.Accesses;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventFilter;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.ResumeToken;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Streams that want the same: what is told is encoded once for all of them. One that takes nothing
 * for a moment is behind, and gets the very same messages when it goes on; one that is too far
 * behind has to read by itself. Confined to its watch loop's thread.
 */
final class WatchGroup implements AutoCloseable {
  private static final int ACCESSES_MAX = 1000;

  private final EventFilter filter;
  private final WatchForm form;
  private final long progressNanos;
  private final GrpcMetrics metrics;
  private final Accesses.@Nullable Observation accesses;
  private final Set<WatchCall> inStep = new LinkedHashSet<>();

  /** Those behind, and what each is to be sent next. */
  private final Map<WatchCall, Told> behind = new LinkedHashMap<>();

  private final List<Event> pending = new ArrayList<>();
  private @Nullable Told newest;
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

  /** Takes in a stream that has been told all that the log's reader has passed. */
  void add(WatchCall call) {
    inStep.add(call);
  }

  /** Forgets a stream; answers whether it was of this group. */
  boolean remove(WatchCall call) {
    return inStep.remove(call) || behind.remove(call) != null;
  }

  boolean isEmpty() {
    return inStep.isEmpty() && behind.isEmpty();
  }

  /** Lets every stream go on by itself: those in step from this place. */
  void scatter(ResumeToken place, Consumer<WatchCall> alone) {
    inStep.forEach(call -> fall(call, place, alone));
    inStep.clear();
    behind.forEach((call, next) -> fall(call, next.before, alone));
    behind.clear();
    newest = null;
  }

  private static void fall(WatchCall call, ResumeToken place, Consumer<WatchCall> alone) {
    call.lagFrom(place);
    alone.accept(call);
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
   * @param before the place before it
   */
  void deliver(ResumeToken before, ResumeToken after, long nowNanos) {
    if (pending.isEmpty()) {
      return;
    }
    lastSentNanos = nowNanos;
    Told earlier = newest;
    Told told =
        new Told(before, after, List.copyOf(pending), form, earlier == null ? 0 : earlier.end());
    pending.clear();
    for (WatchCall call : List.copyOf(inStep)) {
      if (!call.takes(told.bytes(), nowNanos) || !send(call, told)) {
        inStep.remove(call);
        behind.put(call, told);
      }
    }
    if (behind.isEmpty()) {
      newest = null;
      return;
    }
    told.forgetEvents();
    if (earlier != null) {
      earlier.next = told;
    }
    newest = told;
  }

  /**
   * Sends those behind what they take now.
   *
   * @param bytesMax how far behind one may be and still get it from here
   * @param alone receives those that are further
   * @return how many bytes are kept for those that are still behind
   */
  long catchUp(long nowNanos, long timeoutNanos, long bytesMax, Consumer<WatchCall> alone) {
    Told last = newest;
    if (last == null) {
      return 0;
    }
    long oldest = last.end();
    Iterator<Map.Entry<WatchCall, Told>> each = behind.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<WatchCall, Told> one = each.next();
      WatchCall call = one.getKey();
      Told next = one.getValue();
      boolean sent = true;
      while (next != null && sent && call.takes(next.bytes(), nowNanos)) {
        sent = send(call, next);
        next = sent ? next.next : next;
      }
      if (next == null) {
        each.remove();
        inStep.add(call);
      } else if (!sent || last.end() - next.begin > bytesMax) {
        each.remove();
        fall(call, next.before, alone);
      } else {
        one.setValue(next);
        oldest = Math.min(oldest, next.begin);
        call.endIfStalled(nowNanos, timeoutNanos);
      }
    }
    if (behind.isEmpty()) {
      newest = null;
    }
    return last.end() - oldest;
  }

  /** Answers whether it could be sent: a part of it only while its events are known. */
  private boolean send(WatchCall call, Told told) {
    if (call.lastTold() >= told.lastRevision) {
      return true;
    }
    Told wanted = call.lastTold() < told.firstRevision ? told : told.partAfter(call.lastTold());
    if (wanted == null) {
      return false;
    }
    send(call, wanted.messages(), wanted.events, wanted.lastRevision);
    return true;
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
    for (WatchCall call : inStep) {
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
    for (WatchCall call : inStep) {
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
