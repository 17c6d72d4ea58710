package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressSpaceTest {
  private static final long MIB = 1 << 20;

  @Test
  void reserve_oneTebibyte_costsNothing() {
    try (AddressSpace space = AddressSpace.reserve(1L << 40, MemoryMode.PLAIN)) {
      Region last = space.region((1L << 40) - 4096, 4096);
      last.putLong(0, 42);

      assertThat(last.getLong(0)).isEqualTo(42);
      assertThat(space.isElastic()).isTrue();
      assertThat(ResidentMemory.bytes(space.region(0, 1L << 40))).isEqualTo(4096);
    }
  }

  @Test
  void reserve_moreThanTheAddressSpace_saysWhatFailed() {
    List<AddressSpace> spaces = new ArrayList<>();

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 4096; i++) {
                spaces.add(AddressSpace.reserve(1L << 46, MemoryMode.PLAIN));
              }
            })
        .isInstanceOfSatisfying(
            NativeMemoryException.class, e -> assertThat(e.errno()).isEqualTo(12))
        .hasMessageContaining(" bytes failed: errno 12 (ENOMEM");

    spaces.forEach(AddressSpace::close);
  }

  @Test
  void discard_touchedPages_lowersResidentMemoryAndReadsZero() {
    try (AddressSpace space = AddressSpace.reserve(256 * MIB, MemoryMode.PLAIN)) {
      Region region = space.region(0, 256 * MIB);
      region.fill(0, 128 * MIB, (byte) 1);
      assertThat(ResidentMemory.bytes(region)).isEqualTo(128 * MIB);

      region.discard(0, 64 * MIB);

      assertThat(ResidentMemory.bytes(region)).isEqualTo(64 * MIB);
      assertThat(region.getByte(64 * MIB - 1)).isZero();
      assertThat(region.getByte(64 * MIB)).isEqualTo((byte) 1);
    }
  }

  @Test
  void discard_partsOfPages_keepsThem() {
    try (AddressSpace space = AddressSpace.reserve(4 * 4096, MemoryMode.PLAIN)) {
      Region region = space.region(0, 4 * 4096);
      region.fill(0, region.size(), (byte) 1);

      region.discard(4095, 8193);

      assertThat(region.getByte(4095)).isEqualTo((byte) 1);
      assertThat(region.getByte(4096)).isZero();
      assertThat(region.getByte(3 * 4096)).isEqualTo((byte) 1);
    }
  }

  @Test
  void fallback_usedAsAnyOther_clearsOnDiscard() {
    try (AddressSpace space = new AddressSpace(new ArenaPages(4 * MIB), MemoryMode.PLAIN)) {
      Region region = space.region(2 * MIB, 2 * MIB);
      region.fill(0, region.size(), (byte) 1);

      region.discard(0, 4096);

      assertThat(space.isElastic()).isFalse();
      assertThat(region.adviseHuge(0, 2 * MIB)).isFalse();
      assertThat(region.getByte(0)).isZero();
      assertThat(region.getByte(4096)).isEqualTo((byte) 1);
      assertThat(region.address() % (2 * MIB)).isZero();
    }
  }

  @Test
  void close_twice_isHarmless() {
    AddressSpace space = AddressSpace.reserve(4096, MemoryMode.PLAIN);

    space.close();
    space.close();

    assertThat(space.size()).isEqualTo(4096);
  }

  @Test
  void region_outsideOrUnaligned_isRefused() {
    try (AddressSpace space = AddressSpace.reserve(8192, MemoryMode.PLAIN)) {
      assertThatThrownBy(() -> space.region(4096, 8192))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> space.region(1, 4096)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
