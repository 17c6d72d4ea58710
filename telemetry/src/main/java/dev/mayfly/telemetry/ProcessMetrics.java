package dev.mayfly.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the process and its Java runtime use. Confined to the scrape; close it at the end. */
public final class ProcessMetrics implements MetricSource, AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final String version;
  private @Nullable JvmGcMetrics collector;

  /** The metrics of a process that runs this version of the server. */
  public ProcessMetrics(String version) {
    this.version = version;
  }

  @Override
  public void refresh() {}

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("mayfly.build.info", () -> 1)
        .tag("version", version)
        .tag("java", Runtime.version().toString())
        .description("Always 1; the labels tell what is running.")
        .register(registry);
    if (Files.isReadable(STATUS)) {
      Gauge.builder("process.resident.memory.bytes", ProcessMetrics::residentBytes)
          .description("Memory of the process that is in use, outside and inside Java's heap.")
          .register(registry);
    }
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      FunctionCounter.builder("process.cpu.seconds", system, bean -> bean.getProcessCpuTime() / 1e9)
          .description("Processor time that the process has used.")
          .register(registry);
    }
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    JvmGcMetrics pauses = new JvmGcMetrics();
    pauses.bindTo(registry);
    collector = pauses;
  }

  @Override
  public void close() {
    if (collector != null) {
      collector.close();
    }
  }

  /** NaN where the kernel does not tell. */
  static double residentBytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024.0;
        }
      }
      return Double.NaN;
    } catch (IOException | NumberFormatException e) {
      return Double.NaN;
    }
  }
}
