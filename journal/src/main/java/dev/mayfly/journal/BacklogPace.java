package dev.mayfly.journal;

import dev.mayfly.store.Durability;
import dev.mayfly.store.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What answers of a relaxed journal wait for: nothing, as long as the database keeps up. Where more
 * than half of what may wait for it does, answers to writes are held until it is less, for a second
 * at most: so clients are slowed down to what the database takes, rather than refused. While the
 * database is away nothing is held.
 *
 * <p>What a thread has seen is here until when its answer is to be held, at most. Safe for
 * concurrent use.
 */
final class BacklogPace implements Durability {
  private static final long HELD_MILLIS_MAX = 1_000;
  private static final long LOOK_MILLIS = 10;

  private final LongSupplier backlogBytes;
  private final long crowdBytes;
  private final BooleanSupplier away;
  private final TimeSource time;
  private final Executor later =
      CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);
  private final ThreadLocal<long[]> until = ThreadLocal.withInitial(() -> new long[1]);

  /**
   * @param backlogBytes how much waits for the database
   * @param backlogMax how much of it there may be
   * @param away whether the database takes nothing at all
   */
  BacklogPace(LongSupplier backlogBytes, long backlogMax, BooleanSupplier away, TimeSource time) {
    this.backlogBytes = backlogBytes;
    crowdBytes = backlogMax / 2;
    this.away = away;
    this.time = time;
  }

  private boolean isCrowded() {
    return backlogBytes.getAsLong() > crowdBytes && !away.getAsBoolean();
  }

  @Override
  public boolean mayHold() {
    return true;
  }

  @Override
  public long revision() {
    return 0;
  }

  @Override
  public boolean isDurable(long until) {
    return until == 0 || !isCrowded() || time.millis() >= until;
  }

  @Override
  public void onDurable(long until, Runnable callback) {
    later.execute(
        () -> {
          if (isDurable(until)) {
            callback.run();
          } else {
            onDurable(until, callback);
          }
        });
  }

  @Override
  public void see(long revision) {}

  @Override
  public void seeAbsent(byte[] key) {}

  @Override
  public void seeAll() {
    if (isCrowded()) {
      until.get()[0] = time.millis() + HELD_MILLIS_MAX;
    }
  }

  @Override
  public long seen() {
    long[] mine = until.get();
    long end = mine[0];
    mine[0] = 0;
    return end;
  }
}
