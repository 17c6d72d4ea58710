package dev.mayfly.balancer;

import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A running balancer: takes connections and datagrams and passes each client's on to one of the
 * backends that its discovery tells and its health checks find well.
 *
 * <p>A client that is not served by one backend is tried with others, as long as nothing has moved
 * yet; a client that no backend serves is disconnected at once. Safe for concurrent use. It owns
 * its threads and its {@link Discovery}; {@link #close} ends both.
 */
public final class Balancer implements AutoCloseable {
  private static final long CHECK_MILLIS = 20;
  private static final long GRACE_MILLIS = 1000;

  private final BalancerConfig config;
  private final Discovery discovery;
  private final Ticker ticker = Ticker.systemTicker();
  private final Transport transport = Transport.open();
  private final TargetPool pool;
  private final TcpProxy tcp;
  private final UdpProxy udp;
  private final MonitorListener monitor = new MonitorListener();
  private @Nullable InetSocketAddress address;
  private @Nullable InetSocketAddress udpAddress;
  private @Nullable InetSocketAddress monitorAddress;
  private volatile boolean stopping;
  private boolean closed;

  private Balancer(BalancerConfig config, Discovery discovery) {
    this.config = config;
    this.discovery = discovery;
    pool = new TargetPool(config.policy(), config.limits(), ticker);
    tcp = new TcpProxy(config, transport, pool, ticker);
    udp = new UdpProxy(config, transport, pool, ticker);
    pool.listen(new HealthChecker(config.health(), transport));
    pool.listen(new Drains(config.limits().drainTime(), transport));
  }

  /**
   * Starts one.
   *
   * @throws IOException if an address cannot be listened on; nothing runs then, and the discovery
   *     is closed
   */
  public static Balancer start(BalancerConfig config, Discovery discovery) throws IOException {
    Balancer balancer = new Balancer(config, discovery);
    try {
      balancer.open();
    } catch (IOException | RuntimeException e) {
      balancer.close();
      throw e;
    }
    return balancer;
  }

  private void open() throws IOException {
    OpenFiles.warnIfFew(config);
    address = tcp.start();
    HostPort datagrams = config.udp();
    if (datagrams != null) {
      udpAddress = udp.start(datagrams);
    }
    HostPort shown = config.monitor();
    if (shown != null) {
      monitorAddress = monitor.start(shown, transport, new Shown());
    }
    discovery.start(pool::update);
    var _ =
        transport
            .control()
            .scheduleWithFixedDelay(
                new HitReport(pool),
                HitReport.INTERVAL_SECONDS,
                HitReport.INTERVAL_SECONDS,
                TimeUnit.SECONDS);
  }

  /** Where it takes connections, with the port that was chosen. */
  public HostPort address() {
    return of(address, "connections");
  }

  /** Where it takes datagrams; {@code IllegalStateException} if it does not. */
  public HostPort udpAddress() {
    return of(udpAddress, "datagrams");
  }

  /** Where its monitor is; {@code IllegalStateException} if there is none. */
  public HostPort monitorAddress() {
    return of(monitorAddress, "monitor requests");
  }

  private static HostPort of(@Nullable InetSocketAddress address, String what) {
    if (address == null) {
      throw new IllegalStateException("the balancer takes no " + what);
    }
    return HostPorts.of(address);
  }

  /** The backends of now. */
  public List<BackendStatus> backends() {
    long now = ticker.nanoTime();
    return pool.targets().stream().map(target -> BackendStatus.of(target, now)).toList();
  }

  /** How many clients of the datagram port are remembered. */
  public int udpClients() {
    return udp.clients();
  }

  /** Whether it takes connections and has a backend for them. */
  public boolean isReady() {
    return !stopping && pool.hasUsable();
  }

  /**
   * Gives a backend nothing new, and ends what it still has after the drain time.
   *
   * @return whether there is such a backend
   */
  public boolean drain(String id) {
    return pool.order(id, true);
  }

  /** Takes back an order to drain; answers whether there is such a backend. */
  public boolean undrain(String id) {
    return pool.order(id, false);
  }

  /** Takes nothing new, waits for open connections until the drain time ends, and closes. */
  public void stop() {
    stop(config.limits().drainTime());
  }

  /** As {@link #stop()}, with another time to drain. */
  public void stop(Duration drainTime) {
    stopping = true;
    tcp.stopListening();
    CountDownLatch done = new CountDownLatch(1);
    long until = ticker.nanoTime() + drainTime.toNanos();
    try {
      transport.control().execute(() -> awaitEmpty(done, until));
      var _ = done.await(drainTime.toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException closedMeanwhile) {
      return;
    }
    close();
  }

  private void awaitEmpty(CountDownLatch done, long until) {
    if (tcp.fronts.isEmpty() || ticker.nanoTime() - until >= 0) {
      done.countDown();
    } else {
      var _ =
          transport
              .control()
              .schedule(() -> awaitEmpty(done, until), CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Ends everything at once. Does nothing the second time. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopping = true;
    discovery.close();
    tcp.close();
    udp.close();
    monitor.close();
    transport.close();
  }

  /** What the monitor shows. */
  private final class Shown implements MonitorHandler.Subject {
    @Override
    public List<BackendStatus> backends() {
      return Balancer.this.backends();
    }

    @Override
    public int clients() {
      return tcp.fronts.size();
    }

    @Override
    public String metrics() {
      return new MetricsText(pool.targets())
          .render(
              ticker.nanoTime(),
              clients(),
              tcp.unsent.held(),
              pool,
              udp.clients(),
              udp.dropped.sum());
    }

    @Override
    public boolean isReady() {
      return Balancer.this.isReady();
    }

    @Override
    public boolean drain(String id) {
      return Balancer.this.drain(id);
    }

    @Override
    public boolean undrain(String id) {
      return Balancer.this.undrain(id);
    }
  }
}
