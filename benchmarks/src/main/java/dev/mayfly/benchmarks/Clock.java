package dev.mayfly.benchmarks;

import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.lang.management.ManagementFactory;

/** The time that measurements are taken with. Stateless. */
final class Clock {
  private static final TimeSource TIME = new SystemTime();

  private Clock() {}

  /** Nanoseconds since some moment. */
  static long nanos() {
    return TIME.nanos();
  }

  /** Processor time that this thread has used. */
  static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
