package dev.mayfly.counter;

import java.util.concurrent.atomic.LongAdder;

/** What came and went at the counter door. Safe for concurrent use. */
public final class CounterTraffic {
  private final LongAdder datagrams = new LongAdder();
  private final LongAdder datagramReplies = new LongAdder();
  private final LongAdder messages = new LongAdder();
  private final LongAdder opened = new LongAdder();
  private final LongAdder closed = new LongAdder();

  void onDatagrams(int received, int answered) {
    datagrams.add(received);
    datagramReplies.add(answered);
  }

  void onMessage() {
    messages.increment();
  }

  void onOpened() {
    opened.increment();
  }

  void onClosed() {
    closed.increment();
  }

  /** Datagrams received. */
  public long datagrams() {
    return datagrams.sum();
  }

  /** Datagrams answered. */
  public long datagramReplies() {
    return datagramReplies.sum();
  }

  /** Messages received over TCP. */
  public long messages() {
    return messages.sum();
  }

  /** Connections open now. */
  public long connections() {
    return Math.max(0, opened.sum() - closed.sum());
  }
}
