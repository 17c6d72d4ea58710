package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashIndexTest {
  private static final long MIB = 1 << 20;

  /** How test hashes are made from random ones: the worst that could come. */
  enum Hashes {
    UNIFORM,
    FEW,
    HIGH,
    CLUSTERED,
    ENDS;

    int shape(int hash) {
      return switch (this) {
        case UNIFORM -> hash;
        case FEW -> hash & 0x7;
        case HIGH -> hash | 0xFFFF_F000;
        case CLUSTERED -> hash & 0xF000_00FF;
        case ENDS -> hash < 0 ? -1 : 0;
      };
    }
  }

  private AddressSpace space = AddressSpace.reserve(4096, MemoryMode.PLAIN);

  @AfterEach
  void close() {
    space.close();
  }

  @ParameterizedTest
  @EnumSource(Hashes.class)
  void index_randomOperations_agreesWithMap(Hashes hashes) {
    Random random = Seed.random("HashIndexTest.index_randomOperations " + hashes);
    IndexModel model = new IndexModel(index(64 * MIB, MemoryMode.CHECKED), random);
    int sizeMax = hashes == Hashes.UNIFORM ? 10_000 : 1_000;

    for (int phase = 0; phase < 8; phase++) {
      int goal = random.nextInt(sizeMax);
      for (int i = 0; i < sizeMax; i++) {
        int adding = model.size() < goal ? 70 : 20;
        int choice = random.nextInt(100);
        if (choice < adding || model.size() == 0) {
          model.insert(hashes.shape(random.nextInt()));
        } else if (choice < 95) {
          model.removeAny();
        } else {
          model.replaceAny();
        }
        model.verifyAny();
      }
      model.verifyAll();
    }
  }

  @ParameterizedTest
  @EnumSource(Hashes.class)
  void scan_whileGrowingAndShrinking_visitsWhatStaysOnce(Hashes hashes) {
    Random random = Seed.random("HashIndexTest.scan " + hashes);
    IndexModel model = new IndexModel(index(64 * MIB, MemoryMode.PLAIN), random);
    int sizeMax = hashes == Hashes.UNIFORM ? 10_000 : 1_000;

    for (int round = 0; round < 15; round++) {
      int goal = random.nextInt(sizeMax);
      model.startScan();
      while (model.isScanning()) {
        model.scanSome(1 + random.nextInt(100));
        int changes = random.nextInt(200);
        for (int i = 0; i < changes; i++) {
          if (model.size() < goal || model.size() == 0) {
            model.insert(hashes.shape(random.nextInt()));
          } else {
            model.removeAny();
          }
        }
      }
      model.verifyScan();
    }
  }

  @Test
  void scan_equalHashes_areNeverSplit() {
    HashIndex index = index(MIB, MemoryMode.CHECKED);
    for (int ref = 1; ref <= 10; ref++) {
      index.insert(7, ref);
      index.insert(9, 10 + ref);
    }
    List<Integer> visited = new ArrayList<>();

    long next = index.scan(0, 3, visited::add);

    assertThat(visited).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(next).isEqualTo(9);
    assertThat(index.scan(next, 100, visited::add)).isEqualTo(-1);
    assertThat(visited).hasSize(20);
  }

  @Test
  void scan_emptyTable_endsInBoundedSteps() {
    HashIndex index = index(MIB, MemoryMode.PLAIN);
    long from = 0;
    int calls = 0;

    while (from >= 0) {
      from = index.scan(from, 1, ref -> assertThat(ref).isZero());
      calls++;
    }

    assertThat(calls).isBetween(2, 512);
    assertThatThrownBy(() -> index.scan(-1, 1, ref -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void size_grownAndEmptied_shrinksBackToAPage() {
    HashIndex index = index(64 * MIB, MemoryMode.PLAIN);
    Random random = Seed.random("HashIndexTest.size");
    int[] hashes = random.ints(200_000).toArray();
    for (int i = 0; i < hashes.length; i++) {
      index.insert(hashes[i], i + 1);
    }
    long full = index.bytes();

    for (int i = 0; i < hashes.length; i++) {
      assertThat(index.remove(hashes[i], i + 1)).isTrue();
    }
    for (int i = 0; i < 1000; i++) {
      index.step(64);
    }

    assertThat(full).isLessThan(200_000 * 8 * 3);
    assertThat(index.bytes()).isEqualTo(4096);
    assertThat(index.isMigrating()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void index_growing_holdsLittleMoreThanOneTable(boolean hugePages) {
    space.close();
    space = AddressSpace.reserve(256 * MIB, MemoryMode.PLAIN);
    Region region = space.region(0, 256 * MIB);
    HashIndex index = new HashIndex(new RecordHeap(region, hugePages));
    double most = 0;

    for (int size = 1; size <= 1_000_000; size++) {
      index.insert(size * 0x9E3779B1, size);
      if (size > 500_000 && size % 10_000 == 0) {
        most = Math.max(most, (double) ResidentMemory.bytes(region) / size);
      }
    }

    assertThat(most).isBetween(8 / 0.85, hugePages ? 16.0 : 12.0);
  }

  @Test
  void insert_regionFull_throwsAndChangesNothing() {
    HashIndex index = index(64 << 10, MemoryMode.CHECKED);
    Random random = Seed.random("HashIndexTest.regionFull");
    IndexModel model = new IndexModel(index, random);

    assertThatThrownBy(
            () -> {
              while (true) {
                model.insert(random.nextInt());
              }
            })
        .isInstanceOf(RegionFullException.class);

    assertThat(model.size()).isGreaterThan(2_000);
    model.verifyAll();
    while (model.size() > 0) {
      model.removeAny();
    }
    model.verifyAll();
    for (int i = 0; i < 2_000; i++) {
      model.insert(random.nextInt());
    }
    model.verifyAll();
  }

  @Test
  void sample_givesNextEntryAndWraps() {
    HashIndex index = index(MIB, MemoryMode.CHECKED);
    assertThat(index.sample(5)).isZero();
    index.insert(10, 1);
    index.insert(-10, 2);

    assertThat(index.sample(0)).isEqualTo(1);
    assertThat(index.sample(10)).isEqualTo(1);
    assertThat(index.sample(11)).isEqualTo(2);
    assertThat(index.sample(-10)).isEqualTo(2);
    assertThat(index.sample(-9)).isEqualTo(1);
  }

  @Test
  void change_absentEntry_isRefused() {
    HashIndex index = index(MIB, MemoryMode.CHECKED);
    index.insert(10, 1);

    assertThat(index.remove(10, 2)).isFalse();
    assertThat(index.remove(11, 1)).isFalse();
    assertThatThrownBy(() -> index.replace(10, 2, 3)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> index.insert(10, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(index.size()).isOne();
  }

  private HashIndex index(long bytes, MemoryMode mode) {
    space.close();
    space = AddressSpace.reserve(bytes, mode);
    return new HashIndex(new RecordHeap(space.region(0, bytes), false));
  }
}
