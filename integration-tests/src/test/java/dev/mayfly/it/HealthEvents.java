package dev.mayfly.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When the health of containers turned good, by the engine's own word. Safe for concurrent use. */
final class HealthEvents implements AutoCloseable {
  private static final String HEALTHY = "health_status: healthy";
  private static final String TEMPLATE = "{{.TimeNano}} {{.Actor.Attributes.name}} {{.Status}}";

  private final Map<String, Instant> healthy = new ConcurrentHashMap<>();
  private final Process process;

  HealthEvents() throws IOException {
    process = new ProcessBuilder("docker", "events", "--format", TEMPLATE).start();
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    process
        .inputReader(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.endsWith(" " + HEALTHY))
        .forEach(
            line -> {
              String[] words = line.split(" ", 3);
              Instant when = Instant.EPOCH.plus(Duration.ofNanos(Long.parseLong(words[0])));
              healthy.putIfAbsent(words[1], when);
            });
  }

  boolean isHealthy(String name) {
    return healthy.containsKey(name);
  }

  /** The first time; fails if it never was. */
  Instant of(String name) {
    Instant when = healthy.get(name);
    if (when == null) {
      throw new AssertionError("the health of " + name + " never turned good");
    }
    return when;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
