package dev.mayfly.engine;

import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.PruneOrder;
import dev.mayfly.store.PruneRequest;
import dev.mayfly.store.TimeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Removes the least used keys: on a schedule, when a create passes a threshold, on demand, and a
 * few at a time when a write finds no room.
 *
 * <p>A run looks at all keys in steps, beside the traffic, and keeps the lowest scores, at most
 * {@link #VICTIMS_PER_PASS} a pass: memory is bounded, and what goes is exactly what {@link
 * PruneOrder} says as of the look. Runs take turns. Safe for concurrent use.
 */
final class Pruner {
  static final int VICTIMS_PER_PASS = 65_536;

  private static final int SAMPLES = 16;

  private final ShardSet shards;
  private final EngineConfig.Pruning pruning;
  private final TimeSource time;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean signalled;
  private volatile boolean stopped;
  private volatile long nextRunMillis;
  private final AtomicLong runs = new AtomicLong();
  private final AtomicLong eagerRuns = new AtomicLong();
  private final AtomicLong pruned = new AtomicLong();
  private volatile @Nullable EngineThread thread;

  Pruner(ShardSet shards, EngineConfig.Pruning pruning, TimeSource time) {
    this.shards = shards;
    this.pruning = pruning;
    this.time = time;
    nextRunMillis = time.millis() + pruning.intervalMillis();
  }

  /** Starts a thread where runs are configured. */
  void start() {
    if (pruning.isScheduled() || pruning.isEager()) {
      thread = new EngineThread("mayfly-pruner", time, this::round);
    }
  }

  void stop() {
    stopped = true;
    EngineThread running = thread;
    if (running != null) {
      running.stop();
    }
  }

  private void round() {
    runIfDue();
    long wait = pruning.isScheduled() ? nextRunMillis - time.millis() : Long.MAX_VALUE / 2_000_000;
    if (!signalled && wait > 0) {
      LockSupport.parkNanos(this, wait * 1_000_000);
    }
  }

  /** Asks for an eager run, soon. Does not block. */
  void signal() {
    if (!signalled) {
      signalled = true;
      EngineThread running = thread;
      if (running != null) {
        running.wake();
      }
    }
  }

  /** Does the runs that are due. */
  void runIfDue() {
    long now = time.millis();
    if (signalled) {
      signalled = false;
      if (shards.keys() >= pruning.eagerAt()) {
        eagerRuns.incrementAndGet();
        prune(new PruneRequest(pruning.eagerTo(), List.of()), now);
      }
    }
    if (pruning.isScheduled() && now >= nextRunMillis) {
      nextRunMillis = now + pruning.intervalMillis();
      if (shards.keys() >= pruning.at()) {
        prune(new PruneRequest(pruning.scheduledTarget(), List.of()), now);
      }
    }
  }

  /** Prunes until so many keys are left; returns how many went. */
  long prune(PruneRequest request, long nowMillis) {
    turn.lock();
    try {
      long gone = 0;
      long excess = shards.keys() - request.keysLeft();
      while (excess > 0 && !stopped) {
        Victims victims = new Victims((int) Math.min(excess, VICTIMS_PER_PASS));
        for (int i = 0; i < shards.count(); i++) {
          collect(i, request.ignored(), nowMillis, victims);
        }
        long removed = remove(victims, nowMillis, excess);
        gone += removed;
        excess = shards.keys() - request.keysLeft();
        if (removed == 0) {
          break;
        }
      }
      runs.incrementAndGet();
      return gone;
    } finally {
      turn.unlock();
    }
  }

  private void collect(int shard, List<byte[]> ignored, long nowMillis, Victims victims) {
    long next = 0;
    while (next >= 0 && !stopped) {
      List<Candidate> candidates = new ArrayList<>();
      next = shards.steps(shard).candidates(next, nowMillis, candidates);
      for (Candidate candidate : candidates) {
        if (!contains(ignored, candidate.key())) {
          victims.offer(candidate);
        }
      }
    }
  }

  private static boolean contains(List<byte[]> keys, byte[] key) {
    for (byte[] other : keys) {
      if (Arrays.equals(other, key)) {
        return true;
      }
    }
    return false;
  }

  private long remove(Victims victims, long nowMillis, long excess) {
    long removed = 0;
    for (Candidate victim : victims.inOrder()) {
      if (removed >= excess || stopped) {
        break;
      }
      removed += evict(victim.key(), nowMillis) ? 1 : 0;
    }
    return removed;
  }

  private boolean evict(byte[] key, long nowMillis) {
    long hash = shards.router().hash(key);
    Shard shard = shards.of(hash);
    boolean gone = shards.steps(shard.parts().number()).prune(key, nowMillis);
    if (gone) {
      pruned.incrementAndGet();
    }
    return gone;
  }

  /**
   * Removes one key that is probably among the least used, to make room: the lowest score among a
   * few of the shard where room is needed, or of another where it has none to give.
   *
   * @param kept the key that room is made for
   * @return whether one went
   */
  boolean evictOne(Shard shard, byte[] kept, long nowMillis) {
    for (int i = 0; i < shards.count(); i++) {
      int number = (shard.parts().number() + i) & (shards.count() - 1);
      Candidate lowest = null;
      for (int sample = 0; sample < SAMPLES; sample++) {
        Candidate candidate =
            shards.steps(number).sample(ThreadLocalRandom.current().nextInt(), nowMillis);
        if (candidate != null
            && !Arrays.equals(candidate.key(), kept)
            && (lowest == null || candidate.score() < lowest.score())) {
          lowest = candidate;
        }
      }
      if (lowest != null && evict(lowest.key(), nowMillis)) {
        shards.steps(number).releaseMemory();
        return true;
      }
    }
    return false;
  }

  long runs() {
    return runs.get();
  }

  long eagerRuns() {
    return eagerRuns.get();
  }

  long pruned() {
    return pruned.get();
  }

  /** The score of an entry, as {@link PruneOrder} says. */
  static double score(
      @Nullable KeyMetrics metrics, long createdMillis, long updatedMillis, long nowMillis) {
    return metrics == null
        ? PruneOrder.score(createdMillis, updatedMillis, nowMillis)
        : PruneOrder.score(metrics, nowMillis);
  }

  /** A key that may go, and how much it is used. */
  record Candidate(byte[] key, double score) {}
}
