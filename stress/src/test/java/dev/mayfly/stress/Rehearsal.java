package dev.mayfly.stress;

import dev.mayfly.client.ServerAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A run of one loop by a hand clock: exact, and done at once. */
final class Rehearsal {
  private final HandClock clock = new HandClock();
  private final HandServer server;
  private final Tally tally = new Tally();

  Rehearsal(long stallAtMillis, long stallMillis) {
    server = new HandServer(clock, stallAtMillis, stallMillis);
  }

  HandServer server() {
    return server;
  }

  Tally tally() {
    return tally;
  }

  static Workload workload(double readPercent) {
    return new Workload("k", 1000, new Distribution.Uniform(), readPercent, null, null, 7);
  }

  static StressPlan plan(Pace pace, int pipeline) {
    return new StressPlan(
        Door.HTTP,
        new ServerAddress.Tcp("127.0.0.1", 1),
        null,
        1,
        pipeline,
        Duration.ofSeconds(1),
        "",
        workload(50),
        pace);
  }

  static Pace pace(@Nullable Long amount, @Nullable Duration duration, @Nullable Double rate) {
    return new Pace(amount, duration, Duration.ZERO, rate);
  }

  StressReport run(StressPlan plan) {
    Schedule schedule = new Schedule(plan.pace(), plan.timeout(), clock);
    Timeline timeline = new Timeline(tally, schedule.countedNanos());
    Workload load = plan.workload();
    Operations operations =
        new Operations(load, KeyPicker.of(load.distribution(), load.keys()), Operations.pool(load));
    new Worker(server, schedule, operations, tally, clock, plan.pipeline()).run();
    timeline.look(clock.nanos());
    return new StressReport(plan, 1_700_000_000_000L, schedule, timeline, tally, clock.nanos());
  }
}
