package dev.mayfly.resp;

import dev.mayfly.store.MemoryBudget;

/**
 * How many bytes one client has the door remember: names of channels, patterns, prefixes, watches,
 * keys to watch. All clients share a budget. Confined to the thread that serves the connection.
 */
final class KeptBytes {
  /** What one thing takes beside the bytes that the client sent: places in several maps. */
  static final int OVERHEAD = 256;

  private final MemoryBudget budget;
  private long taken;

  KeptBytes(MemoryBudget budget) {
    this.budget = budget;
  }

  /**
   * Takes so many bytes.
   *
   * @throws RespException when they are not left; nothing is taken then
   */
  void take(long bytes) {
    if (!budget.tryTake(bytes)) {
      throw new RespException(
          "ERR channels, watches and keys to watch exceed %d bytes, of all clients together"
              .formatted(budget.bytesMax()));
    }
    taken += bytes;
  }

  void giveBack(long bytes) {
    budget.giveBack(bytes);
    taken -= bytes;
  }

  /** The client has left: nothing of it is remembered. */
  void giveBackAll() {
    giveBack(taken);
  }
}
