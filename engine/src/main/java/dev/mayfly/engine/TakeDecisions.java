package dev.mayfly.engine;

import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.Limit;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TakeRequest.Mode;
import dev.mayfly.store.TakeResult;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What limits say, each kind in its own way. Confined to whoever holds the shard's lock.
 *
 * <p>All methods give null if the namespace was closed, and have done nothing then.
 */
final class TakeDecisions {
  private final CounterShard shard;
  private final CounterRecords records;
  private final WindowRecords windows;
  private final PaceRecords paces;
  private final LeaseRecords leases;
  private final AtomicLong leaseNames;

  TakeDecisions(
      CounterShard shard,
      CounterRecords records,
      WindowRecords windows,
      LeaseRecords leases,
      AtomicLong leaseNames) {
    this.shard = shard;
    this.records = records;
    this.windows = windows;
    this.leases = leases;
    this.leaseNames = leaseNames;
    paces = new PaceRecords(records);
  }

  @Nullable TakeResult take(
      CounterNamespace namespace, long whole, TakeRequest request, long nowMillis) {
    int ref = records.find(namespace, whole, request.key());
    if (namespace.isClosed()) {
      return null;
    }
    return switch (request.limit().kind()) {
      case SLIDING_WINDOW -> slide(namespace, whole, ref, request, nowMillis);
      case GCRA, TOKEN_BUCKET -> pace(namespace, whole, ref, request, nowMillis);
      case CONCURRENCY -> lease(namespace, whole, ref, request, nowMillis);
    };
  }

  private @Nullable TakeResult slide(
      CounterNamespace namespace, long whole, int found, TakeRequest request, long nowMillis) {
    Limit limit = request.limit();
    int ref = found;
    if (ref != 0 && !shard.discard(ref, nowMillis)) {
      shard.remove(ref);
      ref = 0;
    }
    long used = ref == 0 ? 0 : windows.sum(ref);
    boolean within = request.quantity() <= limit.quantity() - used;
    long retry = 0;
    if (!within) {
      long over = used + request.quantity() - limit.quantity();
      retry =
          request.quantity() > limit.quantity()
              ? TakeResult.NEVER
              : windows.endOf(ref, over) - nowMillis;
    } else if (request.mode() != Mode.PEEK) {
      ref = slideOn(namespace, whole, ref, request, nowMillis);
      if (ref == 0) {
        return null;
      }
      shard.onChange(ref, whole);
      used += request.quantity();
    }
    long reset = ref == 0 ? 0 : windows.lastDeadline(ref) - nowMillis;
    return result(request, within, limit.quantity() - used, retry, reset, 0);
  }

  private int slideOn(
      CounterNamespace namespace, long whole, int ref, TakeRequest request, long nowMillis) {
    long period = request.limit().periodMillis();
    if (ref != 0) {
      CounterPolicy policy = CounterPolicy.ofWindow(period);
      return shard.add(namespace, ref, nowMillis, request.quantity(), policy);
    }
    int bytes = WindowRecords.recordBytes(request.key().length);
    long deadline = nowMillis + period;
    int made = shard.create(namespace, whole, request.key(), WindowRecords.KIND, bytes, deadline);
    if (made != 0) {
      windows.restart(made, deadline, request.quantity());
    }
    return made;
  }

  private @Nullable TakeResult pace(
      CounterNamespace namespace, long whole, int ref, TakeRequest request, long nowMillis) {
    Limit limit = request.limit();
    long now = nowMillis * PaceRecords.NANOS_PER_MILLI;
    long interval = PaceRecords.intervalNanos(limit);
    long capacity = limit.capacity() * interval;
    long ahead = ref == 0 ? 0 : Math.max(0, paces.usedUntil(ref) - now);
    boolean possible = request.quantity() <= limit.capacity();
    long cost = possible ? request.quantity() * interval : 0;
    boolean within = possible && cost <= capacity - ahead;
    long retry = 0;
    if (!within) {
      retry = possible ? millis(ahead + cost - capacity) : TakeResult.NEVER;
    } else if (request.mode() != Mode.PEEK) {
      ahead += cost;
      if (!paceOn(namespace, whole, ref, request, now + ahead)) {
        return null;
      }
    }
    long remaining = (capacity - ahead) / interval;
    return result(request, within, remaining, retry, millis(ahead), 0);
  }

  private boolean paceOn(
      CounterNamespace namespace, long whole, int ref, TakeRequest request, long until) {
    int made = ref;
    if (made == 0) {
      int bytes = PaceRecords.recordBytes(request.key().length);
      long due = PaceRecords.dueMillis(until);
      made = shard.create(namespace, whole, request.key(), PaceRecords.KIND, bytes, due);
    }
    if (made != 0) {
      paces.usedUntil(made, until);
      shard.onChange(made, whole);
    }
    return made != 0;
  }

  private @Nullable TakeResult lease(
      CounterNamespace namespace, long whole, int found, TakeRequest request, long nowMillis) {
    Limit limit = request.limit();
    int ref = found;
    if (ref != 0) {
      leases.discard(ref, nowMillis);
    }
    long held = ref == 0 ? 0 : leases.held(ref);
    boolean within = request.quantity() <= limit.quantity() - held;
    long retry = 0;
    long lease = 0;
    if (!within) {
      long over = held + request.quantity() - limit.quantity();
      retry =
          request.quantity() > limit.quantity()
              ? TakeResult.NEVER
              : leases.endOf(ref, over) - nowMillis;
    } else if (request.mode() != Mode.PEEK) {
      lease = leaseNames.incrementAndGet();
      ref = leaseOn(namespace, whole, ref, request, lease, nowMillis);
      if (ref == 0) {
        return null;
      }
      shard.onChange(ref, whole);
      held += request.quantity();
    }
    long reset = held == 0 ? 0 : leases.lastEnd(ref) - nowMillis;
    return result(request, within, limit.quantity() - held, retry, reset, lease);
  }

  private int leaseOn(
      CounterNamespace namespace,
      long whole,
      int ref,
      TakeRequest request,
      long lease,
      long nowMillis) {
    long end = nowMillis + request.limit().periodMillis();
    int to = ref;
    if (to == 0) {
      int bytes = LeaseRecords.recordBytes(request.key().length);
      long due = LeaseRecords.dueMillis(end);
      to = shard.create(namespace, whole, request.key(), LeaseRecords.KIND, bytes, due);
      if (to == 0) {
        return 0;
      }
      records.number(CounterRecords.at(to), 0);
    }
    for (int evictions = 0; ; evictions++) {
      try {
        return leases.add(to, lease, end, request.quantity());
      } catch (MayflyException e) {
        shard.requireEviction(e, namespace, evictions, to);
      }
    }
  }

  private static TakeResult result(
      TakeRequest request, boolean within, long remaining, long retry, long reset, long lease) {
    return new TakeResult(
        within || request.mode() == Mode.SHADOW,
        !within,
        request.limit().capacity(),
        Math.max(0, remaining),
        retry,
        reset,
        lease);
  }

  private static long millis(long nanos) {
    return Math.ceilDiv(nanos, PaceRecords.NANOS_PER_MILLI);
  }
}
