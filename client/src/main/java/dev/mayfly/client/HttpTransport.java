package dev.mayfly.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over a bounded number of kept-alive connections to one server.
 *
 * <p>Safe for concurrent use: each exchange has a connection of its own. Owns the idle ones; a
 * reply owns the one that it is read from.
 */
final class HttpTransport implements AutoCloseable {
  private final ClientConfig config;
  private final Semaphore permits;
  private final Deque<HttpConnection> idle = new ArrayDeque<>();
  private boolean closed;

  HttpTransport(ClientConfig config) {
    this.config = config;
    this.permits = new Semaphore(config.connectionsMax());
  }

  /**
   * Sends a request and waits for the head of its reply.
   *
   * <p>If a connection that had been idle turns out to be dead before it answered, a repeatable
   * request is sent once more on a new one.
   *
   * @throws MayflyConnectionException if no reply could be had
   */
  HttpReply send(HttpRequest request) {
    acquire();
    @Nullable HttpConnection connection = null;
    try {
      connection = takeIdle();
      if (connection != null) {
        @Nullable HttpReply reply = tryReused(connection, request);
        if (reply != null) {
          return reply;
        }
      }
      connection = open();
      return new HttpReply(connection.exchange(request), connection, this);
    } catch (IOException e) {
      release(connection, false);
      throw failure(e);
    } catch (RuntimeException | Error e) {
      release(connection, false);
      throw e;
    }
  }

  private HttpConnection open() {
    try {
      return HttpConnection.open(config);
    } catch (IOException e) {
      String reason = reason(e);
      throw new MayflyConnectionException(
          reason.startsWith("socket file ")
              ? reason
              : "cannot connect to " + config.address() + ": " + reason,
          false,
          e);
    }
  }

  private @Nullable HttpReply tryReused(HttpConnection connection, HttpRequest request)
      throws IOException {
    try {
      return new HttpReply(connection.exchange(request), connection, this);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      if (connection.hasReplyBegun() || !request.isRepeatable()) {
        throw e;
      }
      closeQuietly(connection);
      return null;
    }
  }

  /** What a failed exchange is to the caller. */
  MayflyConnectionException failure(IOException e) {
    return new MayflyConnectionException(config.address() + ": " + reason(e), true, e);
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private void acquire() {
    try {
      if (permits.tryAcquire(config.readTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MayflyConnectionException(config.address() + ": interrupted", false, e);
    }
    throw new MayflyConnectionException(
        config.address() + ": all " + config.connectionsMax() + " connections are in use",
        false,
        null);
  }

  private @Nullable HttpConnection takeIdle() {
    while (true) {
      HttpConnection connection;
      synchronized (idle) {
        connection = idle.pollLast();
      }
      if (connection == null || connection.isFresh()) {
        return connection;
      }
      closeQuietly(connection);
    }
  }

  /** Takes a connection back after its exchange; null if none was made. */
  void release(@Nullable HttpConnection connection, boolean reusable) {
    boolean kept = false;
    if (connection != null && reusable) {
      synchronized (idle) {
        kept = !closed;
        if (kept) {
          idle.addLast(connection);
        }
      }
    }
    if (connection != null && !kept) {
      closeQuietly(connection);
    }
    permits.release();
  }

  /** A connection that is given up has nothing left to lose by failing to close. */
  private static void closeQuietly(HttpConnection connection) {
    try {
      connection.close();
    } catch (IOException ignored) {
      return;
    }
  }

  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(HttpTransport::closeQuietly);
      idle.clear();
    }
  }
}
