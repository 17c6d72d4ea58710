package dev.mayfly.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {
  private static final int DRAWS = 200_000;
  private static final long SEED = 20_261;

  private static Map<Long, Integer> drawn(Distribution distribution, long keys) {
    KeyPicker picker = KeyPicker.of(distribution, keys);
    Draw draw = new Draw(SEED);
    Map<Long, Integer> counts = new HashMap<>();
    for (long i = 0; i < DRAWS; i++) {
      draw.begin(i);
      long key = picker.pick(i, draw);
      assertThat(key).isBetween(0L, keys - 1);
      counts.merge(key, 1, Integer::sum);
    }
    return counts;
  }

  /** Five standard deviations: the seed is fixed, so that this is a check and no gamble. */
  private static void assertShare(int count, double share) {
    double expected = DRAWS * share;
    double deviation = Math.sqrt(DRAWS * share * (1 - share));
    assertThat((double) count).isBetween(expected - 5 * deviation, expected + 5 * deviation);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.99, 1, 1.5, 3})
  void zipf_ranks_areAsLikelyAsTheyShouldBe(double exponent) {
    int keys = 1000;
    double sum = 0;
    for (int rank = 1; rank <= keys; rank++) {
      sum += Math.pow(rank, -exponent);
    }

    Map<Long, Integer> counts = drawn(new Distribution.Zipf(exponent), keys);

    for (int rank = 1; rank <= 50; rank++) {
      assertShare(counts.getOrDefault(rank - 1L, 0), Math.pow(rank, -exponent) / sum);
    }
  }

  @Test
  void zipf_ofOneKey_andOfVeryMany_staysInRange() {
    assertThat(drawn(new Distribution.Zipf(0.99), 1)).containsOnlyKeys(0L);
    assertThat(drawn(new Distribution.Zipf(0.99), Workload.KEYS_MAX)).hasSizeGreaterThan(1000);
  }

  @Test
  void uniform_keys_areEquallyLikely() {
    Map<Long, Integer> counts = drawn(new Distribution.Uniform(), 20);

    assertThat(counts).hasSize(20);
    counts.values().forEach(count -> assertShare(count, 0.05));
  }

  @Test
  void hot_key_hasItsShare_andItsPartOfTheRest() {
    Map<Long, Integer> counts = drawn(new Distribution.Hot(70), 10);

    assertShare(counts.getOrDefault(0L, 0), 0.73);
    assertShare(counts.getOrDefault(9L, 0), 0.03);
  }

  @Test
  void sequential_keys_goRound() {
    Map<Long, Integer> counts = drawn(new Distribution.Sequential(), 7);

    assertThat(counts.getOrDefault(0L, 0) - counts.getOrDefault(6L, 0)).isBetween(0, 1);
  }

  @Test
  void operations_followFromTheSeed_inAnyOrder() {
    Workload workload =
        new Workload("k:", 1000, new Distribution.Zipf(1), 30, new ValueSize(1, 100), null, SEED);
    KeyPicker picker = KeyPicker.of(workload.distribution(), workload.keys());
    byte[] pool = Operations.pool(workload);
    Operations forward = new Operations(workload, picker, pool);
    Operations backward = new Operations(workload, picker, Operations.pool(workload));

    List<Operation> first = new ArrayList<>();
    int reads = 0;
    for (int i = 0; i < 1000; i++) {
      Operation operation = forward.operation(i);
      first.add(operation);
      reads += operation.isRead() ? 1 : 0;
    }

    assertThat(reads).isBetween(230, 370);
    for (int i = 999; i >= 0; i--) {
      Operation again = backward.operation(i);
      assertThat(again.isRead()).isEqualTo(first.get(i).isRead());
      assertThat(again.key()).isEqualTo(first.get(i).key());
      assertThat(again.value()).isEqualTo(first.get(i).value());
      assertThat(again.value().length).isBetween(again.isRead() ? 0 : 1, 100);
    }
  }

  @Test
  void values_withoutASize_areThoseOfTheOriginal() {
    Workload workload =
        new Workload("stress:", 10, new Distribution.Sequential(), 0, null, null, SEED);
    Operations operations =
        new Operations(
            workload, KeyPicker.of(workload.distribution(), 10), Operations.pool(workload));

    Operation operation = operations.operation(3);

    assertThat(new String(operation.key(), StandardCharsets.US_ASCII)).isEqualTo("stress:3");
    assertThat(new String(operation.value(), StandardCharsets.US_ASCII)).isEqualTo("value:3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequential", "uniform", "zipf:0.99", "zipf:1.5", "hot:90.0", "hot:12.5"})
  void distribution_text_isReadBack(String text) {
    assertThat(Distribution.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "normal",
        "zipf:",
        "zipf:0",
        "zipf:x",
        "zipf:11",
        "hot:101",
        "hot:-1",
        "uniform:1",
        "zipf:NaN"
      })
  void distribution_thatIsNone_isExplained(String text) {
    assertThatThrownBy(() -> Distribution.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("invalid distribution '" + text + "'");
  }

  @Test
  void valueSize_isOneOrTwoSizes() {
    assertThat(ValueSize.parse("1KiB")).isEqualTo(new ValueSize(1024, 1024));
    assertThat(ValueSize.parse("10-1KiB")).isEqualTo(new ValueSize(10, 1024));
    assertThat(ValueSize.parse("8MiB")).isEqualTo(new ValueSize(8 << 20, 8 << 20));
    assertThatThrownBy(() -> ValueSize.parse("9-8")).hasMessageContaining("invalid value size");
    assertThatThrownBy(() -> ValueSize.parse("9MiB")).hasMessageContaining("at most 8MiB");
    assertThatThrownBy(() -> ValueSize.parse("-")).hasMessageContaining("invalid size");
  }
}
