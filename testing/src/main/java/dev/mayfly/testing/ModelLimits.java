package dev.mayfly.testing;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Limit;
import dev.mayfly.store.Limits;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.TakeRequest;
import dev.mayfly.store.TakeRequest.Mode;
import dev.mayfly.store.TakeResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Limits as one would write them down. Sliding windows and leases are lists; paces are counted in
 * whole nanoseconds. Confined to one thread.
 */
public final class ModelLimits implements Limits {
  private static final long NANOS = 1_000_000;

  /** Something in use until a moment. */
  private record Use(long endMillis, long quantity, long lease) {}

  private final Map<String, List<Use>> uses = new HashMap<>();
  private final Map<String, Long> paces = new HashMap<>();
  private final TreeMap<String, Limit> named = new TreeMap<>();
  private long leases;

  @Override
  public TakeResult take(TakeRequest request, long nowMillis) {
    return switch (request.limit().kind()) {
      case SLIDING_WINDOW, CONCURRENCY -> use(request, nowMillis);
      case GCRA, TOKEN_BUCKET -> pace(request, nowMillis);
    };
  }

  private TakeResult use(TakeRequest request, long nowMillis) {
    Limit limit = request.limit();
    List<Use> held = uses.computeIfAbsent(key(request), _ -> new ArrayList<>());
    held.removeIf(use -> use.endMillis() <= nowMillis);
    held.sort(Comparator.comparingLong(Use::endMillis));
    long used = held.stream().mapToLong(Use::quantity).sum();
    boolean within = used + request.quantity() <= limit.quantity();
    long retry = 0;
    long lease = 0;
    if (!within && request.quantity() > limit.quantity()) {
      retry = TakeResult.NEVER;
    } else if (!within) {
      long over = used + request.quantity() - limit.quantity();
      for (Use use : held) {
        over -= use.quantity();
        if (over <= 0) {
          retry = use.endMillis() - nowMillis;
          break;
        }
      }
    } else if (request.mode() != Mode.PEEK) {
      boolean leased = limit.kind() == Limit.Kind.CONCURRENCY;
      lease = leased ? ++leases : 0;
      long end = nowMillis + limit.periodMillis();
      long last = held.isEmpty() || leased ? 0 : held.getLast().endMillis();
      held.add(new Use(Math.max(end, last), request.quantity(), lease));
      used += request.quantity();
    }
    long reset = held.stream().mapToLong(Use::endMillis).max().orElse(nowMillis) - nowMillis;
    return result(request, within, limit.quantity() - used, retry, reset, lease);
  }

  private TakeResult pace(TakeRequest request, long nowMillis) {
    Limit limit = request.limit();
    long interval = Math.ceilDiv(limit.periodMillis() * NANOS, limit.quantity());
    long now = nowMillis * NANOS;
    long until = Math.max(now, paces.getOrDefault(key(request), 0L));
    long horizon = now + limit.capacity() * interval;
    boolean possible = request.quantity() <= limit.capacity();
    long after = possible ? until + request.quantity() * interval : Long.MAX_VALUE;
    boolean within = after <= horizon;
    if (within && request.mode() != Mode.PEEK) {
      until = after;
      paces.put(key(request), until);
    }
    long retry = within ? 0 : possible ? Math.ceilDiv(after - horizon, NANOS) : TakeResult.NEVER;
    long reset = Math.ceilDiv(until - now, NANOS);
    return result(request, within, (horizon - until) / interval, retry, reset, 0);
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

  @Override
  public boolean release(byte[] namespace, byte[] key, long lease, long nowMillis) {
    List<Use> held = uses.get(key(Limit.Kind.CONCURRENCY, namespace, key));
    return held != null
        && held.removeIf(use -> use.lease() == lease && use.endMillis() > nowMillis);
  }

  @Override
  public Map<String, Limit> named() {
    return Map.copyOf(named);
  }

  @Override
  public Limit named(String name) {
    Limit limit = named.get(name);
    if (limit == null) {
      throw new MayflyException(ErrorCode.NOT_FOUND, name);
    }
    return limit;
  }

  @Override
  public void name(String name, Limit limit) {
    if (name.isEmpty() || name.length() > 255) {
      throw new MayflyException(ErrorCode.ARGUMENT_INVALID, name);
    }
    named.put(name, limit);
  }

  @Override
  public void forget(String name) {
    named.remove(name);
  }

  private static String key(TakeRequest request) {
    return key(request.limit().kind(), request.namespace(), request.key());
  }

  private static String key(Limit.Kind kind, byte[] namespace, byte[] key) {
    return "%s %d %s %s".formatted(kind, namespace.length, text(namespace), text(key));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
