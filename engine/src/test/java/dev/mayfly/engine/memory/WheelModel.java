package dev.mayfly.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A wheel over links in arrays, beside a plain map from entry to when it should be due: at its
 * deadline, or at once if that was past when it was given.
 */
final class WheelModel implements TimingWheel.Links {
  private static final int TICK = 4;

  private final Random random;
  private final TimingWheel wheel;
  private final TreeMap<Integer, Long> scheduled = new TreeMap<>();
  private final List<Integer> dead = new ArrayList<>();
  private int[] previous = new int[16];
  private int[] next = new int[16];
  private long[] deadlines = new long[16];
  private int records = 1;
  private long now;
  private int fired;
  private int earlier;

  WheelModel(long startMillis, Random random) {
    this.random = random;
    now = startMillis;
    wheel = new TimingWheel(this, startMillis, () -> earlier++);
  }

  TimingWheel wheel() {
    return wheel;
  }

  int size() {
    return scheduled.size();
  }

  long now() {
    return now;
  }

  int fired() {
    return fired;
  }

  int schedule(long deadline) {
    int ref = newRecord();
    deadlines[ref] = deadline;
    long dueBefore = wheel.nextDue();
    int earlierBefore = earlier;
    wheel.schedule(ref);
    assertThat(earlier > earlierBefore).isEqualTo(wheel.nextDue() < dueBefore);
    scheduled.put(ref, Math.max(deadline, now));
    assertThat(wheel.isScheduled(ref)).isTrue();
    return ref;
  }

  int any() {
    Integer ref = scheduled.ceilingKey(random.nextInt(records));
    return ref == null ? scheduled.firstKey() : ref;
  }

  void cancel(int ref) {
    wheel.cancel(ref);
    wheel.cancel(ref);
    scheduled.remove(ref);
    kill(ref);
  }

  /** A later deadline does not touch the wheel, an earlier one must. */
  void change(int ref, long deadline) {
    if (deadline >= deadlines[ref]) {
      deadlines[ref] = deadline;
    } else {
      wheel.cancel(ref);
      deadlines[ref] = deadline;
      wheel.schedule(ref);
    }
    scheduled.put(ref, Math.max(deadline, now));
  }

  void move(int from) {
    int to = newRecord();
    previous[to] = previous[from];
    next[to] = next[from];
    deadlines[to] = deadlines[from];
    wheel.moved(from, to);
    scheduled.put(to, scheduled.remove(from));
    previous[from] = -99;
    next[from] = -99;
    kill(from);
  }

  /** Lets time pass and works off at most the budget; returns whether all was done. */
  boolean advance(long toMillis, int budget) {
    now = Math.max(now, toMillis);
    int done = wheel.advance(now, budget, this::fire);
    assertThat(done).isLessThanOrEqualTo(budget);
    verifyNextDue();
    return done < budget;
  }

  /** Lets time pass and works off all that is due to the millisecond. */
  void advanceWithinTick(long toMillis) {
    now = Math.max(now, toMillis);
    boolean mayBeDue = wheel.mayBeDueWithinTick(now);
    int before = fired;
    wheel.advanceWithinTick(
        now,
        Integer.MAX_VALUE,
        ref -> {
          fire(ref);
          if (!scheduled.isEmpty() && random.nextInt(4) == 0) {
            cancel(any());
          }
        });
    assertThat(fired == before || mayBeDue).isTrue();
    assertThat(scheduled.values()).allMatch(due -> due > now);
    verifyNextDue();
  }

  private void fire(int ref) {
    assertThat(scheduled.remove(ref)).as("due time of %s", ref).isNotNull();
    assertThat(deadlines[ref]).as("deadline of %s", ref).isLessThanOrEqualTo(now);
    assertThat(wheel.isScheduled(ref)).isFalse();
    kill(ref);
    fired++;
  }

  void verifyNothingLate() {
    assertThat(scheduled.values()).allMatch(due -> due > now - TICK);
  }

  private void verifyNextDue() {
    long least = scheduled.values().stream().mapToLong(Long::longValue).min().orElse(-1);
    if (least >= 0) {
      assertThat(wheel.nextDue()).isLessThan(Math.max(least, now + 1) + TICK);
    }
  }

  private int newRecord() {
    if (!dead.isEmpty() && random.nextBoolean()) {
      int ref = dead.removeLast();
      previous[ref] = 0;
      next[ref] = 0;
      return ref;
    }
    if (records == previous.length) {
      previous = Arrays.copyOf(previous, records * 2);
      next = Arrays.copyOf(next, records * 2);
      deadlines = Arrays.copyOf(deadlines, records * 2);
    }
    return records++;
  }

  private void kill(int ref) {
    deadlines[ref] = -1;
    dead.add(ref);
  }

  @Override
  public int previous(int ref) {
    return previous[ref];
  }

  @Override
  public int next(int ref) {
    return next[ref];
  }

  @Override
  public void previous(int ref, int value) {
    previous[ref] = value;
  }

  @Override
  public void next(int ref, int value) {
    next[ref] = value;
  }

  @Override
  public long deadline(int ref) {
    assertThat(deadlines[ref]).as("deadline of %s", ref).isNotNegative();
    return deadlines[ref];
  }
}
