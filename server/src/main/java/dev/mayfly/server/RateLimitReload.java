package dev.mayfly.server;

import dev.mayfly.grpc.RateLimitRules;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The rules of Envoy's rate limit service as their file says, looked at every second. A file that
 * cannot be read, or says nothing sensible, leaves the rules as they are, and is told once.
 *
 * <p>Safe for concurrent use.
 */
final class RateLimitReload {
  private static final System.Logger LOG = System.getLogger(RateLimitReload.class.getName());
  private static final long LOOK_MILLIS = 1000;
  private static final int FILE_BYTES_MAX = 4 << 20;

  private final @Nullable Path file;
  private final boolean shadow;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final LongAdder loaded = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile RateLimitRules rules;
  private byte[] seen = {};
  private String trouble = "";

  /**
   * Reads the file for the first time.
   *
   * @param name empty: there is none
   * @param shadow whether all rules are only tried out
   * @throws StartException if there are no rules in it
   */
  RateLimitReload(String name, boolean shadow) {
    this.shadow = shadow;
    file = name.isEmpty() ? null : Path.of(name);
    rules = RateLimitRules.NONE.withShadow(shadow);
    if (file != null) {
      try {
        take(read(file));
      } catch (IOException | IllegalArgumentException e) {
        throw StartException.circumstance("ratelimit.rules: %s: %s".formatted(file, reason(e)), e);
      }
    }
  }

  RateLimitRules rules() {
    return rules;
  }

  /** How often rules were read, the first time included. */
  double loaded() {
    return loaded.sum();
  }

  /** How often they could not be. */
  double failed() {
    return failed.sum();
  }

  /** Looks from now on. */
  void start(Vertx vertx) {
    if (file == null) {
      return;
    }
    Path watched = file;
    vertx.setPeriodic(
        LOOK_MILLIS,
        timer -> {
          if (looking.compareAndSet(false, true)) {
            var _ =
                vertx.executeBlocking(() -> look(watched)).onComplete(done -> looking.set(false));
          }
        });
  }

  /** Reads the file if it has changed; gives whether the rules did. */
  synchronized boolean look(Path watched) {
    try {
      byte[] now = read(watched);
      if (Arrays.equals(now, seen)) {
        return false;
      }
      take(now);
      LOG.log(System.Logger.Level.INFO, "rate limit rules loaded file=" + watched);
      trouble = "";
      return true;
    } catch (IOException | IllegalArgumentException e) {
      String told = reason(e);
      if (!told.equals(trouble)) {
        trouble = told;
        failed.increment();
        LOG.log(
            System.Logger.Level.WARNING,
            "rate limit rules stay as they are file=%s reason=%s".formatted(watched, told));
      }
      return false;
    }
  }

  private static byte[] read(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException("larger than 4 MiB, which no rules are");
    }
    return Files.readAllBytes(file);
  }

  private void take(byte[] bytes) {
    rules = RateLimitFile.parse(new String(bytes, StandardCharsets.UTF_8)).withShadow(shadow);
    seen = bytes;
    loaded.increment();
  }

  private static String reason(Exception e) {
    return e instanceof IOException && !(e.getMessage() == null)
        ? "cannot be read: " + e.getMessage()
        : String.valueOf(e.getMessage());
  }
}
