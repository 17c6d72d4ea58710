package dev.mayfly.resp;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps a cache, and its way to the invalidations of it.
 *
 * <p>{@link #tell} and {@link #tellAll} are for any thread, the terms may be read by any; the rest
 * is confined to the thread that serves the client.
 */
final class Tracker {
  /** How many batches may be under way; more become one that invalidates everything. */
  private static final int BATCHES_MAX = 64;

  /** Of how many of its own writes a client is remembered until they come back. */
  private static final int OWN_WRITES_MAX = 4096;

  private static final byte[] REDIRECTED = Texts.utf8("__redis__:invalidate");

  /** A key that changed, and by which mutation. */
  record Change(byte[] key, long revision) {}

  private final Session session;
  private final RespDoor door;
  private final AtomicInteger batches = new AtomicInteger();
  private final AtomicBoolean everything = new AtomicBoolean();
  private final Set<Long> ownWrites = new LinkedHashSet<>();
  private volatile TrackingTerms terms;
  private volatile boolean redirectBroken;
  private @Nullable Boolean caching;

  Tracker(Session session, RespDoor door, TrackingTerms terms) {
    this.session = session;
    this.door = door;
    this.terms = terms;
  }

  TrackingTerms terms() {
    return terms;
  }

  void terms(TrackingTerms changed) {
    terms = changed;
    redirectBroken = false;
  }

  /** Whether the client that is told in its place has gone. */
  boolean isRedirectBroken() {
    return redirectBroken;
  }

  /** What the client said of what it reads next; null: nothing. */
  @Nullable Boolean caching() {
    return caching;
  }

  void caching(@Nullable Boolean wanted) {
    caching = wanted;
  }

  /** Whether what is read now is to be remembered. */
  boolean isReading() {
    TrackingTerms now = terms;
    if (now.broadcast()) {
      return false;
    }
    return now.optIn() ? Boolean.TRUE.equals(caching) : !Boolean.FALSE.equals(caching);
  }

  /** The client has written this itself. */
  void onOwnWrite(long revision) {
    if (ownWrites.size() >= OWN_WRITES_MAX) {
      ownWrites.remove(ownWrites.iterator().next());
    }
    ownWrites.add(revision);
  }

  /** Tells of keys that changed. */
  void tell(List<Change> changes) {
    if (batches.incrementAndGet() > BATCHES_MAX) {
      batches.decrementAndGet();
      tellAll();
      return;
    }
    session.execute(
        () -> {
          batches.decrementAndGet();
          tellNow(changes);
        });
  }

  /** Tells that everything may have changed. */
  void tellAll() {
    if (everything.compareAndSet(false, true)) {
      session.execute(
          () -> {
            everything.set(false);
            send(null);
          });
    }
  }

  /** On the event loop, since only there all of the client's own writes are known. */
  private void tellNow(List<Change> changes) {
    if (session.tracker() != this) {
      return;
    }
    byte[][] keys = new byte[changes.size()][];
    int count = 0;
    for (Change change : changes) {
      boolean own = ownWrites.contains(change.revision());
      if (!own || !terms.ownSpared()) {
        keys[count++] = change.key();
      }
    }
    changes.forEach(change -> ownWrites.remove(change.revision()));
    if (count > 0) {
      send(Arrays.copyOf(keys, count));
    }
  }

  private void send(byte @Nullable [][] keys) {
    long redirect = terms.redirect();
    Session to = redirect == 0 ? session : door.session(redirect);
    if (to == null) {
      tellBroken(redirect);
    } else if (to.isResp3()) {
      ReplyBuffer out = message(true, keys);
      out.push(2);
      out.bulk("invalidate");
      write(keys, out);
      to.send(out.take());
    } else if (redirect != 0 && to.isSubscriber()) {
      ReplyBuffer out = message(false, keys);
      out.push(3);
      out.bulk("message");
      out.bulk(REDIRECTED);
      write(keys, out);
      to.send(out.take());
    }
  }

  private static ReplyBuffer message(boolean resp3, byte @Nullable [][] keys) {
    ReplyBuffer out = new ReplyBuffer(keys == null ? 128 : 128 + 64 * keys.length);
    out.version(resp3);
    return out;
  }

  private static void write(byte @Nullable [][] keys, ReplyBuffer out) {
    if (keys == null) {
      out.nil();
      return;
    }
    out.array(keys.length);
    for (byte[] key : keys) {
      out.bulk(key);
    }
  }

  private void tellBroken(long redirect) {
    redirectBroken = true;
    if (session.isResp3()) {
      ReplyBuffer out = message(true, null);
      out.push(2);
      out.bulk("tracking-redir-broken");
      out.integer(redirect);
      session.send(out.take());
    }
  }
}
