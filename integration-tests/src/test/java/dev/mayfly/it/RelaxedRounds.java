package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.MayflyConnectionException;
import dev.mayfly.client.SetOptions;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Rounds of clients that write to a relaxed server until it is killed at some moment, and of what
 * the next one has: all that its metric said was written, nothing that nobody wrote, and of what
 * was acknowledged all but the last moment, the longest of which is printed.
 */
final class RelaxedRounds {
  private static final TimeSource TIME = new SystemTime();
  private static final int CLIENTS = 3;
  private static final Pattern DURABLE =
      Pattern.compile("(?m)^mayfly_journal_durable_revision (\\S+)");

  /** The promise is a tenth of a second; this is for machines on which everything waits. */
  private static final Duration LOST_MAX = Duration.ofSeconds(60);

  private RelaxedRounds() {}

  /** Starts the same server again. */
  interface Start {
    ServerFixture run(int round) throws Exception;
  }

  static void run(int rounds, Start start) throws Exception {
    long[] last = new long[CLIENTS];
    long longestNanos = 0;
    for (int round = 0; round < rounds; round++) {
      List<Writer> writers = new ArrayList<>();
      long[] written = new long[CLIENTS];
      long killedNanos;
      try (ServerFixture server = start.run(round)) {
        CountDownLatch stopped = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          Writer writer = new Writer(server.client(), "key" + i, last[i], stopped);
          writers.add(writer);
          threads.add(Thread.ofPlatform().start(writer));
        }
        for (int i = 0; i < CLIENTS; i++) {
          written[i] = awaitDurable(server, writers.get(i), last[i] + 50 + round);
        }
        killedNanos = TIME.nanos();
        server.process().close();
        assertThat(stopped.await(60, TimeUnit.SECONDS)).isTrue();
        for (Thread thread : threads) {
          thread.join();
        }
      }
      try (ServerFixture server = start.run(round)) {
        last = values(server);
        server.process().close();
        assertThat(server.process().exitCode()).isNotZero();
      }
      for (int i = 0; i < CLIENTS; i++) {
        Writer writer = writers.get(i);
        assertThat(last[i]).as("round %d", round).isBetween(written[i], writer.tried);
        longestNanos = Math.max(longestNanos, writer.lostNanos(last[i], killedNanos));
      }
    }
    System.out.printf(
        "RelaxedRounds: %d rounds took back at most %d ms%n", rounds, longestNanos / 1_000_000);
    assertThat(Duration.ofNanos(longestNanos)).isLessThan(LOST_MAX);
  }

  /** Answers a number that the server says is written. */
  private static long awaitDurable(ServerFixture server, Writer writer, long enough) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> writer.acknowledged > enough);
    // First the number, then its revision or a later one.
    long number = writer.acknowledged;
    long revision = writer.revision;
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> durableRevision(server) >= revision);
    return number;
  }

  private static long durableRevision(ServerFixture server) throws Exception {
    Matcher durable = DURABLE.matcher(JournalPlaces.monitor(server, "/metrics"));
    return durable.find() ? (long) Double.parseDouble(durable.group(1)) : -1;
  }

  private static long[] values(ServerFixture server) {
    try (MayflyClient client = server.client()) {
      return IntStream.range(0, CLIENTS)
          .mapToLong(
              i ->
                  client
                      .get("key" + i)
                      .map(value -> Long.parseLong(new String(value.bytes(), UTF_8)))
                      .orElse(0L))
          .toArray();
    }
  }

  /** Numbers that only rise, written by one client under one key. */
  private static final class Writer implements Runnable {
    private final MayflyClient client;
    private final String key;
    private final long from;
    private final CountDownLatch stopped;

    /** When each number was acknowledged; of the thread, and of others when it has ended. */
    private final List<Long> nanos = new ArrayList<>();

    volatile long acknowledged;
    volatile long revision;
    volatile long tried;

    Writer(MayflyClient client, String key, long from, CountDownLatch stopped) {
      this.client = client;
      this.key = key;
      this.from = from;
      this.stopped = stopped;
      acknowledged = from;
      tried = from;
    }

    @Override
    public void run() {
      try (client) {
        for (long n = from + 1; stopped.getCount() > 0; n++) {
          tried = n;
          String etag = client.set(key, Long.toString(n).getBytes(UTF_8), SetOptions.NONE).etag();
          nanos.add(TIME.nanos());
          revision = Long.parseLong(String.valueOf(etag).replace("\"", ""));
          acknowledged = n;
        }
      } catch (MayflyConnectionException e) {
        // The server was killed, as it is to be.
        stopped.countDown();
      }
    }

    /** How long before the kill the first number was acknowledged that is not there any more. */
    long lostNanos(long kept, long killedNanos) {
      int firstLost = (int) (kept - from);
      return firstLost >= nanos.size() ? 0 : Math.max(0, killedNanos - nanos.get(firstLost));
    }
  }
}
