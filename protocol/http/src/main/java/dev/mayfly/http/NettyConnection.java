package dev.mayfly.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;

/**
 * What is below a connection of Vert.x, which has no public way to it. Stateless; on the
 * connection's event loop.
 */
final class NettyConnection {
  private NettyConnection() {}

  /** Looks at what arrives before Vert.x does, behind the codec. */
  static void addBefore(HttpConnection connection, Pipelining handler) {
    if (connection instanceof VertxConnection own) {
      own.channel().pipeline().addBefore(own.channelHandlerContext().name(), "pipelining", handler);
    }
  }

  /**
   * Closes it at once, from below the handler of Vert.x, which would first wait until all is taken
   * that was written.
   */
  static void cut(HttpConnection connection) {
    if (connection instanceof VertxConnection own) {
      var _ = own.channelHandlerContext().close();
    } else {
      connection.close();
    }
  }
}
