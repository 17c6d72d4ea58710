package dev.mayfly.grpc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a door tells, and may hold up who tells it. Safe for concurrent use. */
final class CallCounts implements GrpcMetrics {
  final Map<String, AtomicLong> calls = new ConcurrentHashMap<>();
  final AtomicLong connections = new AtomicLong();
  final AtomicLong refused = new AtomicLong();
  final AtomicLong watches = new AtomicLong();
  final AtomicLong events = new AtomicLong();
  final AtomicLong gaps = new AtomicLong();
  final AtomicLong backlogBytes = new AtomicLong();
  final AtomicLong repliesCut = new AtomicLong();
  final CountDownLatch reached = new CountDownLatch(1);
  private volatile CountDownLatch held = new CountDownLatch(0);

  /** From now on who tells of events waits, until the latch is opened. */
  CountDownLatch holdUp() {
    held = new CountDownLatch(1);
    return held;
  }

  @Override
  public void onCall(String method, String code, long nanos) {
    calls.computeIfAbsent(method + " " + code, key -> new AtomicLong()).incrementAndGet();
  }

  @Override
  public void onConnectionOpened() {
    connections.incrementAndGet();
  }

  @Override
  public void onConnectionClosed() {
    connections.decrementAndGet();
  }

  @Override
  public void onConnectionRefused() {
    refused.incrementAndGet();
  }

  @Override
  public void onWatchOpened() {
    watches.incrementAndGet();
  }

  @Override
  public void onWatchClosed() {
    watches.decrementAndGet();
  }

  @Override
  public void onEventsSent(long events) {
    this.events.addAndGet(events);
    CountDownLatch latch = held;
    if (latch.getCount() > 0) {
      reached.countDown();
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void onGap() {
    gaps.incrementAndGet();
  }

  @Override
  public void onBacklog(long bytes) {
    backlogBytes.addAndGet(bytes);
  }

  @Override
  public void onReplyCut() {
    repliesCut.incrementAndGet();
  }
}
