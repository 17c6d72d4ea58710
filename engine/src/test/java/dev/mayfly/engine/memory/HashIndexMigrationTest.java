package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes and look-ups right at the frontier of a migration, where random ones seldom come. */
class HashIndexMigrationTest {
  private static final int SIZE = 100_000;
  private static final int REF = 7;

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

  private HashIndex newIndex() {
    space.close();
    space = AddressSpace.reserve(64 << 20, MemoryMode.PLAIN);
    return new HashIndex(new RecordHeap(space.region(0, 64 << 20), false));
  }

  /** As a sweep does: each removal is of the lowest hash that is there. */
  private static void sweep(HashIndex index, List<Integer> hashes, int until) {
    while (hashes.size() > until) {
      int hash = hashes.removeLast();
      assertThat(index.remove(hash, REF)).isTrue();
      assertThat(index.reach()).isLessThanOrEqualTo(HashIndex.REACH_MAX);
    }
  }

  private static List<Integer> insertAtRandom(HashIndex index, int count, Random random) {
    List<Integer> hashes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hashes.add(random.nextInt());
      index.insert(hashes.getLast(), REF);
    }
    hashes.sort(Integer::compareUnsigned);
    return hashes.reversed();
  }

  /** The sweep of four million keys took two minutes, when the index shrank by their number. */
  @Test
  void indexThatIsSwept_keepsEntriesNearTheirHomes_andShrinksInTheEnd() {
    HashIndex index = newIndex();
    List<Integer> hashes = insertAtRandom(index, 2 * SIZE, Seed.random("swept"));
    long bytes = index.bytes();

    sweep(index, new ArrayList<>(hashes), 0);

    while (index.isMigrating()) {
      index.step(1000);
    }
    index.step(1);
    while (index.isMigrating()) {
      index.step(1000);
    }
    assertThat(index.bytes()).isLessThan(bytes / 20);
  }

  @Test
  void indexThatWasSweptInPart_thenFilled_keepsEntriesNearTheirHomes() {
    HashIndex index = newIndex();
    Random random = Seed.random("swept in part");
    List<Integer> hashes = insertAtRandom(index, 2 * SIZE, random);
    sweep(index, new ArrayList<>(hashes), SIZE / 2);

    for (int i = 0; i < 4 * SIZE; i++) {
      index.insert(random.nextInt(), REF);
    }

    while (index.isMigrating()) {
      index.step(1000);
    }
    assertThat(index.reach()).isLessThanOrEqualTo(HashIndex.REACH_MAX);
  }

  /** As who writes back what a scan told: it took minutes, when each looked through all before. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Timeout(10)
  void indexFilledInTheOrderOfHashes_findsAll_andIsChangedAsEver(boolean ascending) {
    HashIndex index = newIndex();
    Random random = Seed.random("in order");
    IndexModel model = new IndexModel(index, random);
    List<Integer> hashes = new ArrayList<>();
    for (int i = 0; i < (ascending ? 4 * SIZE : SIZE / 2); i++) {
      hashes.add(random.nextInt());
    }
    hashes.sort(Integer::compareUnsigned);

    for (int hash : ascending ? hashes : hashes.reversed()) {
      model.insert(hash);
      if (random.nextInt(1000) == 0) {
        changeAnywhere(model, random);
      }
    }

    model.verifyAll();
  }

  private static void changeAnywhere(IndexModel model, Random random) {
    int hash = random.nextInt();
    model.insert(hash);
    model.verifyNext(hash);
    model.verifyNext(random.nextInt());
    model.removeNext(random.nextInt());
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
