package dev.mayfly.balancer;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The backends that a file lists, one a line as {@link Backend#parse} reads them; empty lines and
 * those that begin with {@code #} are passed over.
 *
 * <p>The file is read again at intervals and told when it changed. One that cannot be read, has a
 * line that makes no sense or lists nothing leaves the last list in place, and is logged once.
 * Confined to its owner; reads on a thread of its own.
 */
public final class FileDiscovery implements Discovery {
  /** The largest file that is read. */
  static final long BYTES_MAX = 1 << 20;

  private static final Logger LOG = Logger.getLogger(FileDiscovery.class.getName());

  private final Path file;
  private final Duration interval;
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          new DefaultThreadFactory("mayfly-balance-file", true));
  private @Nullable String lastText;
  private @Nullable String lastProblem;

  /** Looks at the file that often. */
  public FileDiscovery(Path file, Duration interval) {
    this.file = file;
    this.interval = interval;
  }

  @Override
  public void start(Consumer<List<Backend>> listener) {
    var _ =
        reader.scheduleWithFixedDelay(
            () -> look(listener), 0, Millis.of(interval), TimeUnit.MILLISECONDS);
  }

  private void look(Consumer<List<Backend>> listener) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new IOException("larger than " + BYTES_MAX + " bytes");
      }
      String text = Files.readString(file);
      if (!text.equals(lastText)) {
        List<Backend> backends = parse(text);
        lastText = text;
        listener.accept(backends);
      }
      lastProblem = null;
    } catch (IOException | RuntimeException e) {
      String problem = String.valueOf(e.getMessage());
      if (!problem.equals(lastProblem)) {
        lastProblem = problem;
        LOG.log(
            Level.WARNING,
            "cannot use the file of backends: the last list stays",
            new Object[] {"file", file, "why", problem});
      }
    }
  }

  static List<Backend> parse(String text) {
    List<Backend> backends = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      try {
        backends.add(Backend.parse(stripped));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
      }
    }
    if (backends.isEmpty()) {
      throw new IllegalArgumentException("no backend is listed");
    }
    return backends;
  }

  @Override
  public void close() {
    var _ = reader.shutdownNow();
  }
}
