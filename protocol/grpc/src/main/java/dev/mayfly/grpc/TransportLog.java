package dev.mayfly.grpc;

import dev.mayfly.store.TimeSource;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes one line of what the transport logs about a message that it refused, or a client that does
 * not keep to HTTP/2, where it would print its own stack: one a second at most, with the number of
 * those passed over; none of calls that ended while something was under way. Other records pass as
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
    Refusal refusal = refusal(entry.getThrown());
    if (refusal == null || logger == null || !logger.startsWith(TRANSPORT)) {
      return true;
    }
    if (refusal.code() == Http2Error.STREAM_CLOSED) {
      // One side ended a call while the other still wrote: that is nobody's fault.
      return false;
    }
    long unlogged = turn();
    if (unlogged < 0) {
      return false;
    }
    entry.setThrown(null);
    entry.setMessage(refusal.what());
    entry.setParameters(
        new Object[] {"code", refusal.code(), "reason", refusal.reason(), "unlogged", unlogged});
    return true;
  }

  private record Refusal(String what, Enum<?> code, @Nullable String reason) {
    static Refusal of(Status status) {
      return new Refusal("message refused", status.getCode(), status.getDescription());
    }
  }

  private static @Nullable Refusal refusal(@Nullable Throwable thrown) {
    return switch (thrown) {
      case StatusRuntimeException refused -> Refusal.of(refused.getStatus());
      case StatusException refused -> Refusal.of(refused.getStatus());
      case Http2Exception wrong -> new Refusal("protocol error", wrong.error(), wrong.getMessage());
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
