package dev.mayfly.balancer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Balancer} does. Immutable: {@link #listeningAt} has the defaults, the {@code with}
 * methods change one thing each.
 *
 * @param listen where TCP connections are taken; port 0 lets the system choose
 * @param udp where datagrams are taken, or null for nowhere
 * @param udpPort the backends' port for datagrams, or 0 for the one that connections go to
 * @param monitor where metrics, health and commands are served, or null for nowhere
 * @param acceptsProxyHeader whether each connection has to begin with a PROXY header of version 2
 * @param sendsProxyHeader whether a backend is told the client's address by such a header
 */
public record BalancerConfig(
    HostPort listen,
    @Nullable HostPort udp,
    int udpPort,
    @Nullable HostPort monitor,
    Policy policy,
    HealthCheck health,
    boolean acceptsProxyHeader,
    boolean sendsProxyHeader,
    Limits limits) {
  /** Checks the ranges. */
  public BalancerConfig {
    if (udpPort < 0 || udpPort > 65535) {
      throw new IllegalArgumentException("datagram port " + udpPort + ": expected 0 to 65535");
    }
  }

  /**
   * Times and bounds. Immutable.
   *
   * @param connectTimeout for one attempt to connect to a backend
   * @param idleTimeout after which a connection is ended on which nothing moves
   * @param drainTime how long connections may take to finish when their backend or the balancer
   *     drains
   * @param connectionsMax how many clients are served at once; further ones wait to be accepted
   * @param unsentMax bytes that all connections together hold for slow readers; the nearer that is,
   *     the less is read at a time, down to 1 KiB
   * @param retriesMax how many further attempts to connect follow one that failed
   * @param ejectionFailures how many failed attempts in a row put a backend aside
   * @param ejectionTime for how long
   * @param udpClientsMax how many clients of the datagram port are remembered; the one not heard
   *     for longest makes room
   * @param udpIdleTimeout after which one that is not heard is forgotten
   */
  public record Limits(
      Duration connectTimeout,
      Duration idleTimeout,
      Duration drainTime,
      int connectionsMax,
      long unsentMax,
      int retriesMax,
      int ejectionFailures,
      Duration ejectionTime,
      int udpClientsMax,
      Duration udpIdleTimeout) {
    /** Checks the ranges. */
    public Limits {
      if (!connectTimeout.isPositive()
          || !idleTimeout.isPositive()
          || !udpIdleTimeout.isPositive()
          || !ejectionTime.isPositive()
          || drainTime.isNegative()) {
        throw new IllegalArgumentException("a timeout of the balancer: expected more than 0");
      }
      if (connectionsMax < 1
          || unsentMax < 1
          || retriesMax < 0
          || ejectionFailures < 1
          || udpClientsMax < 1) {
        throw new IllegalArgumentException("a bound of the balancer: expected at least 1");
      }
    }

    /** The limits unless told otherwise. */
    public static Limits defaults() {
      return new Limits(
          Duration.ofSeconds(2),
          Duration.ofHours(1),
          Duration.ofSeconds(30),
          10_000,
          128 << 20,
          3,
          3,
          Duration.ofSeconds(10),
          4096,
          Duration.ofMinutes(1));
    }

    /** The same with another time to connect. */
    public Limits withConnectTimeout(Duration time) {
      return new Limits(
          time,
          idleTimeout,
          drainTime,
          connectionsMax,
          unsentMax,
          retriesMax,
          ejectionFailures,
          ejectionTime,
          udpClientsMax,
          udpIdleTimeout);
    }

    /** The same with another idle time of connections. */
    public Limits withIdleTimeout(Duration time) {
      return new Limits(
          connectTimeout,
          time,
          drainTime,
          connectionsMax,
          unsentMax,
          retriesMax,
          ejectionFailures,
          ejectionTime,
          udpClientsMax,
          udpIdleTimeout);
    }

    /** The same with another time to drain. */
    public Limits withDrainTime(Duration time) {
      return new Limits(
          connectTimeout,
          idleTimeout,
          time,
          connectionsMax,
          unsentMax,
          retriesMax,
          ejectionFailures,
          ejectionTime,
          udpClientsMax,
          udpIdleTimeout);
    }

    /** The same with another bound of connections. */
    public Limits withConnectionsMax(int max) {
      return new Limits(
          connectTimeout,
          idleTimeout,
          drainTime,
          max,
          unsentMax,
          retriesMax,
          ejectionFailures,
          ejectionTime,
          udpClientsMax,
          udpIdleTimeout);
    }

    /** The same with another bound of what is held for slow readers, in bytes. */
    public Limits withUnsentMax(long max) {
      return new Limits(
          connectTimeout,
          idleTimeout,
          drainTime,
          connectionsMax,
          max,
          retriesMax,
          ejectionFailures,
          ejectionTime,
          udpClientsMax,
          udpIdleTimeout);
    }

    /** The same with another number of retries. */
    public Limits withRetriesMax(int max) {
      return new Limits(
          connectTimeout,
          idleTimeout,
          drainTime,
          connectionsMax,
          unsentMax,
          max,
          ejectionFailures,
          ejectionTime,
          udpClientsMax,
          udpIdleTimeout);
    }

    /** The same with another patience with backends that do not take connections. */
    public Limits withEjection(int failures, Duration time) {
      return new Limits(
          connectTimeout,
          idleTimeout,
          drainTime,
          connectionsMax,
          unsentMax,
          retriesMax,
          failures,
          time,
          udpClientsMax,
          udpIdleTimeout);
    }

    /** The same with another memory for clients of the datagram port. */
    public Limits withUdp(int clientsMax, Duration idle) {
      return new Limits(
          connectTimeout,
          idleTimeout,
          drainTime,
          connectionsMax,
          unsentMax,
          retriesMax,
          ejectionFailures,
          ejectionTime,
          clientsMax,
          idle);
    }
  }

  /** In turn, with TCP checks, and neither datagrams nor a monitor. */
  public static BalancerConfig listeningAt(HostPort listen) {
    return new BalancerConfig(
        listen,
        null,
        0,
        null,
        Policy.ROUND_ROBIN,
        HealthCheck.tcp(),
        false,
        false,
        Limits.defaults());
  }

  /** The same with datagrams taken there, and passed to that port of the backends: see above. */
  public BalancerConfig withUdp(HostPort address, int port) {
    return new BalancerConfig(
        listen,
        address,
        port,
        monitor,
        policy,
        health,
        acceptsProxyHeader,
        sendsProxyHeader,
        limits);
  }

  /** The same with a monitor there. */
  public BalancerConfig withMonitor(HostPort address) {
    return new BalancerConfig(
        listen,
        udp,
        udpPort,
        address,
        policy,
        health,
        acceptsProxyHeader,
        sendsProxyHeader,
        limits);
  }

  /** The same with another policy. */
  public BalancerConfig withPolicy(Policy other) {
    return new BalancerConfig(
        listen, udp, udpPort, monitor, other, health, acceptsProxyHeader, sendsProxyHeader, limits);
  }

  /** The same with other health checks. */
  public BalancerConfig withHealth(HealthCheck other) {
    return new BalancerConfig(
        listen, udp, udpPort, monitor, policy, other, acceptsProxyHeader, sendsProxyHeader, limits);
  }

  /** The same with PROXY headers, taken, sent or both. */
  public BalancerConfig withProxyHeaders(boolean accepts, boolean sends) {
    return new BalancerConfig(
        listen, udp, udpPort, monitor, policy, health, accepts, sends, limits);
  }

  /** The same with other limits. */
  public BalancerConfig withLimits(Limits other) {
    return new BalancerConfig(
        listen, udp, udpPort, monitor, policy, health, acceptsProxyHeader, sendsProxyHeader, other);
  }
}
