package dev.mayfly.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final HandClock clock = new HandClock();

  private Schedule schedule(Pace pace) {
    return new Schedule(pace, TIMEOUT, clock);
  }

  @Test
  void amount_isSentExactly_whateverThePipeline() {
    Schedule schedule = schedule(Rehearsal.pace(10L, null, null));
    Schedule.Claim claim = new Schedule.Claim(schedule);
    int sent = 0;

    while (schedule.claim(claim, 4)) {
      assertThat(claim.first()).isEqualTo(sent);
      sent += claim.count();
    }

    assertThat(sent).isEqualTo(10);
    assertThat(schedule.unsent()).isZero();
  }

  @Test
  void rate_givesEachOperationItsTime() {
    Schedule schedule = schedule(Rehearsal.pace(3L, null, 10.0));
    Schedule.Claim claim = new Schedule.Claim(schedule);

    for (int i = 0; i < 3; i++) {
      assertThat(schedule.claim(claim, 1)).isTrue();
      assertThat(claim.dueNanos(0)).isEqualTo(i * 100_000_000L);
      assertThat(clock.nanos()).isEqualTo(i * 100_000_000L);
    }

    assertThat(schedule.claim(claim, 1)).isFalse();
  }

  @Test
  void rate_whatIsDueAlready_isClaimedTogether() {
    Schedule schedule = schedule(Rehearsal.pace(100L, null, 10.0));
    Schedule.Claim claim = new Schedule.Claim(schedule);
    clock.advanceMillis(350);

    assertThat(schedule.claim(claim, 16)).isTrue();
    assertThat(claim.count()).isEqualTo(4);
    claim.sending();
    assertThat(claim.latenessNanos()).isNegative();
    assertThat(schedule.claim(claim, 16)).isTrue();
    assertThat(claim.count()).isEqualTo(1);
    claim.sending();
    assertThat(claim.latenessNanos()).isZero();
  }

  @Test
  void warmup_isNotCounted() {
    Schedule schedule =
        schedule(new Pace(null, Duration.ofSeconds(1), Duration.ofSeconds(1), 10.0));
    Schedule.Claim claim = new Schedule.Claim(schedule);
    int counted = 0;
    int all = 0;

    while (schedule.claim(claim, 1)) {
      all++;
      counted += claim.isCounted(0) ? 1 : 0;
    }

    assertThat(all).isEqualTo(20);
    assertThat(counted).isEqualTo(10);
  }

  @Test
  void stop_endsIt_andCountsOnlyWhatWasDue() {
    Schedule schedule = schedule(Rehearsal.pace(null, Duration.ofHours(1), 10.0));
    Schedule.Claim claim = new Schedule.Claim(schedule);
    assertThat(schedule.claim(claim, 1)).isTrue();
    clock.advanceMillis(1050);

    schedule.stop();

    assertThat(schedule.claim(claim, 1)).isFalse();
    assertThat(schedule.unsent()).isEqualTo(10);
  }

  @Test
  void duration_endsAClosedLoop() {
    Schedule schedule = schedule(Rehearsal.pace(null, Duration.ofSeconds(1), null));
    Schedule.Claim claim = new Schedule.Claim(schedule);

    assertThat(schedule.claim(claim, 1)).isTrue();
    clock.advanceMillis(1000);
    assertThat(schedule.claim(claim, 1)).isFalse();
  }
}
