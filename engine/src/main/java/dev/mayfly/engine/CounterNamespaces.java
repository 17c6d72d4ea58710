package dev.mayfly.engine;

import dev.mayfly.engine.CounterNamespace.Name;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces that have keys, by name and by number, and the policies that namespaces have of
 * their own.
 *
 * <p>Safe for concurrent use. A namespace goes with its last key, and a policy stays until it is
 * cleared; both are bounded in number.
 */
final class CounterNamespaces {
  private final CounterPolicy defaults;
  private final CounterPolicy unlimited;
  private final int max;
  private final ConcurrentMap<Name, CounterNamespace> byName = new ConcurrentHashMap<>();
  private final ConcurrentMap<Name, CounterPolicy> policies = new ConcurrentHashMap<>();
  private final ArrayDeque<Integer> freeIds = new ArrayDeque<>();
  private final SplittableRandom salts;

  /**
   * The one asked for last, of each family. Written and read without order: all of it that does not
   * change is final, and a closed one is never taken.
   */
  private final @Nullable CounterNamespace[] recent = new @Nullable CounterNamespace[Name.FAMILIES];

  private volatile @Nullable CounterNamespace[] byId = new @Nullable CounterNamespace[16];
  private int ids;

  CounterNamespaces(CounterPolicy defaults, int max, long seed) {
    this.defaults = defaults;
    this.max = max;
    unlimited = defaults.withLimits(0, 0, CounterPolicy.WhenFull.EVICT);
    salts = new SplittableRandom(seed);
  }

  /** The open namespace of this name, if there is one. */
  @Nullable CounterNamespace find(int family, byte[] name) {
    CounterNamespace latest = recent[family];
    if (latest != null && !latest.isClosed() && Arrays.equals(latest.name().bytes(), name)) {
      return latest;
    }
    CounterNamespace found = byName.get(new Name(family, name));
    if (found != null) {
      recent[family] = found;
    }
    return found;
  }

  /**
   * The open namespace of this name, made if there is none. Whoever gives it no key lets it go
   * again by {@link #closeIfEmpty}.
   *
   * @throws MayflyException STORE_FULL
   */
  CounterNamespace open(int family, byte[] name) {
    CounterNamespace found = find(family, name);
    return found != null ? found : create(new Name(family, name));
  }

  private synchronized CounterNamespace create(Name name) {
    CounterNamespace found = byName.get(name);
    if (found != null) {
      return found;
    }
    if (byName.size() >= max) {
      throw new MayflyException(
          ErrorCode.STORE_FULL, "there are %d namespaces already".formatted(max));
    }
    Integer free = freeIds.poll();
    int id = free != null ? free : ids++;
    Name own = new Name(name.family(), name.bytes().clone());
    CounterNamespace made = new CounterNamespace(own, id, salts.nextLong(), policy(own));
    @Nullable CounterNamespace[] numbered =
        id < byId.length ? byId : Arrays.copyOf(byId, 2 * byId.length);
    numbered[id] = made;
    byId = numbered;
    byName.put(own, made);
    return made;
  }

  /** Whose keys carry this number; only for the number of a live record. */
  CounterNamespace of(int id) {
    return Objects.requireNonNull(byId[id], "a live record names its namespace");
  }

  /** Lets a namespace go that has no keys. */
  void closeIfEmpty(CounterNamespace namespace) {
    if (namespace.tryClose()) {
      synchronized (this) {
        byName.remove(namespace.name(), namespace);
        byId[namespace.id()] = null;
        freeIds.add(namespace.id());
      }
    }
  }

  /** For a limit's namespace: no limits of its own, and counters may have to make room. */
  CounterPolicy policy(Name name) {
    return name.family() == Name.COUNTERS ? policies.getOrDefault(name, defaults) : unlimited;
  }

  synchronized void policy(Name name, CounterPolicy policy) {
    if (policies.size() >= max && !policies.containsKey(name)) {
      throw new MayflyException(
          ErrorCode.STORE_FULL, "%d namespaces have a policy already".formatted(max));
    }
    policies.put(new Name(name.family(), name.bytes().clone()), policy);
    apply(name);
  }

  synchronized void clearPolicy(Name name) {
    policies.remove(name);
    apply(name);
  }

  private void apply(Name name) {
    CounterNamespace open = byName.get(name);
    if (open != null) {
      open.policy(policy(name));
    }
  }

  /** Copies of the names of one family that have events, in order. */
  List<byte[]> names(int family) {
    List<byte[]> names = new ArrayList<>();
    for (CounterNamespace namespace : byName.values()) {
      if (namespace.name().family() == family && namespace.events().get() > 0) {
        names.add(namespace.name().bytes().clone());
      }
    }
    names.sort(Arrays::compareUnsigned);
    return names;
  }
}
