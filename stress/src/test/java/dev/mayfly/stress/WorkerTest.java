package dev.mayfly.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private final Rehearsal rehearsal = new Rehearsal(1_000_000, 0);

  @Test
  void brokenConnection_failsTheWholeBatch_andIsMadeAgain() {
    rehearsal.server().breakNext(2);

    StressReport report = rehearsal.run(Rehearsal.plan(Rehearsal.pace(40L, null, null), 4));

    assertThat(report.answered()).isEqualTo(32);
    assertThat(report.errors()).isEqualTo(8);
    assertThat(report.operations()).isEqualTo(40);
    assertThat(rehearsal.server().opened()).isEqualTo(3);
    assertThat(report.reasons()).isEqualTo(Map.of("broken 1", 4L, "broken 3", 4L));
  }

  @Test
  void readsAndWrites_areCountedApart() {
    StressReport report = rehearsal.run(Rehearsal.plan(Rehearsal.pace(1000L, null, null), 1));

    assertThat(report.reads().count() + report.writes().count()).isEqualTo(1000);
    assertThat(report.reads().count()).isBetween(400L, 600L);
    assertThat(report.rate()).isBetween(990.0, 1010.0);
  }

  @Test
  void reasons_areBounded() {
    Tally tally = new Tally();

    for (int i = 0; i < 1000; i++) {
      tally.failed(true, "reason " + i);
    }

    assertThat(tally.reasons()).hasSize(21).containsEntry(Tally.OTHERS, 980L);
    assertThat(tally.errorCount()).isEqualTo(1000);
  }

  @Test
  void intervals_addUpToTheWhole() {
    Tally tally = new Tally();
    Timeline timeline = new Timeline(tally, 0);

    for (int i = 1; i <= 10_000; i++) {
      tally.done(true, true, i);
      timeline.look(i * Timeline.STEP_NANOS);
    }

    assertThat(timeline.intervals()).hasSizeLessThan(241);
    assertThat(timeline.intervals().stream().mapToLong(Interval::operations).sum())
        .isEqualTo(10_000);
    assertThat(timeline.intervals().stream().mapToDouble(Interval::seconds).sum())
        .isBetween(999.9, 1000.1);
  }
}
