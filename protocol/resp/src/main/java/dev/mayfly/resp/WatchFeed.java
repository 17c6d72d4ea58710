package dev.mayfly.resp;

import dev.mayfly.store.Entry;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Event;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.EventLog;
import dev.mayfly.store.Lock;
import dev.mayfly.store.ResumeToken;
import dev.mayfly.store.SlowPolicy;
import dev.mayfly.store.Watch;
import dev.mayfly.store.WatchGap;
import dev.mayfly.store.WatchRequest;
import dev.mayfly.store.WatchSink;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One MF.WATCH of one client: messages of RESP3, or arrays of RESP2 as subscribers get them.
 *
 * <p>It takes from the log what the connection takes: while output waits, nothing but the log
 * remembers what is to come. The last event of a mutation carries the token to resume after it:
 * each event is held back until it is known whether it was the last. Confined to its event loop;
 * owns its watch.
 */
final class WatchFeed implements WatchSink {
  private static final int EVENTS_PER_POLL = 128;
  private static final int VALUES_PER_POLL = 8;
  private static final int POLLS_PER_TURN = 32;
  private static final int WRITE_BYTES = 16 << 10;
  private static final int BYTES_AT_FIRST = 512;
  private static final long ABSORB_MILLIS = 100;
  private static final long PROGRESS_MILLIS = 5000;

  private final long id;
  private final Session session;
  private final Watch watch;
  private final boolean valuesWanted;
  private final boolean coalesces;
  private final long incarnation;
  private final long keptBytes;
  private final ReplyBuffer out;
  private EventLog.@Nullable Registration awaited;
  private Session.@Nullable Timer timer;
  private @Nullable Event held;
  private @Nullable ResumeToken told;
  private boolean slow;
  private boolean closed;

  /**
   * One that is not started.
   *
   * @param keptBytes what the session's memory is given back when it is closed
   */
  WatchFeed(
      long id,
      Session session,
      RespDoor door,
      WatchRequest request,
      boolean valuesWanted,
      long keptBytes) {
    this.id = id;
    this.keptBytes = keptBytes;
    this.session = session;
    this.valuesWanted = valuesWanted;
    coalesces = request.slow() == SlowPolicy.COALESCE;
    out = new ReplyBuffer(BYTES_AT_FIRST, door.config().replyBytesMax());
    incarnation = door.store().watches().incarnation();
    watch = door.store().watches().open(request);
    told = watch.position();
  }

  long id() {
    return id;
  }

  /** Where it begins; null while what exists is to be told first. */
  @Nullable ResumeToken position() {
    return watch.position();
  }

  /** Begins to tell, once what was replied so far is on its way. */
  void start() {
    session.execute(this::run);
    timer = session.after(PROGRESS_MILLIS, this::progress);
  }

  private void run() {
    slow = false;
    for (int polls = 0; polls < POLLS_PER_TURN && !closed; polls++) {
      if (!session.isWritable()) {
        slow = true;
        absorb();
        return;
      }
      out.version(session.isResp3());
      boolean more = watch.poll(valuesWanted ? VALUES_PER_POLL : EVENTS_PER_POLL, this);
      ResumeToken position = watch.position();
      if (held != null) {
        write(held, position);
        held = null;
      }
      if (watch.isEnded()) {
        end(ErrorCode.COMPACTED);
        return;
      }
      if (!more || out.size() >= WRITE_BYTES) {
        session.write(out);
      }
      if (!more) {
        awaited = watch.onWork(() -> session.execute(this::run));
        return;
      }
    }
    if (!closed) {
      session.write(out);
      session.executeNext(this::run);
    }
  }

  /** The client takes output again. */
  void onWritable() {
    if (slow && !closed) {
      run();
    }
  }

  /** A watch that coalesces reads on in the log while its client does not. */
  private void absorb() {
    if (coalesces && slow && !closed) {
      watch.absorb();
      session.after(ABSORB_MILLIS, this::absorb);
    }
  }

  /** Where nothing else was told for long, the place to resume from moves on all the same. */
  private void progress() {
    if (closed) {
      return;
    }
    ResumeToken position = watch.position();
    if (position != null && !position.equals(told) && !slow) {
      out.version(session.isResp3());
      out.push(3);
      out.bulk("mf.progress");
      out.integer(id);
      token(position);
      session.write(out);
    }
    timer = session.after(PROGRESS_MILLIS, this::progress);
  }

  private void end(ErrorCode reason) {
    out.push(3);
    out.bulk("mf.end");
    out.integer(id);
    out.bulk(reason.name());
    session.write(out);
    session.forget(this);
    close();
  }

  /** Ends it; again, does nothing. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    session.kept().giveBack(keptBytes);
    if (awaited != null) {
      awaited.close();
    }
    if (timer != null) {
      timer.cancel();
    }
    watch.close();
  }

  private void token(@Nullable ResumeToken position) {
    if (position == null) {
      out.nil();
    } else {
      told = position;
      out.bulk(position.encode());
    }
  }

  @Override
  public void onState(byte[] key, Entry entry) {
    // What a lock keeps from a reader is not told to a watcher either.
    Lock lock = entry.lock();
    boolean locked = lock != null && !lock.owner().equals(session.client());
    out.push(7);
    out.bulk("mf.state");
    out.integer(id);
    out.bulk(key);
    out.integer(entry.revision());
    out.integer(entry.version());
    out.integer(entry.size());
    value(valuesWanted && !locked ? entry.value() : null);
  }

  @Override
  public void onStateEnd() {
    out.push(3);
    out.bulk("mf.state-end");
    out.integer(id);
    token(watch.position());
  }

  @Override
  public void onEvent(Event event) {
    Event before = held;
    held = event;
    if (before != null) {
      boolean last = before.revision() > 0 && before.revision() != event.revision() && !coalesces;
      write(before, last ? new ResumeToken(incarnation, before.revision()) : null);
    }
  }

  private void write(Event event, @Nullable ResumeToken position) {
    out.push(12);
    out.bulk("mf.event");
    out.integer(id);
    out.bulk(event.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    out.bulk(event.key());
    out.integer(event.revision());
    out.integer(event.index());
    out.integer(event.timeMillis());
    out.bulk(event.client());
    out.integer(event.version());
    out.integer(event.valueSize());
    value(valuesWanted && event.kind() != EventKind.ACCESSED ? event.value() : null);
    token(position);
  }

  private void value(byte @Nullable [] value) {
    if (value == null) {
      out.nil();
    } else {
      out.bulk(value);
    }
  }

  @Override
  public void onGap(WatchGap gap) {
    if (held != null) {
      write(held, null);
      held = null;
    }
    out.push(5);
    out.bulk("mf.gap");
    out.integer(id);
    out.integer(gap.missedRevisions());
    out.integer(gap.oldestRevision());
    token(gap.resume());
  }
}
