package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordHeapTest {
  private static final long MIB = 1 << 20;

  private AddressSpace space = AddressSpace.reserve(4096, MemoryMode.PLAIN);

  @AfterEach
  void close() {
    space.close();
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void heap_randomOperations_keepsEveryRecord(MemoryMode mode) {
    Random random = Seed.random("RecordHeapTest.heap_randomOperations " + mode);
    RecordHeap heap = heap(64 * MIB, mode, true);
    HeapModel model = new HeapModel(heap, random);
    int sizeMax = 200;

    for (int i = 0; i < 30_000; i++) {
      if (i % 5_000 == 0) {
        sizeMax = random.nextBoolean() ? 200 : 20_000;
        model.verifyAll();
      }
      int freeing = i / 10_000 % 2 == 0 ? 30 : 60;
      int choice = random.nextInt(100);
      if (model.size() == 0 || choice >= freeing + 10) {
        allocate(model, random.nextInt(200) == 0 ? 100_000 : 1 + random.nextInt(sizeMax));
      } else if (choice < freeing) {
        model.freeAny();
      } else {
        model.rewriteAny();
      }
      if (i % 500 == 0 && heap.sparsestSlab() >= 0) {
        model.evacuate(heap.sparsestSlab());
      }
    }
    model.verifyAll();
    model.freeAll();

    assertThat(heap.allocatedBytes()).isZero();
    assertThat(heap.committedBytes()).isLessThanOrEqualTo(SlabTable.BYTES);
  }

  private static void allocate(HeapModel model, int bytes) {
    try {
      model.allocate(bytes);
    } catch (RegionFullException e) {
      model.freeAny();
    }
  }

  @Test
  void allocate_regionFull_throwsAndGoesOnAfterFree() {
    RecordHeap heap = heap(MIB, MemoryMode.PLAIN, false);
    ArrayDeque<Integer> refs = new ArrayDeque<>();

    assertThatThrownBy(
            () -> {
              while (true) {
                refs.add(heap.allocate(1000));
              }
            })
        .isInstanceOf(RegionFullException.class)
        .hasMessage("no room for 1024 bytes in a region of 1048576 bytes");

    assertThat(refs).hasSize(4 * 256 - 1);
    assertThatThrownBy(() -> heap.allocate(50_000)).isInstanceOf(RegionFullException.class);
    heap.free(refs.remove());
    assertThat(heap.allocate(1000)).isNotZero();
    refs.forEach(heap::free);
    assertThat(heap.allocate(700_000)).isNotZero();
  }

  @Test
  void allocate_afterFree_reusesLowestSlot() {
    RecordHeap heap = heap(MIB, MemoryMode.PLAIN, false);
    int first = heap.allocate(100);
    int second = heap.allocate(100);
    heap.allocate(100);
    heap.free(second);
    heap.free(first);

    assertThat(heap.allocate(98)).isEqualTo(first);
    assertThat(heap.allocate(98)).isEqualTo(second);
  }

  @Test
  void allocate_oneRecord_touchesOnePage() {
    RecordHeap heap = heap(16 * MIB, MemoryMode.PLAIN, true);

    heap.allocate(40);

    assertThat(heap.committedBytes()).isEqualTo(4096);
    assertThat(heap.allocatedBytes()).isEqualTo(40);
  }

  @Test
  void runs_freed_areJoinedAndReused() {
    RecordHeap heap = heap(4 * MIB, MemoryMode.PLAIN, false);
    int[] refs = new int[8];
    for (int i = 0; i < refs.length; i++) {
      refs[i] = heap.allocate(400_000);
    }
    for (int i : new int[] {1, 3, 2, 5, 4, 6}) {
      heap.free(refs[i]);
    }

    int large = heap.allocate(6 * RecordHeap.classSize(400_000));

    assertThat(large).isEqualTo(refs[6]);
    heap.free(large);
    heap.free(refs[0]);
    heap.free(refs[7]);
    assertThatThrownBy(() -> heap.allocatePages(4 * MIB)).isInstanceOf(RegionFullException.class);
    assertThat(RecordHeap.offset(heap.allocatePages(4 * MIB - 4096))).isEqualTo(4096);
  }

  @Test
  void allocatePages_large_isAlignedForHugePages() {
    RecordHeap heap = heap(64 * MIB, MemoryMode.PLAIN, true);
    heap.allocatePages(4096);

    int ref = heap.allocatePages(5 * MIB);

    long address = heap.region().address() + RecordHeap.offset(ref);
    assertThat(address % (2 * MIB)).isZero();
    int filler = heap.allocatePages(300_000);
    assertThat(RecordHeap.offset(filler)).isGreaterThan(RecordHeap.offset(ref));
  }

  @Test
  void free_mostRecords_lowersResidentMemory() {
    RecordHeap heap = heap(256 * MIB, MemoryMode.PLAIN, true);
    int count = 1_000_000;
    int[] refs = new int[count];
    for (int i = 0; i < count; i++) {
      refs[i] = heap.allocate(112);
      heap.region().putInt(RecordHeap.offset(refs[i]) + 100, i);
    }
    long full = ResidentMemory.bytes(heap.region());

    for (int ref : refs) {
      heap.free(ref);
    }

    assertThat(full).isBetween(count * 112L, count * 112L + 3 * MIB);
    assertThat(ResidentMemory.bytes(heap.region())).isLessThanOrEqualTo(SlabTable.BYTES);
  }

  @Test
  void evacuate_sparseHeap_bringsMemoryBack() {
    Random random = Seed.random("RecordHeapTest.evacuate");
    RecordHeap heap = heap(64 * MIB, MemoryMode.PLAIN, false);
    HeapModel model = new HeapModel(heap, random);
    for (int i = 0; i < 60_000; i++) {
      model.allocate(100);
    }
    for (int i = 0; i < 54_000; i++) {
      model.freeAny();
    }
    long sparse = heap.committedBytes();

    for (int slab = heap.sparsestSlab(); slab >= 0; slab = heap.sparsestSlab()) {
      model.evacuate(slab);
    }

    model.verifyAll();
    assertThat(heap.committedBytes()).isLessThan(sparse / 4);
    assertThat(heap.committedBytes()).isLessThan(heap.allocatedBytes() + 3 * SlabTable.BYTES);
  }

  @Test
  void endEvacuation_slabHandsOutAgain() {
    RecordHeap heap = heap(MIB, MemoryMode.PLAIN, false);
    int ref = heap.allocate(100);
    heap.evacuate(0);
    int elsewhere = heap.allocate(100);

    heap.endEvacuation(0);

    assertThat(RecordHeap.offset(elsewhere)).isGreaterThanOrEqualTo(SlabTable.BYTES);
    assertThat(heap.allocate(100)).isEqualTo(ref + 25);
  }

  @Test
  void nextLive_slab_givesEachLiveRecordOnce() {
    RecordHeap heap = heap(MIB, MemoryMode.PLAIN, false);
    int first = heap.allocate(100);
    int second = heap.allocate(100);
    int third = heap.allocate(100);
    heap.free(second);

    assertThat(heap.nextLive(0, 0)).isEqualTo(first);
    assertThat(heap.nextLive(0, first)).isEqualTo(third);
    assertThat(heap.nextLive(0, third)).isZero();
    assertThat(heap.nextLive(3, 0)).isZero();
  }

  @Test
  void heap_ofSixteenGibibytes_neverHandsOutTags() {
    RecordHeap heap = heap(17L << 30, MemoryMode.PLAIN, false);

    int top = heap.allocatePages(4096);

    assertThat(Integer.compareUnsigned(top + 1023, -1025)).isLessThanOrEqualTo(0);
    assertThat(RecordHeap.offset(top)).isEqualTo((16L << 30) - 2 * 4096);
  }

  private RecordHeap heap(long bytes, MemoryMode mode, boolean hugePages) {
    space.close();
    space = AddressSpace.reserve(bytes, mode);
    return new RecordHeap(space.region(0, bytes), hugePages);
  }
}
