package dev.mayfly.grpc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a door tells. Safe for concurrent use. */
final class CallCounts implements GrpcMetrics {
  final Map<String, AtomicLong> calls = new ConcurrentHashMap<>();
  final AtomicLong connections = new AtomicLong();
  final AtomicLong refused = new AtomicLong();
  final AtomicLong watches = new AtomicLong();
  final AtomicLong events = new AtomicLong();
  final AtomicLong gaps = new AtomicLong();
  final AtomicLong backlogBytes = new AtomicLong();

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
  }

  @Override
  public void onGap() {
    gaps.incrementAndGet();
  }

  @Override
  public void onBacklog(long bytes) {
    backlogBytes.addAndGet(bytes);
  }
}
