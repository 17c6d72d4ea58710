package dev.mayfly.benchmarks;

import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The time that measurements are taken with. Stateless. */
final class Clock {
  private static final TimeSource TIME = new SystemTime();

  /** Fields of a process's {@code stat} behind its name: see proc(5). */
  private static final int CHILDREN_USER = 13;

  private static final int CHILDREN_SYSTEM = 14;
  private static final long TICK_NANOS = 10_000_000;

  private Clock() {}

  /** Nanoseconds since some moment. */
  static long nanos() {
    return TIME.nanos();
  }

  /**
   * Processor time of all processes that this one has started and seen end. Goes by the system's
   * ticks of 10 ms; Linux only.
   */
  static long endedProcessesCpuNanos() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM]);
    return ticks * TICK_NANOS;
  }

  /** Processor time that this thread has used. */
  static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
