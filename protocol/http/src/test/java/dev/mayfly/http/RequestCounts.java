package dev.mayfly.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what the door told of its work. Safe for concurrent use. */
final class RequestCounts implements HttpMetrics {
  final List<String> requests = new CopyOnWriteArrayList<>();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  final AtomicInteger repliesCut = new AtomicInteger();
  final AtomicInteger cut = new AtomicInteger();

  @Override
  public void onRequest(String route, int status, long nanos) {
    requests.add(route + " " + status);
  }

  @Override
  public void onConnectionOpened() {
    opened.incrementAndGet();
  }

  @Override
  public void onConnectionClosed() {
    closed.incrementAndGet();
  }

  @Override
  public void onConnectionRefused() {
    refused.incrementAndGet();
  }

  @Override
  public void onReplyCut() {
    repliesCut.incrementAndGet();
  }

  @Override
  public void onConnectionCut() {
    cut.incrementAndGet();
  }
}
