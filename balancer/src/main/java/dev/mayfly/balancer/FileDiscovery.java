package dev.mayfly.balancer;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
 * <p>The file is read again at intervals, and told when it changed and then stayed as it is for a
 * moment. One that cannot be read, has a line that makes no sense or lists nothing leaves the last
 * list in place, and is logged once. Confined to its owner; reads on a thread of its own.
 */
public final class FileDiscovery implements Discovery {
  /** The largest file that is read. */
  static final long BYTES_MAX = 1 << 20;

  private static final long SETTLE_MILLIS = 100;

  private static final Logger LOG = Logger.getLogger(FileDiscovery.class.getName());

  private final Path file;
  private final Duration interval;
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          new DefaultThreadFactory("mayfly-balance-file", true));
  private String seenText = "";
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
      List<Backend> changed = take(Files.readString(file));
      if (changed != null) {
        listener.accept(changed);
      } else if (!seenText.equals(lastText) && !reader.isShutdown()) {
        var _ = reader.schedule(() -> look(listener), SETTLE_MILLIS, TimeUnit.MILLISECONDS);
        return;
      }
      lastProblem = null;
    } catch (IOException | RuntimeException e) {
      String problem =
          e instanceof NoSuchFileException ? "there is no such file" : "" + e.getMessage();
      if (!problem.equals(lastProblem)) {
        lastProblem = problem;
        LOG.log(
            Level.WARNING,
            "cannot use the file of backends: the last list stays",
            new Object[] {"file", file, "why", problem});
      }
    }
  }

  /**
   * The list in a text that has just been read; null if there is nothing to tell. What changed
   * counts once it was read twice alike: before, somebody may be writing it.
   */
  @Nullable List<Backend> take(String text) {
    boolean isSettled = lastText == null || text.equals(seenText);
    seenText = text;
    if (!isSettled || text.equals(lastText)) {
      return null;
    }
    List<Backend> backends = parse(text);
    lastText = text;
    return backends;
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
