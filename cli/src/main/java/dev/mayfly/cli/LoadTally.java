package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What became of the keys of a load, and whether to go on.
 *
 * <p>Safe for concurrent use.
 */
final class LoadTally {
  private static final int REPORTED_MAX = 100;
  private static final int KEY_CHARS_MAX = 200;

  private final Diagnostics diagnostics;
  private final AtomicLong loaded = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicBoolean broken = new AtomicBoolean();

  LoadTally(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  void loaded(int count) {
    loaded.addAndGet(count);
  }

  /** Counts a key that was not loaded and reports it, unless too many were reported already. */
  void failed(byte[] key, String reason) {
    long count = failed.incrementAndGet();
    if (count <= REPORTED_MAX) {
      diagnostics.error(shown(key) + ": " + reason);
    } else if (count == REPORTED_MAX + 1) {
      diagnostics.error("more keys fail; from here on they are only counted");
    }
  }

  /** Counts keys whose fate is not known and ends the load: the server cannot be reached. */
  void broken(int count, String reason) {
    failed.addAndGet(count);
    if (broken.compareAndSet(false, true)) {
      diagnostics.error(reason + "; stopped loading");
    }
    stop();
  }

  /** Ends the load: what is on its way is still counted, nothing more is sent. */
  void stop() {
    stopped.set(true);
  }

  boolean isStopped() {
    return stopped.get();
  }

  /** Whether every key that was to be loaded has been. */
  boolean isClean() {
    return failed.get() == 0 && !stopped.get();
  }

  long done() {
    return loaded.get() + failed.get();
  }

  long failures() {
    return failed.get();
  }

  JsonObject summary() {
    return JsonObject.empty().with("loaded", loaded.get()).with("failed", failed.get());
  }

  private static String shown(byte[] key) {
    String text = new String(key, StandardCharsets.UTF_8);
    int end = Math.min(text.length(), KEY_CHARS_MAX);
    StringBuilder shown = new StringBuilder("'");
    for (int i = 0; i < end; i++) {
      shown.append(Character.isISOControl(text.charAt(i)) ? '?' : text.charAt(i));
    }
    return shown.append(end < text.length() ? "…'" : "'").toString();
  }
}
