package dev.mayfly.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1000000, 1000000",
    "17b, 17",
    "10kb, 10000",
    "10kB, 10000",
    "1KiB, 1024",
    "64MiB, 67108864",
    "64 mib, 67108864",
    "1.5GiB, 1610612736",
    "2GB, 2000000000",
    "1TiB, 1099511627776",
    "3TB, 3000000000000",
    "9223372036854775807, 9223372036854775807",
  })
  void parse_size_givesBytes(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "MiB",
        "-1",
        "+1",
        "1.5",
        "1..5KiB",
        "10m",
        "10k",
        "1e3",
        " 1",
        "1 000",
        "9223372036854775808",
        "8388608TiB",
        "0.3KiB",
        "1MiB2",
        "\u0661KiB",
      })
  void parse_otherText_isRefusedWithTheText(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "invalid size '"
                + text
                + "': expected a number of bytes or a size such as 64MiB or 10kB");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "1000, 1kB",
    "1024, 1KiB",
    "1000000, 1MB",
    "67108864, 64MiB",
    "1610612736, 1536MiB",
    "1001, 1001",
    "9223372036854775807, 9223372036854775807",
  })
  void toString_size_isReadBackAsTheSame(long bytes, String text) {
    ByteSize size = new ByteSize(bytes);

    assertThat(size).hasToString(text);
    assertThat(ByteSize.parse(text)).isEqualTo(size);
  }

  @Test
  void constructor_negative_isRefused() {
    assertThatThrownBy(() -> new ByteSize(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void clampedToInt_moreThanAnInt_isTheLargestInt() {
    assertThat(new ByteSize(5L << 30).clampedToInt()).isEqualTo(Integer.MAX_VALUE);
    assertThat(new ByteSize(5).clampedToInt()).isEqualTo(5);
  }
}
