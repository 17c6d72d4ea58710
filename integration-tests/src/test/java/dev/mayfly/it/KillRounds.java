package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Rounds of clients that write to a strict server until it is killed at some moment, and of what
 * the next one has: all that was shown to anybody, and nothing that nobody wrote.
 */
final class KillRounds {
  private static final int WRITING_MILLIS_MAX = 700;

  private KillRounds() {}

  /** Starts the same server again. */
  interface Start {
    ServerFixture run() throws Exception;
  }

  static void run(int rounds, Start start) throws Exception {
    long seed = Long.getLong("seed", new Random().nextLong());
    System.out.println("KillRounds: -Dseed=" + seed);
    Random random = new Random(seed);
    StrictWriters writers = new StrictWriters();
    for (int round = 0; round < rounds; round++) {
      try (ServerFixture server = start.run()) {
        assertThat(writers.wrong(server)).as("seed %d round %d", seed, round).isEmpty();
        writers.start(server);
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(writers::haveAll);
        CountDownLatch never = new CountDownLatch(1);
        assertThat(never.await(random.nextInt(WRITING_MILLIS_MAX), TimeUnit.MILLISECONDS))
            .isFalse();
        server.process().close();
        writers.awaitEnd();
      }
    }
    try (ServerFixture server = start.run()) {
      assertThat(writers.wrong(server)).as("seed %d, last", seed).isEmpty();
    }
  }
}
