package dev.mayfly.balancer;

import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The targets of now, and those that left but still have connections.
 *
 * <p>Safe for concurrent use: lists are replaced whole, under the lock.
 */
final class TargetPool {
  private static final Logger LOG = Logger.getLogger(TargetPool.class.getName());

  /** Is told of targets that come, and of those that begin to drain. */
  interface Listener {
    void onArrival(Target target);

    void onDrain(Target target);
  }

  /** Clients that were turned away since no target could be had. */
  final LongAdder unserved = new LongAdder();

  private final Picker picker;
  private final BalancerConfig.Limits limits;
  private final Ticker ticker;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile List<Target> targets = List.of();

  /** Those that left with connections, until these have ended; under the lock. */
  private final List<Target> departed = new ArrayList<>();

  TargetPool(Policy policy, BalancerConfig.Limits limits, Ticker ticker) {
    this.picker = policy.picker();
    this.limits = limits;
    this.ticker = ticker;
  }

  void listen(Listener listener) {
    listeners.add(listener);
  }

  List<Target> targets() {
    return targets;
  }

  /** Takes over a whole list; the hosts in it are literal addresses, or are passed over. */
  synchronized void update(List<Backend> backends) {
    departed.removeIf(target -> target.connections() == 0);
    Map<String, Target> before = new LinkedHashMap<>();
    targets.forEach(target -> before.put(target.id(), target));
    Map<String, Target> after = new LinkedHashMap<>();
    List<Target> arrived = new ArrayList<>();
    List<Target> draining = new ArrayList<>();
    for (Backend backend : backends) {
      InetAddress address = address(backend);
      if (address == null || after.containsKey(backend.id())) {
        continue;
      }
      Target known = before.get(backend.id());
      if (known != null && known.isAt(address, backend.port())) {
        before.remove(backend.id());
        boolean drained = known.isDraining();
        known.backend(backend);
        if (!drained && known.isDraining()) {
          draining.add(known);
        }
        after.put(backend.id(), known);
      } else {
        Target target = comeBack(backend, address);
        arrived.add(target);
        if (target.isDraining()) {
          draining.add(target);
        }
        after.put(backend.id(), target);
      }
    }
    targets = List.copyOf(after.values());
    for (Target left : before.values()) {
      left.leave();
      departed.add(left);
      draining.add(left);
      LOG.log(Level.INFO, "a backend left", new Object[] {"backend", left.id()});
    }
    for (Target target : arrived) {
      LOG.log(
          Level.INFO,
          "a new backend arrived",
          new Object[] {"backend", target.id(), "address", HostPorts.text(target.address())});
      listeners.forEach(listener -> listener.onArrival(target));
    }
    draining.forEach(target -> listeners.forEach(listener -> listener.onDrain(target)));
  }

  private static @Nullable InetAddress address(Backend backend) {
    InetAddress address = DnsDiscovery.literal(backend.host());
    if (address == null) {
      LOG.log(
          Level.WARNING,
          "a backend has a name for an address, which nobody resolves",
          new Object[] {"backend", backend.id(), "host", backend.host()});
    }
    return address;
  }

  /** One that left and still has connections is the same when it comes back: they may stay. */
  private Target comeBack(Backend backend, InetAddress address) {
    for (Target left : departed) {
      if (left.id().equals(backend.id()) && left.isAt(address, backend.port())) {
        departed.remove(left);
        left.comeBack(backend);
        return left;
      }
    }
    return new Target(backend, address);
  }

  /**
   * Chooses a target.
   *
   * @param tried those that were tried for this client
   * @return null if none can take it
   */
  @Nullable Target pick(InetAddress client, Collection<Target> tried) {
    long now = ticker.nanoTime();
    List<Target> all = targets;
    List<Target> usable = new ArrayList<>(all.size());
    for (Target target : all) {
      if (target.isUsable(now) && !tried.contains(target)) {
        usable.add(target);
      }
    }
    if (usable.isEmpty()) {
      for (Target target : all) {
        if (target.isTriable() && !tried.contains(target)) {
          usable.add(target);
        }
      }
    }
    return usable.isEmpty() ? null : picker.pick(usable, client);
  }

  boolean hasUsable() {
    long now = ticker.nanoTime();
    return targets.stream().anyMatch(target -> target.isUsable(now));
  }

  void failed(Target target, @Nullable Throwable cause) {
    boolean ejected =
        target.failed(
            ticker.nanoTime(), limits.ejectionFailures(), limits.ejectionTime().toNanos());
    LOG.log(
        ejected ? Level.WARNING : Level.FINE,
        ejected ? "backend put aside: connections to it fail" : "could not connect to a backend",
        new Object[] {"backend", target.id(), "why", String.valueOf(cause)});
  }

  /** Begins or ends an ordered drain; answers whether there is such a target. */
  boolean order(String id, boolean drains) {
    for (Target target : targets) {
      if (target.id().equals(id)) {
        boolean drained = target.isDraining();
        target.order(drains);
        if (!drained && target.isDraining()) {
          listeners.forEach(listener -> listener.onDrain(target));
        }
        return true;
      }
    }
    return false;
  }
}
