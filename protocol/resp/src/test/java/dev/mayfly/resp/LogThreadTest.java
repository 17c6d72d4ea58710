package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.engine.EngineConfig;
import dev.mayfly.engine.MemoryKeyspace;
import dev.mayfly.store.Entry;
import dev.mayfly.store.Event;
import dev.mayfly.store.ReservedEntries;
import dev.mayfly.store.WatchGap;
import dev.mayfly.store.WatchSink;
import dev.mayfly.store.Watches;
import dev.mayfly.testing.VirtualTime;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogThreadTest {
  private static final long MOMENT_MILLIS = 200;

  /** The engine's memory goes when the door is closed: whoever reads then ends the process. */
  @Test
  void close_afterStop_waitsForTheReaderThatWasStopped() throws Exception {
    VirtualTime time = new VirtualTime();
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    EngineConfig config = EngineConfig.ofBytes(256 << 20).withThreads(false);
    try (MemoryKeyspace keyspace = new MemoryKeyspace(config, time)) {
      ReservedEntries reserved = new ReservedEntries(Map.of(), time.millis());
      Watches watches =
          new Watches(keyspace, keyspace.eventLog(), keyspace.accesses(), reserved, time, 100);
      LogThread thread =
          new LogThread(
              "mayfly-test",
              watches,
              new Ignored(),
              () -> {
                reading.countDown();
                awaitQuietly(goOn);
              });
      thread.start();
      reading.await();
      thread.stop();
      Thread closing = Thread.ofPlatform().start(thread::close);

      closing.join(MOMENT_MILLIS);

      assertThat(closing.isAlive()).isTrue();
      goOn.countDown();
      closing.join();
    }
  }

  private static final class Ignored implements WatchSink {
    @Override
    public void onState(byte[] key, Entry entry) {}

    @Override
    public void onStateEnd() {}

    @Override
    public void onEvent(Event event) {}

    @Override
    public void onGap(WatchGap gap) {}
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
