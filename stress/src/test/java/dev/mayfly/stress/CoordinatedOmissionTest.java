package dev.mayfly.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A server that answers in 1 ms and stalls for one of ten seconds. */
class CoordinatedOmissionTest {
  private static final long MILLI = 1_000_000;

  private final Rehearsal rehearsal = new Rehearsal(5000, 1000);

  @Test
  void closedLoop_hidesTheStall() {
    StressReport report =
        rehearsal.run(Rehearsal.plan(Rehearsal.pace(null, Duration.ofSeconds(10), null), 1));

    assertThat(report.all().maxNanos()).isGreaterThan(1000 * MILLI);
    assertThat(report.all().percentileNanos(99.9)).isLessThan(2 * MILLI);
  }

  @Test
  void openLoop_showsWhatEveryClientWouldHaveWaited() {
    StressReport report =
        rehearsal.run(Rehearsal.plan(Rehearsal.pace(null, Duration.ofSeconds(10), 500.0), 1));

    // A tenth of the operations was due within the stall, and as many behind it are held up by
    // them: at 1 ms each the loop catches up in another second.
    assertThat(report.answered()).isEqualTo(5000);
    assertThat(report.all().percentileNanos(50)).isLessThan(2 * MILLI);
    assertThat(report.all().percentileNanos(85)).isGreaterThan(100 * MILLI);
    assertThat(report.all().percentileNanos(99)).isGreaterThan(900 * MILLI);
    assertThat(report.unsent()).isZero();
  }

  @Test
  void openLoop_thatNeverCatchesUp_countsWhatWasNeverSent() {
    StressReport report =
        rehearsal.run(Rehearsal.plan(Rehearsal.pace(null, Duration.ofSeconds(10), 2000.0), 1));

    // 20,000 were due; one a millisecond is sent for ten seconds, less the stall, and for the
    // second of the timeout.
    assertThat(report.operations()).isEqualTo(20_000);
    assertThat(report.answered()).isBetween(9_990L, 10_010L);
    assertThat(report.unsent()).isEqualTo(20_000 - report.answered());
    assertThat(report.failures()).isEqualTo(report.unsent());
  }

  @Test
  void openLoop_withAPipeline_catchesUpTogether() {
    StressReport report =
        rehearsal.run(Rehearsal.plan(Rehearsal.pace(null, Duration.ofSeconds(10), 2000.0), 16));

    assertThat(report.answered()).isEqualTo(20_000);
    assertThat(report.all().percentileNanos(99)).isGreaterThan(800 * MILLI);
    assertThat(report.all().percentileNanos(50)).isLessThan(3 * MILLI);
  }
}
