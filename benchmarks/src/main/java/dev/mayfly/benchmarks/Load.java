package dev.mayfly.benchmarks;

import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Puts load on a subject from a number of threads. Confined to one thread, but for its workers. */
final class Load {
  static final long LIFESPAN_MILLIS = 3_600_000;

  private static final int BATCH = 256;
  private static final int PERCENT = 100;

  private final TimeSource time = new SystemTime();
  private final Subject subject;
  private final int entries;
  private final int threads;

  Load(Subject subject, int entries, int threads) {
    this.subject = subject;
    this.entries = entries;
    this.threads = threads;
  }

  /**
   * What a stretch of load came to.
   *
   * @param cpuNanos of the whole process, collector and maintenance included
   */
  record Result(long operations, long nanos, long cpuNanos) {
    double millionsPerSecond() {
      return operations * 1000.0 / nanos;
    }

    double cpuNanosPerOperation() {
      return (double) cpuNanos / operations;
    }
  }

  /** Sets every key once, in order. */
  void fill() {
    run(
        thread -> {
          Keys keys = new Keys(entries, thread);
          for (int i = thread; i < entries; i += threads) {
            subject.set(Keys.key(i), keys.value(), LIFESPAN_MILLIS, time.millis());
          }
          return (long) entries / threads;
        });
  }

  /** Replaces so many keys, chosen at random. */
  void churn(long replacements) {
    run(
        thread -> {
          Keys keys = new Keys(entries, 77 + thread);
          for (long i = 0; i < replacements / threads; i++) {
            subject.set(keys.random(), keys.value(), LIFESPAN_MILLIS, time.millis());
          }
          return replacements / threads;
        });
  }

  /** Random operations for a time: so many per cent gets, the others sets. */
  Result mix(int getPercent, long millis) {
    AtomicBoolean stopped = new AtomicBoolean();
    Thread timer =
        Thread.ofPlatform()
            .start(
                () -> {
                  long end = time.nanos() + millis * 1_000_000;
                  for (long left = end - time.nanos(); left > 0; left = end - time.nanos()) {
                    LockSupport.parkNanos(left);
                  }
                  stopped.set(true);
                });
    long seed = time.nanos();
    Result result = run(thread -> mixUntil(stopped, getPercent, seed + thread));
    try {
      timer.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return result;
  }

  private long mixUntil(AtomicBoolean stopped, int getPercent, long seed) {
    Keys keys = new Keys(entries, seed);
    long operations = 0;
    long missing = 0;
    while (!stopped.getOpaque()) {
      long now = time.millis();
      for (int i = 0; i < BATCH; i++) {
        if (keys.below(PERCENT) < getPercent) {
          byte[] value = subject.get(keys.random(), now);
          missing += value == null ? 1 : 0;
        } else {
          subject.set(keys.random(), keys.value(), LIFESPAN_MILLIS, now);
        }
      }
      operations += BATCH;
    }
    if (missing > 0) {
      throw new IllegalStateException(missing + " of " + operations + " keys were not found");
    }
    return operations;
  }

  /** What one thread of a load does, given its number; returns how many operations. */
  private interface Worker {
    long run(int thread);
  }

  private Result run(Worker worker) {
    long cpu = cpuNanos();
    long start = time.nanos();
    long operations = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Callable<Long>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        tasks.add(() -> worker.run(thread));
      }
      for (Future<Long> done : pool.invokeAll(tasks)) {
        operations += done.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return new Result(operations, time.nanos() - start, cpuNanos() - cpu);
  }

  static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }
}
