package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A reader without the lock beside a writer that grows and shrinks the index, moves records and
 * frees them: with the sequence's check, what it reads is always right, and without it never fatal.
 */
@ParameterizedClass
@EnumSource(MemoryMode.class)
class HashIndexConcurrencyTest {
  private static final int KEYS = 4_000;

  /** Keys that half of all operations go to; multiples of 8, so they are always there. */
  private static final int HOT_KEYS = 8;

  private static final int EVENLY = 0x9E3779B1;

  /** All keys have the same home slot, far from where most of them are. */
  private static final int TOGETHER = 1;

  private static final int PHASES_MIN = 100;
  private static final int VALIDATED_MIN = 1_000;
  private static final int RECORD_BYTES = 256;
  private static final long BYTES = 64 << 20;

  private final AtomicLong sequence = new AtomicLong();
  private final int[] refs = new int[KEYS];
  private final MemoryMode mode;
  private final AddressSpace space;
  private final RecordHeap heap;
  private final HashIndex index;
  private volatile boolean written;
  private final AtomicLong validated = new AtomicLong();

  /** What a key is multiplied with to get its hash. */
  private int spread = EVENLY;

  HashIndexConcurrencyTest(MemoryMode mode) {
    this.mode = mode;
    space = AddressSpace.reserve(BYTES, mode);
    heap = new RecordHeap(space.region(0, BYTES), false);
    index = new HashIndex(heap);
  }

  @AfterEach
  void close() {
    space.close();
  }

  @Test
  void find_besideWriter_givesOnlyWhatIsThere() throws InterruptedException {
    findBesideWriter();
  }

  @Test
  void find_besideWriter_farFromHome_givesOnlyWhatIsThere() throws InterruptedException {
    spread = TOGETHER;
    findBesideWriter();
    assertThat(index.reach()).isGreaterThan(KEYS / 8);
  }

  private void findBesideWriter() throws InterruptedException {
    Random random = Seed.random("HashIndexConcurrencyTest " + mode);
    for (int key = 0; key < KEYS; key += 8) {
      insert(key);
    }
    long readerSeed = random.nextLong();

    try (ExecutorService readers = Executors.newSingleThreadExecutor()) {
      Future<?> reader = readers.submit(() -> read(new Random(readerSeed)));
      int phase = 0;
      while (phase < PHASES_MIN || (validated.get() < VALIDATED_MIN && !reader.isDone())) {
        write(random, phase % 2 == 0);
        phase++;
      }
      written = true;
      requireDone(reader);
    }
  }

  private static void requireDone(Future<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw new AssertionError("the reader failed", e.getCause());
    }
  }

  /** Brings keys in or takes them out, but every eighth stays; moves some of any kind. */
  private void write(Random random, boolean growing) {
    for (int i = 0; i < KEYS; i++) {
      int key = anyKey(random);
      long before = sequence.getOpaque();
      sequence.setOpaque(before + 1);
      VarHandle.storeStoreFence();
      if (refs[key] == 0) {
        if (growing) {
          insert(key);
        }
      } else if (growing || key % 8 == 0) {
        move(key);
      } else {
        remove(key);
      }
      sequence.setRelease(before + 2);
    }
  }

  private void insert(int key) {
    int ref = heap.allocate(RECORD_BYTES);
    for (int at = 0; at < RECORD_BYTES; at += 8) {
      heap.region().putLong(RecordHeap.offset(ref) + at, key);
    }
    index.insert(hash(key), ref);
    refs[key] = ref;
  }

  private void move(int key) {
    int ref = heap.allocate(RECORD_BYTES);
    heap.region().move(RecordHeap.offset(refs[key]), RecordHeap.offset(ref), RECORD_BYTES);
    index.replace(hash(key), refs[key], ref);
    heap.free(refs[key]);
    refs[key] = ref;
  }

  private void remove(int key) {
    index.remove(hash(key), refs[key]);
    heap.free(refs[key]);
    refs[key] = 0;
  }

  private void read(Random random) {
    Region region = heap.region();
    HashIndex.KeyMatcher matcher =
        (ref, key) -> region.matches(RecordHeap.offset(ref), key, 0, key.length);
    byte[] bytes = new byte[8];
    byte[] record = new byte[RECORD_BYTES];
    while (!written) {
      int key = anyKey(random);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(key);
      long before = sequence.getAcquire();
      int ref = index.find(hash(key), bytes, matcher);
      region.copyOut(RecordHeap.offset(ref), record, 0, RECORD_BYTES);
      VarHandle.acquireFence();
      boolean valid = before % 2 == 0 && before == sequence.getOpaque();
      if (valid) {
        validated.incrementAndGet();
        if (ref == 0) {
          assertThat(key % 8).as("key %s is always there", key).isNotZero();
        } else {
          assertThat(isWhole(record, key)).as("record of key %s", key).isTrue();
        }
      }
    }
  }

  private static boolean isWhole(byte[] record, int key) {
    ByteBuffer content = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    while (content.hasRemaining()) {
      if (content.getLong() != key) {
        return false;
      }
    }
    return true;
  }

  private static int anyKey(Random random) {
    return random.nextBoolean() ? random.nextInt(KEYS) : 8 * random.nextInt(HOT_KEYS);
  }

  private int hash(int key) {
    return key * spread;
  }
}
