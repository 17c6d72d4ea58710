package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.EventLog;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who waits for events is called back for each, however closely the write and the wait meet: one
 * that is missed would be told with the next, or never.
 */
class AppendWaitStressTest {
  private static final int ROUNDS = Integer.getInteger("soak", 0) > 0 ? 200_000 : 10_000;
  private static final int DELAY_MAX = 1000;
  private static final int VALUE_BYTES = 2000;
  private static final Rules RULES =
      new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, false, 0, false);

  private final TimeSource time = new SystemTime();
  private final AtomicInteger round = new AtomicInteger();

  @Test
  @Timeout(600)
  void write_besideAWait_isTold() throws InterruptedException {
    long seed = Long.getLong("seed", new Random().nextLong());
    Random random = new Random(seed);
    try (MemoryKeyspace keyspace =
        new MemoryKeyspace(EngineConfig.ofBytes(64L << 20).withShards(2), time)) {
      EventLog log = keyspace.eventLog();
      long first = log.newestRevision();
      Thread writer = Thread.ofPlatform().daemon().start(() -> write(keyspace, new Random(seed)));
      for (int i = 1; i <= ROUNDS; i++) {
        Semaphore called = new Semaphore(0);
        long before = log.newestRevision();
        round.set(i);
        spin(random.nextInt(DELAY_MAX));
        log.onAppend(called::release);
        // What came before the wait is not told; the writer's next try comes later then.
        if (log.newestRevision() == before) {
          assertThat(called.tryAcquire(10, TimeUnit.SECONDS))
              .as("seed=%d round=%d", seed, i)
              .isTrue();
        } else {
          awaitWritten(log, first + i);
        }
      }
      round.set(-1);
      writer.join();
    }
  }

  private static void awaitWritten(EventLog log, long revision) {
    while (log.newestRevision() < revision) {
      Thread.onSpinWait();
    }
  }

  private static void spin(int times) {
    for (int i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }

  /** One write in each round. */
  private void write(MemoryKeyspace keyspace, Random random) {
    for (int next = 1; ; next++) {
      int now = round.get();
      while (now >= 0 && now < next) {
        Thread.onSpinWait();
        now = round.get();
      }
      if (now < 0) {
        return;
      }
      spin(random.nextInt(DELAY_MAX));
      byte[] key = {(byte) next};
      keyspace.apply(
          SetRequest.of(key, value(next), Lifespan.UNSTATED, RULES),
          new Stamp(time.millis(), "writer"));
    }
  }

  /** Long enough that it takes a while until all of it has left the writer's processor. */
  private static byte[] value(int number) {
    return ByteBuffer.allocate(VALUE_BYTES).putInt(number).array();
  }
}
