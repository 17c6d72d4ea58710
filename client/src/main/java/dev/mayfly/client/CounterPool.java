package dev.mayfly.client;

import dev.mayfly.client.CounterException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The servers of a counter client, of which the first healthy one is asked. Each is asked for its
 * health every second. Safe for concurrent use; owns its servers and a timer.
 */
final class CounterPool implements AutoCloseable {
  private static final long CHECK_MILLIS = 1000;

  private final CounterClientConfig config;
  private final Supplier<CounterFrame> healthChecks;
  private final List<CounterServer> servers = new ArrayList<>();
  private final ScheduledThreadPoolExecutor timer;
  private final Semaphore inFlight;
  private final AtomicInteger ids = new AtomicInteger();

  CounterPool(CounterClientConfig config, Supplier<CounterFrame> healthChecks) throws IOException {
    this.config = config;
    this.healthChecks = healthChecks;
    inFlight = new Semaphore(config.inFlightMax());
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("mayfly-counter-timer").factory());
    timer.setRemoveOnCancelPolicy(true);
    try {
      for (ServerAddress.Tcp address : config.servers()) {
        servers.add(new CounterServer(address));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  void start() {
    servers.forEach(CounterServer::start);
    if (servers.size() > 1) {
      var _ =
          timer.scheduleWithFixedDelay(
              this::checkAll, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Sends a frame when there is room for one more on its way. */
  void send(CounterFrame frame, List<CounterClient.Waiting<?>> waiting)
      throws InterruptedException {
    try {
      inFlight.acquire();
    } catch (InterruptedException e) {
      waiting.forEach(one -> one.complete(CounterException.of(Reason.CLOSED)));
      throw e;
    }
    post(current(), new SentFrame(frame, waiting, inFlight::release));
  }

  private CounterServer current() {
    for (CounterServer server : servers) {
      if (server.isHealthy()) {
        return server;
      }
    }
    return servers.getFirst();
  }

  private void checkAll() {
    for (CounterServer server : servers) {
      post(server, new SentFrame(healthChecks.get(), List.of(), () -> {}));
    }
  }

  private void post(CounterServer server, SentFrame sent) {
    int id = ids.incrementAndGet();
    try {
      sent.timeout(
          timer.schedule(
              () -> server.onTimeout(id), config.timeout().toMillis(), TimeUnit.MILLISECONDS));
    } catch (RejectedExecutionException closed) {
      sent.fail(CounterException.of(Reason.CLOSED));
      return;
    }
    server.send(id, sent);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    servers.forEach(CounterServer::close);
  }
}
