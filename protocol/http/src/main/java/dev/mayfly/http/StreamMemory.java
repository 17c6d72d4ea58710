package dev.mayfly.http;

import dev.mayfly.transport.OutputMemory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The memory of what clients have not taken of answers that are made bit by bit, all connections
 * together: see {@link StreamOutput}. Safe for concurrent use.
 */
final class StreamMemory {
  private final OutputMemory memory;
  private final HttpMetrics metrics;
  private final Set<StreamOutput> untaken = ConcurrentHashMap.newKeySet();

  StreamMemory(HttpConfig.Output config, HttpMetrics metrics) {
    memory = new OutputMemory(config.bytesMax(), config.timeout().toMillis(), this::look);
    this.metrics = metrics;
  }

  private void look(long number) {
    for (StreamOutput output : untaken) {
      if (output.isStuck(number)) {
        metrics.onStreamCut();
        output.cut();
      }
    }
  }

  OutputMemory memory() {
    return memory;
  }

  /** The client of this one has something to take. */
  void add(StreamOutput output) {
    untaken.add(output);
  }

  void remove(StreamOutput output) {
    untaken.remove(output);
  }
}
