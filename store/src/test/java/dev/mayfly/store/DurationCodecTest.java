package dev.mayfly.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationCodecTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "0s, 0",
    "5s, 5000000000",
    "300ms, 300000000",
    "1.5h, 5400000000000",
    "1h30m, 5400000000000",
    "1h15m30.918s, 4530918000000",
    "-1.5h, -5400000000000",
    "+5s, 5000000000",
    ".5s, 500000000",
    "1.s, 1000000000",
    "7ns, 7",
    "7us, 7000",
    "7µs, 7000",
    "7μs, 7000",
    "1d, 86400000000000",
    "1d12h, 129600000000000",
    "0.3333333333333333333h, 1199999999999",
    "9223372036854775807ns, 9223372036854775807",
    "-9223372036854775808ns, -9223372036854775808",
  })
  void decode_textOfTheGrammar_givesNanoseconds(String text, long nanos) {
    assertThat(DurationCodec.decode(text)).isEqualTo(Duration.ofNanos(nanos));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "3",
        "00",
        "1x",
        "s",
        ".",
        ".s",
        "-.s",
        "1h ",
        " 1h",
        "1 h",
        "1H",
        "1..5s",
        "--1s",
        "1h-5m",
        "1e3s",
        "9223372036854775808ns",
        "107000d",
        "1w",
        "\u0661s",
      })
  void decode_otherText_isRefusedWithTheText(String text) {
    assertThatThrownBy(() -> DurationCodec.decode(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("invalid duration '" + text + "'");
  }

  @Test
  void decode_endlessDigits_isRefusedAndCutInTheMessage() {
    String text = "9".repeat(1_000_000) + "s";

    assertThatThrownBy(() -> DurationCodec.decode(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .hasSizeLessThan(100);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "1, 1ns",
    "1500, 1.5us",
    "300000000, 300ms",
    "1500000000, 1.5s",
    "5000000000, 5s",
    "60000000000, 1m",
    "90000000000, 1m30s",
    "3600000000000, 1h",
    "5400000000000, 1h30m",
    "3605000000000, 1h5s",
    "86400000000000, 24h",
    "-5400000000000, -1h30m",
    "-9223372036854775808, -2562047h47m16.854775808s",
  })
  void encode_duration_givesShortForm(long nanos, String text) {
    assertThat(DurationCodec.encode(Duration.ofNanos(nanos))).isEqualTo(text);
  }

  @Test
  void encode_beyond64BitsOfNanoseconds_isRefused() {
    assertThatThrownBy(() -> DurationCodec.encode(Duration.ofDays(200_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decode_whatEncodeWrote_givesTheSameDuration() {
    long seed = Long.getLong("seed", 20_261_121L);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      Duration duration = Duration.ofNanos(random.nextLong() >> random.nextInt(64));

      assertThat(DurationCodec.decode(DurationCodec.encode(duration)))
          .as("seed %d", seed)
          .isEqualTo(duration);
    }
  }
}
