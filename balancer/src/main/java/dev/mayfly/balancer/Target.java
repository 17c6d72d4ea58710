package dev.mayfly.balancer;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A backend as the balancer knows it: its address, its health, what it was given.
 *
 * <p>Safe for concurrent use. Health is written by one thread; failures by those of the
 * connections.
 */
final class Target {
  /** What the health checks say. */
  enum Health {
    UNKNOWN,
    UP,
    DOWN
  }

  final LongAdder hits = new LongAdder();
  final LongAdder errors = new LongAdder();
  final LongAdder bytesIn = new LongAdder();
  final LongAdder bytesOut = new LongAdder();
  final LongAdder datagramsIn = new LongAdder();
  final LongAdder datagramsOut = new LongAdder();
  final Latencies connectLatency = new Latencies();
  final Latencies answerLatency = new Latencies();

  private final InetSocketAddress address;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger failuresInRow = new AtomicInteger();
  private final Set<Channel> open = ConcurrentHashMap.newKeySet();
  private volatile Backend backend;
  private volatile Health health = Health.UNKNOWN;
  private final AtomicInteger drains = new AtomicInteger();
  private final AtomicInteger stays = new AtomicInteger();
  private volatile boolean ordered;
  private volatile boolean gone;
  private volatile boolean ejected;
  private volatile long ejectedUntil;

  Target(Backend backend, InetAddress address) {
    this.backend = backend;
    this.address = new InetSocketAddress(address, backend.port());
  }

  String id() {
    return backend.id();
  }

  int weight() {
    return backend.weight();
  }

  InetSocketAddress address() {
    return address;
  }

  void backend(Backend now) {
    backend = now;
  }

  int connections() {
    return connections.get();
  }

  Health health() {
    return health;
  }

  void health(Health now) {
    health = now;
  }

  /** Whether it gets nothing new, by its discovery's or an operator's word. */
  boolean isDraining() {
    return gone || ordered || backend.isDraining();
  }

  void order(boolean drains) {
    ordered = drains;
  }

  /** Tells one drain from a later one, which has its own time. */
  int nextDrain() {
    return drains.incrementAndGet();
  }

  boolean isDraining(int drain) {
    return isDraining() && drains.get() == drain;
  }

  void leave() {
    gone = true;
  }

  /** Takes it back into the list, with what it still has. */
  void comeBack(Backend now) {
    stays.incrementAndGet();
    backend = now;
    gone = false;
  }

  /** Tells one stay in the list from a later one. */
  int stay() {
    return stays.get();
  }

  /** Whether a stay has ended, be it that another has begun. */
  boolean isOver(int stay) {
    return gone || stays.get() != stay;
  }

  boolean isAt(InetAddress host, int port) {
    return address.getAddress().equals(host) && address.getPort() == port;
  }

  boolean isEjected(long now) {
    return ejected && ejectedUntil - now > 0;
  }

  boolean isUsable(long now) {
    return !isDraining() && health == Health.UP && !isEjected(now);
  }

  /** Whether it may be tried where no other is better. */
  boolean isTriable() {
    return !isDraining() && health != Health.DOWN;
  }

  void connected(long nanos) {
    connectLatency.add(nanos);
  }

  /**
   * Ends the row of failures. Taking a connection does not: some take each, and break it at once.
   */
  void served() {
    failuresInRow.set(0);
    ejected = false;
  }

  /** Counts a failure; answers whether that one put it aside. */
  boolean failed(long now, int failuresMax, long ejectionNanos) {
    errors.increment();
    if (failuresInRow.incrementAndGet() < failuresMax) {
      return false;
    }
    failuresInRow.set(0);
    ejectedUntil = now + ejectionNanos;
    ejected = true;
    return true;
  }

  void opened(Channel front) {
    connections.incrementAndGet();
    open.add(front);
  }

  void closed(Channel front) {
    if (open.remove(front)) {
      connections.decrementAndGet();
    }
  }

  /** Breaks off every connection that it still has. */
  void cut() {
    open.forEach(FrontHandler::breakOff);
  }
}
