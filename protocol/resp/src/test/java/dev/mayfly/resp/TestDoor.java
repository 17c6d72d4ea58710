package dev.mayfly.resp;

import dev.mayfly.engine.CounterConfig;
import dev.mayfly.engine.EngineConfig;
import dev.mayfly.engine.MemoryCounters;
import dev.mayfly.engine.MemoryKeyspace;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.Durability;
import dev.mayfly.store.DurableKeyspace;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Watches;
import dev.mayfly.testing.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/** A door on a real engine with time that stands still, listening on a port of its own. */
final class TestDoor implements AutoCloseable {
  static final int PAUSE_BYTES = 64 << 10;
  static final int HELP_FROM_BYTES = 4 << 10;
  static final int CONNECTIONS_MAX = 8;
  static final int REPLY_BYTES_MAX = 1 << 20;
  static final int COMMAND_BYTES_MAX = 2 << 20;
  static final int INPUT_BYTES_MAX = 8 << 20;
  static final int OUTPUT_BYTES_MAX = 4 << 20;
  static final int OUTPUT_TIMEOUT_MILLIS = 300;
  static final int WATCHED_MAX = 5;
  static final int KEPT_BYTES_MAX = 64 << 10;
  static final int TRACKED_MAX = 20;

  final VirtualTime time = new VirtualTime();
  final MemoryKeyspace keyspace;
  final MemoryCounters counters;
  private final RespListener listener;
  private final int port;

  TestDoor() {
    this(Durability.NONE);
  }

  /** One whose replies wait until what they show is durable. */
  TestDoor(Durability durability) {
    EngineConfig engine =
        EngineConfig.ofBytes(256 << 20).withEventBytesMax(1 << 20).withThreads(false);
    keyspace = new MemoryKeyspace(engine, time);
    CounterPolicy policy = CounterPolicy.ofWindow(60_000);
    counters = new MemoryCounters(CounterConfig.forTests(policy), time);
    Watches watches =
        new Watches(
            keyspace,
            keyspace.eventLog(),
            keyspace.accesses(),
            new ReservedEntries(Map.of(), time.millis()),
            time,
            100);
    Rules rules = new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, true, 0, false);
    DurableKeyspace durable = new DurableKeyspace(keyspace, keyspace, keyspace, durability);
    RespConfig config =
        new RespConfig(
            "1.2.3",
            2,
            HELP_FROM_BYTES,
            CONNECTIONS_MAX,
            1000,
            COMMAND_BYTES_MAX,
            4096,
            INPUT_BYTES_MAX,
            PAUSE_BYTES,
            256 << 10,
            OUTPUT_BYTES_MAX,
            OUTPUT_TIMEOUT_MILLIS,
            REPLY_BYTES_MAX,
            10,
            WATCHED_MAX,
            TRACKED_MAX,
            KEPT_BYTES_MAX,
            false,
            false,
            rules);
    listener =
        new RespListener(
            config,
            new RespStore(durable, durable, watches, counters, counters, durability, time),
            RespMetrics.NONE);
    try {
      port = listener.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What its connections share. */
  RespDoor door() {
    return listener.door();
  }

  RespClient connect() {
    return new RespClient(port);
  }

  @Override
  public void close() {
    try {
      listener.stop(Duration.ZERO);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    keyspace.close();
    counters.close();
  }
}
