package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.Entry;
import dev.mayfly.store.IncrementRequest;
import dev.mayfly.store.KeyFilter;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.ScanPage;
import dev.mayfly.store.ScanRequest;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * Writers, readers, scans, expiry, growth, shrinking and compaction at once, on few shards, with
 * memory that is poisoned when freed. Every value says of which key it is, until when it lives, and
 * carries a checksum: a torn read, a freed record read, a record of another key or an expired read
 * would show. {@code -Dsoak=} minutes makes it long.
 */
class StressTest {
  private static final int KEYS = 20_000;
  private static final int HOT_KEYS = 4;
  private static final int HOT_BYTES = 3_000;
  private static final int COUNTERS = 50;
  private static final int HEAD = 8 + 8 + 8;
  private static final Rules RULES =
      new Rules(1, 1 << 20, Rules.UnstatedLifespan.CLEAR, true, 3, true);
  private static final Rules PLAIN_RULES =
      new Rules(1, 1 << 20, Rules.UnstatedLifespan.CLEAR, true, 0, false);

  private final long seed = Long.getLong("seed", System.identityHashCode(this));
  private final TimeSource time = new SystemTime();
  private final long end =
      time.nanos()
          + (Long.getLong("soak") == null
              ? Duration.ofSeconds(8).toNanos()
              : Duration.ofMinutes(Long.getLong("soak")).toNanos());

  @Test
  void everythingAtOnce_nothingIsLostTornOrReadAfterItsEnd() throws Exception {
    System.out.println("StressTest -Dseed=" + seed);
    EngineConfig config =
        EngineConfig.forTests().withShards(2).withBytesMax(512L << 20).withThreads(true);
    try (MemoryKeyspace keyspace = new MemoryKeyspace(config, time);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Long>> writers = new ArrayList<>();
      List<Future<Long>> others = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        SplittableRandom random = new SplittableRandom(seed + i);
        writers.add(threads.submit(() -> write(keyspace, random)));
        others.add(threads.submit(() -> read(keyspace, random.split())));
      }
      others.add(threads.submit(() -> scan(keyspace)));
      List<Future<Long>> counters = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        SplittableRandom random = new SplittableRandom(seed + 10 + i);
        counters.add(threads.submit(() -> count(keyspace, random)));
      }

      assertThat(sum(writers)).isPositive();
      assertThat(sum(others)).isPositive();
      long increments = sum(counters);
      assertThat(counted(keyspace)).as("no increment is lost").isEqualTo(increments);
    }
  }

  private static long sum(List<Future<Long>> tasks) throws Exception {
    long sum = 0;
    for (Future<Long> task : tasks) {
      sum += task.get();
    }
    return sum;
  }

  private Stamp now() {
    return new Stamp(time.millis(), "stress");
  }

  /** Waves of growth and of mass deletion, with values of many sizes, small and big ones. */
  private long write(MemoryKeyspace keyspace, SplittableRandom random) {
    long done = 0;
    while (time.nanos() < end) {
      boolean grows = (done / 30_000) % 2 == 0;
      int number = number(random);
      byte[] key = key(number);
      Stamp stamp = now();
      if (random.nextInt(10) < (grows ? 1 : 6)) {
        keyspace.apply(DeleteRequest.of(key), stamp);
      } else {
        int size = size(number, random);
        long life = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(200);
        long deadline = life == 0 ? Long.MAX_VALUE : stamp.timeMillis() + life;
        Lifespan lifespan = life == 0 ? Lifespan.CLEAR : Lifespan.until(deadline);
        keyspace.apply(
            SetRequest.of(key, value(key, deadline, size, random), lifespan, rules(number)), stamp);
      }
      done++;
    }
    return done;
  }

  private long read(MemoryKeyspace keyspace, SplittableRandom random) {
    long found = 0;
    while (time.nanos() < end) {
      byte[] key = key(number(random));
      Stamp stamp = now();
      Entry entry = keyspace.read(ReadRequest.value(key), stamp);
      if (entry != null) {
        requireSound(key, entry, stamp);
        found++;
      }
    }
    return found;
  }

  private long scan(MemoryKeyspace keyspace) {
    long found = 0;
    long cursor = ScanRequest.START;
    while (time.nanos() < end) {
      Stamp stamp = now();
      KeyFilter keys = KeyFilter.prefix("key:".getBytes(StandardCharsets.US_ASCII));
      ScanPage page = keyspace.scan(new ScanRequest(cursor, keys, 200, true), stamp);
      page.entries().forEach(scanned -> requireSound(scanned.key(), scanned.entry(), stamp));
      found += page.entries().size();
      cursor = page.cursor();
    }
    return found;
  }

  private long count(MemoryKeyspace keyspace, SplittableRandom random) {
    long done = 0;
    while (time.nanos() < end) {
      byte[] key = counter(random.nextInt(COUNTERS));
      keyspace.apply(new IncrementRequest(key, 1, Lifespan.UNSTATED, PLAIN_RULES), now());
      done++;
    }
    return done;
  }

  private long counted(MemoryKeyspace keyspace) {
    long sum = 0;
    for (int i = 0; i < COUNTERS; i++) {
      Entry entry = keyspace.read(ReadRequest.value(counter(i)), now());
      sum +=
          entry == null ? 0 : Long.parseLong(new String(entry.value(), StandardCharsets.US_ASCII));
    }
    return sum;
  }

  /** Half of all goes to a few keys, which keep their size: they are overwritten in place. */
  private static int number(SplittableRandom random) {
    return random.nextBoolean() ? random.nextInt(HOT_KEYS) : random.nextInt(KEYS);
  }

  /** Every other key keeps neither history nor metrics. */
  private static Rules rules(int number) {
    return number % 2 == 0 ? RULES : PLAIN_RULES;
  }

  private static int size(int number, SplittableRandom random) {
    if (number < HOT_KEYS) {
      return HOT_BYTES;
    }
    return random.nextInt(100) == 0 ? random.nextInt(40_000) : random.nextInt(300);
  }

  private static byte[] key(int i) {
    return ("key:" + i).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] counter(int i) {
    return ("counter:" + i).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] value(byte[] key, long deadline, int size, SplittableRandom random) {
    byte[] value = new byte[HEAD + size];
    byte[] body = new byte[size];
    random.nextBytes(body);
    System.arraycopy(body, 0, value, HEAD, size);
    ByteBuffer.wrap(value).putLong(0).putLong(deadline).putLong(Arrays.hashCode(key));
    ByteBuffer.wrap(value).putLong(checksum(value));
    return value;
  }

  private static void requireSound(byte[] key, Entry entry, Stamp stamp) {
    ByteBuffer value = ByteBuffer.wrap(entry.value());
    assertThat(value.getLong()).as("checksum").isEqualTo(checksum(entry.value()));
    assertThat(value.getLong()).as("deadline").isGreaterThan(stamp.timeMillis());
    assertThat(value.getLong()).as("key").isEqualTo(Arrays.hashCode(key));
  }

  private static long checksum(byte[] value) {
    CRC32 crc = new CRC32();
    crc.update(value, 8, value.length - 8);
    return crc.getValue();
  }
}
