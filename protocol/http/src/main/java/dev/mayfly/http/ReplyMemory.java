package dev.mayfly.http;

import dev.mayfly.transport.OutputMemory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The memory of what clients have not taken of answers, all connections together: see {@link
 * ConnectionOutput}. Safe for concurrent use.
 */
final class ReplyMemory {
  /** From how many bytes on an answer, or a bit of one, is large. */
  static final int LARGE_BYTES = 64 << 10;

  /** The same when clients have left twice of what they may, or more. */
  private static final int LARGE_BYTES_THEN = 4 << 10;

  private final OutputMemory memory;
  private final HttpMetrics metrics;
  private final Set<ConnectionOutput> untaken = ConcurrentHashMap.newKeySet();

  ReplyMemory(HttpConfig.Output config, HttpMetrics metrics) {
    memory = new OutputMemory(config.bytesMax(), config.timeout().toMillis(), this::look);
    this.metrics = metrics;
  }

  private void look(long number) {
    untaken.forEach(output -> output.endIfStuck(number));
  }

  OutputMemory memory() {
    return memory;
  }

  /** From how many bytes on an answer has to wait now. */
  long waitingFrom() {
    if (!memory.isShort()) {
      return Long.MAX_VALUE;
    }
    return memory.isSpent() ? LARGE_BYTES_THEN : LARGE_BYTES;
  }

  /** The client of this one has something to take. */
  void add(ConnectionOutput output) {
    untaken.add(output);
  }

  void remove(ConnectionOutput output) {
    untaken.remove(output);
  }

  /** A client was cut. */
  void onCut() {
    metrics.onReplyCut();
  }
}
