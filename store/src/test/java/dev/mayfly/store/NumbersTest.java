package dev.mayfly.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
  private static String encoded(long number) {
    return new String(Numbers.encode(number), StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, 9, 10, 99, 100, -1, -9, -10, -99, -100, Long.MAX_VALUE, Long.MIN_VALUE})
  void encode_atTheEdges_isTheDecimalText(long number) {
    assertThat(encoded(number)).isEqualTo(Long.toString(number));
  }

  @Test
  void encode_ofAnyLength_isTheDecimalText() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      long number = random.nextLong() >> random.nextInt(Long.SIZE);

      assertThat(encoded(number)).isEqualTo(Long.toString(number));
    }
  }
}
