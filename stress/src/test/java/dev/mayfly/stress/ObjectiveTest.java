package dev.mayfly.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.stress.Objective.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectiveTest {
  /** 1000 operations of 1 ms, ten of them failed. */
  private static StressReport report() {
    Rehearsal rehearsal = new Rehearsal(1_000_000, 0);
    rehearsal.server().breakNext(10);
    return rehearsal.run(Rehearsal.plan(Rehearsal.pace(1000L, null, null), 1));
  }

  @ParameterizedTest
  @CsvSource({
    "p50<1ms, false",
    "p50<=1010us, true",
    "p99.9 < 2ms, true",
    "p100>=1ms, true",
    "p99>5ms, false",
    "mean<2ms, true",
    "max<1us, false",
    "min>900us, true",
    "reads.p99<2ms, true",
    "writes.max<2ms, true",
    "errors<1%, false",
    "errors<=1%, true",
    "errors<1.01%, true",
    "errors<10, false",
    "errors<=10, true",
    "missing<=0, true",
    "rate>=900, true",
    "rate>2000, false",
  })
  void term_isMeasured(String term, boolean isMet) {
    List<Verdict> verdicts = Objective.parse(term).check(report());

    assertThat(verdicts).hasSize(1);
    assertThat(verdicts.getFirst().isMet()).as("%s", verdicts).isEqualTo(isMet);
  }

  @Test
  void terms_areAllChecked() {
    List<Verdict> verdicts = Objective.parse("p99<5ms, errors<0.1%, rate>=1").check(report());

    assertThat(verdicts).extracting(Verdict::isMet).containsExactly(true, false, true);
    assertThat(verdicts.get(1).measured()).isEqualTo("1.00%");
  }

  @Test
  void times_whereNothingWasAnswered_areNotMet() {
    Rehearsal rehearsal = new Rehearsal(1_000_000, 0);
    rehearsal.server().breakNext(10);
    StressReport report = rehearsal.run(Rehearsal.plan(Rehearsal.pace(10L, null, null), 1));

    assertThat(Objective.parse("p99<5ms").check(report).getFirst())
        .isEqualTo(new Verdict("p99<5ms", "nothing was answered", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "p99",
        "p99<",
        "p99<5",
        "p101<5ms",
        "p99=5ms",
        "latency<5ms",
        "errors<0.1x",
        "reads.errors<1",
        "reads.rate>1",
        "p99<5ms,",
        "p99<5ms;errors<1",
        "rate>=10%",
        "p99<-5ms",
      })
  void objective_thatIsNone_isExplained(String text) {
    assertThatThrownBy(() -> Objective.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("invalid objective '")
        .hasMessageContaining("expected terms like p99<5ms");
  }
}
