package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SizeClassesTest {
  @Test
  void size_everyRecord_fitsAndWastesLittle() {
    for (int bytes = 1; bytes <= SizeClasses.LARGEST; bytes++) {
      int size = SizeClasses.size(SizeClasses.indexOf(bytes));

      assertThat(size).isGreaterThanOrEqualTo(Math.max(bytes, SizeClasses.SMALLEST));
      assertThat(size % 4).isZero();
      if (bytes > SizeClasses.SMALLEST) {
        assertThat(size - bytes).isLessThanOrEqualTo(Math.max(3, size / 16));
      }
    }
  }

  @Test
  void indexOf_everyClassSize_isThatClass() {
    for (int index = 0; index < SizeClasses.COUNT; index++) {
      assertThat(SizeClasses.indexOf(SizeClasses.size(index))).isEqualTo(index);
      assertThat(SizeClasses.indexOf(SizeClasses.size(index) - 3)).isEqualTo(index);
    }
    assertThat(SizeClasses.size(SizeClasses.COUNT - 1)).isEqualTo(SizeClasses.LARGEST);
  }

  @Test
  void rounded_aboveTheLargest_isWholePages() {
    assertThat(SizeClasses.rounded(SizeClasses.LARGEST)).isEqualTo(SizeClasses.LARGEST);
    assertThat(SizeClasses.rounded(SizeClasses.LARGEST + 1)).isEqualTo(9 * 4096);
    assertThat(RecordHeap.classSize(100_000)).isEqualTo(25 * 4096);
  }
}
