package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/** A heap beside a plain map of what it should hold; each record is filled from its own seed. */
final class HeapModel {
  private record Held(int bytes, int capacity, long content) {}

  private final RecordHeap heap;
  private final Region region;
  private final Random random;
  private final TreeMap<Long, Held> held = new TreeMap<>();
  private final List<Integer> refs = new ArrayList<>();

  HeapModel(RecordHeap heap, Random random) {
    this.heap = heap;
    this.random = random;
    region = heap.region().strict();
  }

  int size() {
    return refs.size();
  }

  int allocate(int bytes) {
    int ref = heap.allocate(bytes);
    long offset = RecordHeap.offset(ref);
    int capacity = heap.capacity(ref);
    assertThat(ref).isNotZero();
    assertThat(capacity).isEqualTo(RecordHeap.classSize(bytes)).isGreaterThanOrEqualTo(bytes);
    Map.Entry<Long, Held> below = held.lowerEntry(offset + capacity);
    assertThat(below == null || below.getKey() + below.getValue().capacity() <= offset).isTrue();
    held.put(offset, fill(offset, bytes, capacity));
    refs.add(ref);
    return ref;
  }

  void freeAny() {
    int index = random.nextInt(refs.size());
    int ref = refs.set(index, refs.getLast());
    refs.removeLast();
    verify(RecordHeap.offset(ref));
    held.remove(RecordHeap.offset(ref));
    heap.free(ref);
  }

  void freeAll() {
    while (!refs.isEmpty()) {
      freeAny();
    }
  }

  /** Writes a record anew within its class. */
  void rewriteAny() {
    long offset = RecordHeap.offset(refs.get(random.nextInt(refs.size())));
    int capacity = verify(offset).capacity();
    held.put(offset, fill(offset, 1 + random.nextInt(capacity), capacity));
  }

  /** Empties the slab the way a compaction does; returns how many records it moved. */
  int evacuate(int slab) {
    heap.evacuate(slab);
    int moved = 0;
    for (int ref = heap.nextLive(slab, 0); ref != 0; ref = heap.nextLive(slab, ref)) {
      long from = RecordHeap.offset(ref);
      Held record = verify(from);
      int target = heap.allocate(record.bytes());
      long to = RecordHeap.offset(target);
      assertThat(to >>> SlabTable.SHIFT).isNotEqualTo(slab);
      region.move(from, to, record.bytes());
      heap.free(ref);
      held.remove(from);
      held.put(to, new Held(record.bytes(), heap.capacity(target), record.content()));
      refs.set(refs.indexOf(ref), target);
      moved++;
    }
    return moved;
  }

  void verifyAll() {
    long bytes = 0;
    for (long offset : held.keySet()) {
      bytes += verify(offset).capacity();
    }
    assertThat(heap.allocatedBytes()).isGreaterThanOrEqualTo(bytes);
    assertThat(heap.committedBytes()).isGreaterThanOrEqualTo(bytes);
  }

  private Held fill(long offset, int bytes, int capacity) {
    long content = random.nextLong();
    byte[] value = content(content, bytes);
    region.copyIn(value, 0, offset, bytes);
    return new Held(bytes, capacity, content);
  }

  private Held verify(long offset) {
    Held record = Objects.requireNonNull(held.get(offset), "no record is held there");
    byte[] value = content(record.content(), record.bytes());
    assertThat(region.matches(offset, value, 0, value.length)).as("at %s", offset).isTrue();
    return record;
  }

  private static byte[] content(long seed, int bytes) {
    byte[] value = new byte[bytes];
    new Random(seed).nextBytes(value);
    return value;
  }
}
