package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plants each fault that {@link MemoryMode#CHECKED} promises to find. */
class CheckedMemoryTest {
  private static final long BYTES = 4 << 20;

  private final AddressSpace space = AddressSpace.reserve(BYTES, MemoryMode.CHECKED);
  private final Region region = space.region(0, BYTES);
  private final RecordHeap heap = new RecordHeap(region, false);

  @AfterEach
  void close() {
    space.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 1000, 32_768, 40_000})
  void free_twice_isFound(int bytes) {
    heap.allocate(bytes);
    int ref = heap.allocate(bytes);
    heap.free(ref);

    assertFault(() -> heap.free(ref), "no live");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 25})
  void free_insideOfRecord_isFound(int units) {
    int ref = heap.allocate(200);

    assertFault(() -> heap.free(ref + units), "no live record");
    assertFault(() -> heap.free(0), "no live record");
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 1000, 32_768, 40_000})
  void write_pastTheEnd_isFound(int bytes) {
    int ref = heap.allocate(bytes);
    heap.allocate(bytes);
    long end = RecordHeap.offset(ref) + heap.capacity(ref);

    assertFault(() -> region.putByte(end, (byte) 1), "write");
    assertFault(() -> region.putLong(end - 4, 1), "write");
    assertFault(() -> region.putInt(end, 1), "write");
    assertFault(() -> region.copyIn(new byte[20], 0, end - 10, 20), "write");
    assertFault(() -> region.move(RecordHeap.offset(ref), end - 8, 16), "write");
    region.putLong(end - 8, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 1000, 40_000})
  void canary_overwrittenBehindTheChecks_isFoundOnFree(int bytes) {
    int ref = heap.allocate(bytes);
    RawMemory.putByte(region.address() + RecordHeap.offset(ref) + heap.capacity(ref), (byte) 1);

    assertFault(() -> heap.free(ref), "past its end");
  }

  @Test
  void use_afterFree_isFound() {
    heap.allocate(40);
    int ref = heap.allocate(40);
    long offset = RecordHeap.offset(ref);
    region.putLong(offset, 42);
    heap.free(ref);

    assertFault(() -> region.putLong(offset, 1), "write of 8 bytes at offset " + offset);
    assertFault(() -> region.putIntOpaque(offset, 1), "write");
    assertFault(() -> region.strict().getInt(offset), "read");
    assertFault(() -> region.strict().matches(offset, new byte[4], 0, 4), "read");
    assertFault(() -> region.strict().move(offset, offset, 4), "move");
    assertThat(region.getLong(offset)).isEqualTo(0xDEDEDEDEDEDEDEDEL);
  }

  @Test
  void freeRecord_writtenBehindTheChecks_isFoundOnAllocation() {
    heap.allocate(40);
    int ref = heap.allocate(40);
    heap.free(ref);
    RawMemory.putInt(region.address() + RecordHeap.offset(ref) + 20, 1);

    assertFault(() -> heap.allocate(40), "a free record was written to");
  }

  @Test
  void newRecord_isNotZero() {
    int ref = heap.allocate(40);

    assertThat(region.strict().getLong(RecordHeap.offset(ref))).isEqualTo(0xA5A5A5A5A5A5A5A5L);
  }

  @Test
  void use_ofMemoryNeverAllocated_isFound() {
    assertFault(() -> region.putInt(BYTES / 2, 1), "in no live record");
    assertFault(() -> heap.capacity(1 << 15), "no live record");
  }

  private static void assertFault(Runnable fault, String message) {
    assertThatThrownBy(fault::run)
        .isInstanceOf(MemoryCheckException.class)
        .hasMessageContaining(message);
  }
}
