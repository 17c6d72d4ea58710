package dev.mayfly.balancer;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns the names in another discovery's lists into addresses, again at intervals: a name with
 * several addresses is as many backends.
 *
 * <p>A name that cannot be resolved keeps the addresses that it had, and is logged once. Confined
 * to its owner, owns the other discovery, works on a thread of its own.
 */
public final class DnsDiscovery implements Discovery {
  private static final Logger LOG = Logger.getLogger(DnsDiscovery.class.getName());

  private final Discovery names;
  private final Duration interval;
  private final NameResolver resolver;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          new DefaultThreadFactory("mayfly-balance-names", true));
  private final Map<String, List<InetAddress>> known = new HashMap<>();
  private final Set<String> unknown = new HashSet<>();
  private final Set<String> asked = new HashSet<>();
  private List<Backend> wanted = List.of();
  private @Nullable List<Backend> told;

  /** Resolves them that often, by the system's name servers and file of hosts. */
  public DnsDiscovery(Discovery names, Duration interval) {
    this(names, interval, new NettyNames());
  }

  DnsDiscovery(Discovery names, Duration interval, NameResolver resolver) {
    this.names = names;
    this.interval = interval;
    this.resolver = resolver;
  }

  @Override
  public void start(Consumer<List<Backend>> listener) {
    names.start(list -> run(() -> take(list, listener)));
    var _ =
        worker.scheduleWithFixedDelay(
            () -> ask(listener), Millis.of(interval), Millis.of(interval), TimeUnit.MILLISECONDS);
  }

  private void run(Runnable task) {
    try {
      worker.execute(task);
    } catch (RejectedExecutionException closed) {
      LOG.log(Level.FINE, "told after the end");
    }
  }

  private void take(List<Backend> list, Consumer<List<Backend>> listener) {
    wanted = list;
    tell(listener);
    ask(listener);
  }

  private void ask(Consumer<List<Backend>> listener) {
    Set<String> hosts = new HashSet<>();
    wanted.stream().filter(each -> literal(each.host()) == null).forEach(b -> hosts.add(b.host()));
    known.keySet().retainAll(hosts);
    for (String host : hosts) {
      if (asked.add(host)) {
        var _ =
            resolver
                .resolve(host)
                .whenComplete(
                    (found, failure) -> run(() -> onAnswer(host, found, failure, listener)));
      }
    }
  }

  private void onAnswer(
      String host,
      @Nullable List<InetAddress> found,
      @Nullable Throwable failure,
      Consumer<List<Backend>> listener) {
    asked.remove(host);
    if (found == null || found.isEmpty()) {
      if (unknown.add(host)) {
        LOG.log(
            Level.WARNING,
            "cannot resolve a backend's name: its last addresses stay",
            new Object[] {"name", host, "why", String.valueOf(failure)});
      }
      return;
    }
    unknown.remove(host);
    List<InetAddress> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparing(InetAddress::getHostAddress));
    known.put(host, sorted);
    tell(listener);
  }

  private void tell(Consumer<List<Backend>> listener) {
    List<Backend> list = new ArrayList<>();
    for (Backend backend : wanted) {
      if (literal(backend.host()) != null) {
        list.add(backend);
      } else {
        for (InetAddress address : known.getOrDefault(backend.host(), List.of())) {
          list.add(backend.at(address.getHostAddress()));
        }
      }
    }
    if (!list.equals(told)) {
      told = list;
      listener.accept(list);
    }
  }

  static @Nullable InetAddress literal(String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException name) {
      return null;
    }
  }

  @Override
  public void close() {
    names.close();
    var _ = worker.shutdownNow();
    resolver.close();
  }
}
