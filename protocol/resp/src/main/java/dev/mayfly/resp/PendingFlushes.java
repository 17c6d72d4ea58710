package dev.mayfly.resp;

import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections of one event loop whose replies are written and not sent yet. They are sent when
 * all connections that were ready have been served: a client that wakes up for the first reply
 * would compete with the loop for a processor, and both would go on in small batches. Confined to
 * the event loop.
 */
final class PendingFlushes {
  /** Nobody's replies wait for more than so many other connections. */
  private static final int CONNECTIONS_MAX = 64;

  private final List<ChannelHandlerContext> connections = new ArrayList<>();

  /** Sends what this connection wrote, soon. */
  void add(ChannelHandlerContext connection) {
    if (connections.isEmpty()) {
      connection.executor().execute(this::flush);
    }
    connections.add(connection);
    if (connections.size() == CONNECTIONS_MAX) {
      flush();
    }
  }

  private void flush() {
    connections.forEach(ChannelHandlerContext::flush);
    connections.clear();
  }
}
