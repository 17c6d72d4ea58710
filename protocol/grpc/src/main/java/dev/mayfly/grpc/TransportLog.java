package dev.mayfly.grpc;

import dev.mayfly.store.TimeSource;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes one line of what the transport logs about a message that it refused, where it would print
 * its own stack: one a second at most, with the number of those passed over. Other records pass as
 * they are.
 *
 * <p>A filter for whoever handles the log of a whole process. Safe for concurrent use.
 */
public final class TransportLog implements Filter {
  private static final String TRANSPORT = "io.grpc.netty.";
  private static final long INTERVAL_NANOS = 1_000_000_000;

  private final TimeSource time;
  private boolean logged;
  private long loggedNanos;
  private long passedOver;

  /** A filter that measures by this time. */
  public TransportLog(TimeSource time) {
    this.time = time;
  }

  @Override
  public boolean isLoggable(LogRecord entry) {
    String logger = entry.getLoggerName();
    Status status = status(entry.getThrown());
    if (status == null || logger == null || !logger.startsWith(TRANSPORT)) {
      return true;
    }
    long unlogged = turn();
    if (unlogged < 0) {
      return false;
    }
    entry.setThrown(null);
    entry.setMessage("message refused");
    entry.setParameters(
        new Object[] {
          "code", status.getCode(), "reason", status.getDescription(), "unlogged", unlogged
        });
    return true;
  }

  private static @Nullable Status status(@Nullable Throwable thrown) {
    return switch (thrown) {
      case StatusRuntimeException refused -> refused.getStatus();
      case StatusException refused -> refused.getStatus();
      case null, default -> null;
    };
  }

  /** How many were passed over before this one; -1 when this one is to be. */
  private synchronized long turn() {
    long now = time.nanos();
    if (logged && now - loggedNanos < INTERVAL_NANOS) {
      passedOver++;
      return -1;
    }
    logged = true;
    loggedNanos = now;
    long unlogged = passedOver;
    passedOver = 0;
    return unlogged;
  }
}
