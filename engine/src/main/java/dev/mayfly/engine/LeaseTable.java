package dev.mayfly.engine;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.LeaseState;
import dev.mayfly.store.LeaseStats;
import dev.mayfly.store.Leases;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.TimeSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The leases of a store, and which keys each has. A record on a lease has the lease's number in the
 * place of a deadline; whoever reads it asks here.
 *
 * <p><b>An end is final.</b> Whoever finds a deadline passed, by the time of now and not of a
 * request, ends the lease in one step that a renewal would have to come before: so nobody sees keys
 * gone that a renewal brings back. A lease that is not in the table has ended.
 *
 * <p>Safe for concurrent use. Shards call it with their lock held; it calls nobody back.
 */
final class LeaseTable {
  /** The deadline of what has ended: long past. */
  private static final long ENDED = 1;

  private static final long SWEEP_NANOS = 1_000_000_000;

  private final int leasesMax;
  private final int keysMax;
  private final TimeSource time;
  private final Map<Long, Held> leases = new ConcurrentHashMap<>();
  private final AtomicLong last;
  private final LongAdder granted = new LongAdder();
  private final LongAdder renewals = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final LongAdder revoked = new LongAdder();
  private long sweptNanos;

  /** The leases that a journal has not heard of as they are; guarded by itself. */
  private final Set<Long> changed = new LinkedHashSet<>();

  private final LongAdder changes = new LongAdder();
  private volatile boolean recording;

  /** One lease. The keys are guarded by the object itself. */
  private static final class Held {
    final long lease;
    final long lengthMillis;
    final AtomicLong deadlineMillis;
    final Set<ByteBuffer> keys = new HashSet<>();
    boolean closed;

    /** Whether a journal knows of it; guarded by the set of those that changed. */
    boolean known;

    Held(long lease, long lengthMillis, long deadlineMillis) {
      this.lease = lease;
      this.lengthMillis = lengthMillis;
      this.deadlineMillis = new AtomicLong(deadlineMillis);
    }

    LeaseState state(long deadlineMillis) {
      synchronized (this) {
        return new LeaseState(lease, lengthMillis, deadlineMillis, keys.size());
      }
    }
  }

  LeaseTable(int leasesMax, int keysMax, TimeSource time) {
    this.leasesMax = leasesMax;
    this.keysMax = keysMax;
    this.time = time;
    // Numbers of an earlier life are not given again soon: they follow the clock.
    last = new AtomicLong(Math.max(0, time.millis()));
  }

  LeaseState grant(long lengthMillis) {
    if (lengthMillis < Leases.LENGTH_MILLIS_MIN || lengthMillis > Leases.LENGTH_MILLIS_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "lease of %dms: expected %d to %d"
              .formatted(lengthMillis, Leases.LENGTH_MILLIS_MIN, Leases.LENGTH_MILLIS_MAX));
    }
    Held lease;
    synchronized (this) {
      sweep(leases.size() >= leasesMax);
      if (leases.size() >= leasesMax) {
        throw new MayflyException(
            ErrorCode.STORE_FULL, "%d leases: no more are granted".formatted(leasesMax));
      }
      lease = new Held(last.incrementAndGet(), lengthMillis, time.millis() + lengthMillis);
      leases.put(lease.lease, lease);
    }
    granted.increment();
    onChange(lease);
    return lease.state(lease.deadlineMillis.get());
  }

  /** Ends what is past, once a second or at once. */
  private void sweep(boolean now) {
    long nanos = time.nanos();
    if (now || nanos - sweptNanos >= SWEEP_NANOS) {
      sweptNanos = nanos;
      leases.values().forEach(this::liveDeadline);
    }
  }

  LeaseState renew(long number) {
    Held lease = require(number);
    while (true) {
      long deadline = liveDeadline(lease);
      if (deadline == ENDED) {
        throw missing(number);
      }
      long renewed = Math.max(deadline, time.millis() + lease.lengthMillis);
      if (lease.deadlineMillis.compareAndSet(deadline, renewed)) {
        renewals.increment();
        onChange(lease);
        return lease.state(renewed);
      }
    }
  }

  LeaseState inspect(long number) {
    Held lease = require(number);
    long deadline = liveDeadline(lease);
    if (deadline == ENDED) {
      throw missing(number);
    }
    return lease.state(deadline);
  }

  List<byte[]> keys(long number) {
    Held lease = require(number);
    List<byte[]> keys = new ArrayList<>();
    synchronized (lease) {
      lease.keys.forEach(key -> keys.add(copy(key)));
    }
    return keys;
  }

  private static byte[] copy(ByteBuffer key) {
    byte[] bytes = new byte[key.remaining()];
    key.get(key.position(), bytes);
    return bytes;
  }

  /**
   * Takes no more keys for a lease that is about to be revoked, and lets nobody else revoke it.
   *
   * @return its keys
   */
  List<byte[]> close(long number) {
    Held lease = requireLive(number);
    synchronized (lease) {
      if (lease.closed) {
        throw missing(number);
      }
      lease.closed = true;
    }
    return keys(number);
  }

  /** Takes keys again: the revocation was refused. */
  void reopen(long number) {
    Held lease = leases.get(number);
    if (lease != null) {
      synchronized (lease) {
        lease.closed = false;
      }
    }
  }

  /** Forgets a lease whose keys are gone. */
  void remove(long number) {
    Held lease = leases.remove(number);
    if (lease != null && lease.deadlineMillis.getAndSet(ENDED) != ENDED) {
      revoked.increment();
      onEnd(lease);
    }
  }

  /**
   * Requires that a lease takes these keys, some of which it may have, before they are put on it.
   *
   * @throws MayflyException NOT_FOUND, STORE_FULL
   */
  void requireRoom(long number, List<byte[]> wanted) {
    Held lease = requireLive(number);
    synchronized (lease) {
      if (lease.closed) {
        throw missing(number);
      }
      int more = 0;
      for (byte[] key : wanted) {
        more += lease.keys.contains(ByteBuffer.wrap(key)) ? 0 : 1;
      }
      if (lease.keys.size() + more > keysMax) {
        throw new MayflyException(
            ErrorCode.STORE_FULL, "%d keys on a lease: it takes no more".formatted(keysMax));
      }
    }
  }

  /** A key is on a lease from here on; one that has ended meanwhile ends the key at once. */
  void attach(long number, byte[] key) {
    Held lease = leases.get(number);
    if (lease != null) {
      synchronized (lease) {
        lease.keys.add(ByteBuffer.wrap(key.clone()));
      }
    }
  }

  /** A key is on a lease no more. */
  void detach(long number, byte[] key) {
    Held lease = leases.get(number);
    if (lease != null) {
      synchronized (lease) {
        lease.keys.remove(ByteBuffer.wrap(key));
      }
    }
  }

  /** When the keys of this lease end, or ended. */
  long deadlineMillis(long number) {
    Held lease = leases.get(number);
    return lease == null ? ENDED : liveDeadline(lease);
  }

  private long liveDeadline(Held lease) {
    long deadline = lease.deadlineMillis.get();
    while (deadline != ENDED && deadline <= time.millis()) {
      if (lease.deadlineMillis.compareAndSet(deadline, ENDED)) {
        leases.remove(lease.lease);
        expired.increment();
        onEnd(lease);
      }
      deadline = lease.deadlineMillis.get();
    }
    return deadline;
  }

  private void onChange(Held lease) {
    changes.increment();
    if (recording) {
      synchronized (changed) {
        changed.add(lease.lease);
      }
    }
  }

  /** One that no journal knows of need not be told of either. */
  private void onEnd(Held lease) {
    changes.increment();
    if (recording) {
      synchronized (changed) {
        if (lease.known) {
          changed.add(lease.lease);
        } else {
          changed.remove(lease.lease);
        }
      }
    }
  }

  /** A number that differs whenever a lease began, was renewed or ended meanwhile. */
  long changes() {
    return changes.sum();
  }

  void recordChanges() {
    recording = true;
  }

  /** Hands over what leases have become that have changed; one that has ended has no end. */
  void takeChanged(int leasesTaken, List<SavedCounter> into) {
    synchronized (changed) {
      Iterator<Long> numbers = changed.iterator();
      for (int i = 0; i < leasesTaken && numbers.hasNext(); i++) {
        long number = numbers.next();
        numbers.remove();
        Held lease = leases.get(number);
        long deadline = lease == null ? ENDED : lease.deadlineMillis.get();
        if (lease == null || deadline == ENDED) {
          into.add(saved(number, new long[0], new long[0]));
        } else {
          lease.known = true;
          into.add(saved(number, new long[] {deadline}, new long[] {lease.lengthMillis}));
        }
      }
    }
  }

  /** Hands over all leases. */
  void save(List<SavedCounter> into) {
    for (Held lease : leases.values()) {
      long deadline = liveDeadline(lease);
      if (deadline != ENDED) {
        synchronized (changed) {
          lease.known = true;
        }
        into.add(saved(lease.lease, new long[] {deadline}, new long[] {lease.lengthMillis}));
      }
    }
  }

  private static SavedCounter saved(long number, long[] ends, long[] lengths) {
    byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    return new SavedCounter(
        SavedCounter.Kind.LEASE, new byte[0], key, false, ends, lengths, new long[0]);
  }

  /** Puts a lease in the place of what it was; before the keys that it has. */
  void replace(SavedCounter saved) {
    long number = ByteBuffer.wrap(saved.key()).getLong();
    last.accumulateAndGet(number, Math::max);
    if (saved.ends().length == 0 || saved.ends()[0] <= time.millis()) {
      leases.remove(number);
      return;
    }
    Held lease = new Held(number, saved.amounts()[0], saved.ends()[0]);
    lease.known = true;
    leases.put(number, lease);
  }

  private Held require(long number) {
    Held lease = leases.get(number);
    if (lease == null) {
      throw missing(number);
    }
    return lease;
  }

  /** One whose time has not come, whether somebody has noticed that or not. */
  private Held requireLive(long number) {
    Held lease = require(number);
    if (liveDeadline(lease) == ENDED) {
      throw missing(number);
    }
    return lease;
  }

  private static MayflyException missing(long number) {
    return new MayflyException(
        ErrorCode.NOT_FOUND, "lease %d: it has ended, or never was".formatted(number));
  }

  LeaseStats stats() {
    synchronized (this) {
      sweep(true);
    }
    long keys = 0;
    for (Held lease : leases.values()) {
      synchronized (lease) {
        keys += lease.keys.size();
      }
    }
    return new LeaseStats(
        leases.size(), keys, granted.sum(), renewals.sum(), expired.sum(), revoked.sum());
  }
}
