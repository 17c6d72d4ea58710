package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegionTest {
  private static final int SIZE = 8192;

  private AddressSpace space = AddressSpace.reserve(3 * SIZE, MemoryMode.PLAIN);

  @AfterEach
  void close() {
    space.close();
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void accessors_anyOffset_agreeWithByteBuffer(MemoryMode mode) {
    Region region = region(mode);
    ByteBuffer model = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    Random random = Seed.random("RegionTest.accessors");

    for (int i = 0; i < 20_000; i++) {
      int at = random.nextInt(8) == 0 ? SIZE - 8 : random.nextInt(SIZE - 7);
      long value = random.nextLong();
      put(region, model, random.nextInt(7), at, value);
      assertThat(region.getLong(at)).isEqualTo(model.getLong(at));
      assertThat(region.getInt(at + 4)).isEqualTo(model.getInt(at + 4));
      assertThat(region.getShort(at + 6)).isEqualTo(model.getShort(at + 6));
      assertThat(region.getByte(at + 7)).isEqualTo(model.get(at + 7));
      assertThat(region.getLong48(at + 2)).isEqualTo(model.getLong(at) >>> 16);
      assertThat(region.getIntOpaque(at)).isEqualTo(model.getInt(at));
      assertThat(region.getLongOpaque(at)).isEqualTo(model.getLong(at));
    }
  }

  private static void put(Region region, ByteBuffer model, int kind, int at, long value) {
    switch (kind) {
      case 0 -> {
        region.putByte(at, (byte) value);
        model.put(at, (byte) value);
      }
      case 1 -> {
        region.putShort(at, (short) value);
        model.putShort(at, (short) value);
      }
      case 2 -> {
        region.putInt(at, (int) value);
        model.putInt(at, (int) value);
      }
      case 3 -> {
        region.putLong(at, value);
        model.putLong(at, value);
      }
      case 4 -> {
        region.putLong48(at, value);
        model.putInt(at, (int) value);
        model.putShort(at + 4, (short) (value >>> 32));
      }
      case 5 -> {
        region.putIntOpaque(at & -4, (int) value);
        model.putInt(at & -4, (int) value);
      }
      default -> {
        region.putLongOpaque(at & -8, value);
        model.putLong(at & -8, value);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void copies_anyRange_keepBytes(MemoryMode mode) {
    Region region = region(mode);
    Random random = Seed.random("RegionTest.copies");

    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      int from = random.nextInt(bytes.length + 1);
      int length = bytes.length - from;
      int at = random.nextInt(SIZE - length);
      region.copyIn(bytes, from, at, length);
      byte[] back = new byte[length + 3];
      region.copyOut(at, back, 3, length);
      assertThat(Arrays.copyOfRange(back, 3, back.length))
          .isEqualTo(Arrays.copyOfRange(bytes, from, bytes.length));
      assertThat(region.matches(at, bytes, from, length)).isTrue();
      if (length > 0) {
        bytes[from + random.nextInt(length)] ^= 1;
        assertThat(region.matches(at, bytes, from, length)).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void move_overlapping_keepsBytes(MemoryMode mode) {
    Region region = region(mode);
    byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8};
    region.copyIn(bytes, 0, 100, 8);

    region.move(100, 103, 8);

    assertThat(region.matches(103, bytes, 0, 8)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, SIZE, SIZE + 1, Long.MAX_VALUE, Long.MIN_VALUE})
  void reads_outside_giveZeroAndNothing(long offset) {
    for (MemoryMode mode : MemoryMode.values()) {
      Region region = region(mode);
      region.fill(0, SIZE, (byte) 7);
      byte[] target = {1, 2, 3};

      assertThat(region.getByte(offset)).isZero();
      assertThat(region.getShort(offset)).isZero();
      assertThat(region.getInt(offset)).isZero();
      assertThat(region.getLong(offset)).isZero();
      assertThat(region.getLong48(offset)).isZero();
      assertThat(region.getIntOpaque(offset)).isZero();
      assertThat(region.getLongOpaque(offset)).isZero();
      assertThat(region.matches(offset, target, 0, 3)).isFalse();
      region.copyOut(offset, target, 0, 3);
      assertThat(target).containsExactly(1, 2, 3);
    }
  }

  @ParameterizedTest
  @EnumSource(MemoryMode.class)
  void reads_acrossTheEnd_areCut(MemoryMode mode) {
    Region region = region(mode);
    region.fill(0, SIZE, (byte) 7);
    byte[] target = {1, 1, 1, 1};

    region.copyOut(SIZE - 2, target, 0, 4);

    assertThat(target).containsExactly(7, 7, 1, 1);
    assertThat(region.getInt(SIZE - 3)).isZero();
    assertThat(region.getLong(SIZE - 7)).isZero();
    assertThat(region.matches(SIZE - 2, target, 0, 4)).isFalse();
    assertThat(region.matches(SIZE - 2, target, 0, -1)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, SIZE, SIZE - 1, Long.MAX_VALUE, Long.MIN_VALUE})
  void writesAndStrictReads_outside_throw(long offset) {
    for (MemoryMode mode : MemoryMode.values()) {
      Region region = region(mode);
      Region strict = region.strict();

      assertOutside(() -> region.putShort(offset, (short) 1));
      assertOutside(() -> region.putInt(offset, 1));
      assertOutside(() -> region.putLong(offset, 1));
      assertOutside(() -> region.putLong48(offset, 1));
      assertOutside(() -> region.copyIn(new byte[2], 0, offset, 2));
      assertOutside(() -> region.move(offset, 0, 2));
      assertOutside(() -> region.move(0, offset, 2));
      assertOutside(() -> region.discard(offset, 2));
      assertOutside(() -> strict.getInt(offset));
      assertOutside(() -> strict.copyOut(offset, new byte[2], 0, 2));
      assertOutside(() -> strict.matches(offset, new byte[2], 0, 2));
    }
  }

  private static void assertOutside(Runnable access) {
    assertThatThrownBy(access::run).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private Region region(MemoryMode mode) {
    space.close();
    space = AddressSpace.reserve(3 * SIZE, mode);
    return space.region(SIZE, SIZE);
  }
}
