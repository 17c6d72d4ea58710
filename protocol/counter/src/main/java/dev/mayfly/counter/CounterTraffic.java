package dev.mayfly.counter;

import dev.mayfly.store.MemoryBudget;
import dev.mayfly.transport.OutputMemory;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What came and went at the counter door. Safe for concurrent use. */
public final class CounterTraffic {
  private final LongAdder datagrams = new LongAdder();
  private final LongAdder datagramReplies = new LongAdder();
  private final LongAdder messages = new LongAdder();
  private final LongAdder opened = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final LongAdder cut = new LongAdder();
  private final LongAdder inputCut = new LongAdder();
  private volatile @Nullable OutputMemory memory;
  private volatile @Nullable MemoryBudget input;

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

  void onCut() {
    cut.increment();
  }

  void onInputCut() {
    inputCut.increment();
  }

  /** Where what callers over TCP have sent in part, and what they have not taken, is counted. */
  void memory(MemoryBudget requests, OutputMemory answers) {
    input = requests;
    memory = answers;
  }

  /** Connections closed since there was no memory for what they had sent in part. */
  public long inputCut() {
    return inputCut.sum();
  }

  /** Bytes for messages over TCP that are not whole, but for the first few of each connection. */
  public long inputBytes() {
    MemoryBudget requests = input;
    return requests == null ? 0 : requests.taken();
  }

  /** Connections closed whose callers took nothing while others waited. */
  public long cut() {
    return cut.sum();
  }

  /** Bytes of answers that callers over TCP have not taken. */
  public long outputBytes() {
    OutputMemory answers = memory;
    return answers == null ? 0 : answers.taken();
  }

  /** Listings that wait for room. */
  public long outputWaiting() {
    OutputMemory answers = memory;
    return answers == null ? 0 : answers.awaited();
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
