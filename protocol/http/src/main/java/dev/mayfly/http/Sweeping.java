package dev.mayfly.http;

import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.SweepPage;
import dev.mayfly.store.SweepRequest;
import java.util.function.LongConsumer;

/**
 * The removal of many keys, a bounded step at a time with other requests between. It goes on to its
 * end though nobody may wait for it any more. Confined to the exchange's event loop.
 */
final class Sweeping {
  private final Door door;
  private final Exchange exchange;
  private final KeyFilter filter;
  private final boolean forced;
  private final LongConsumer onEnd;
  private long cursor = ScanRequest.START;
  private long removed;

  /**
   * Prepares it.
   *
   * @param forced whether keys that others locked go as well
   * @param onEnd told how many keys went, within an attempt of the exchange
   */
  Sweeping(Door door, Exchange exchange, KeyFilter filter, boolean forced, LongConsumer onEnd) {
    this.door = door;
    this.exchange = exchange;
    this.filter = filter;
    this.forced = forced;
    this.onEnd = onEnd;
  }

  void start() {
    exchange.attempt(this::step);
  }

  private void step() {
    SweepRequest request =
        new SweepRequest(cursor, filter, SweepRequest.What.KEYS, forced, KeyWalk.STEP_ENTRIES);
    SweepPage page = door.keyspace().sweep(request, exchange.stamp());
    removed += page.keys();
    cursor = page.cursor();
    if (page.isLast()) {
      onEnd.accept(removed);
    } else {
      door.runNext(() -> exchange.attempt(this::step));
    }
  }
}
