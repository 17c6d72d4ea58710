package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes and look-ups right at the frontier of a migration, where random ones seldom come. */
class HashIndexMigrationTest {
  private static final int SIZE = 100_000;

  private AddressSpace space = AddressSpace.reserve(4096, MemoryMode.PLAIN);

  @AfterEach
  void close() {
    space.close();
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void index_changedAtTheFrontier_losesNothing(MemoryMode mode) {
    Random random = Seed.random("HashIndexMigrationTest " + mode);
    space.close();
    space = AddressSpace.reserve(64 << 20, mode);
    HashIndex index = new HashIndex(new RecordHeap(space.region(0, 64 << 20), false));
    IndexModel model = new IndexModel(index, random);
    while (model.size() < SIZE || !index.isMigrating()) {
      model.insert(random.nextInt());
    }
    int steps = 0;

    while (index.isMigrating()) {
      index.step(1);
      model.verifyNext((int) Math.min(index.frontier(), -1L >>> 32));
      if (steps++ % 50 == 0) {
        changeAtTheFrontier(index, model, random);
      }
    }

    assertThat(steps).isGreaterThan(SIZE / 2);
    model.verifyAll();
  }

  private static void changeAtTheFrontier(HashIndex index, IndexModel model, Random random) {
    long slotWidth = (1L << 32) / SIZE;
    long near = index.frontier() + random.nextLong(-4 * slotWidth, 4 * slotWidth);
    int hash = (int) Math.clamp(near, 0, -1L >>> 32);
    if (random.nextBoolean()) {
      model.insert(hash);
    } else {
      model.removeNext(hash);
    }
    model.verifyNext(hash);
  }
}
