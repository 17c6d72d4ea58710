package dev.mayfly.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;

/**
 * What is below a connection of Vert.x, which has no public way to it. Stateless; on the
 * connection's event loop.
 */
final class NettyConnection {
  private NettyConnection() {}

  /** The socket. */
  static Channel channel(HttpConnection connection) {
    return of(connection).channel();
  }

  /** Puts one where requests and answers pass, between the codec and Vert.x. */
  static void addAboveCodec(HttpConnection connection, ChannelHandler handler) {
    ChannelPipeline pipeline = channel(connection).pipeline();
    pipeline.addBefore(of(connection).channelHandlerContext().name(), null, handler);
  }

  /** Puts one where bytes pass, between the socket, or its encryption, and the codec. */
  static void addBelowCodec(HttpConnection connection, ChannelHandler handler) {
    ChannelPipeline pipeline = channel(connection).pipeline();
    ChannelHandlerContext codec = pipeline.context(HttpRequestDecoder.class);
    pipeline.addBefore(codec.name(), null, handler);
  }

  /**
   * Forgets what has come in part and takes no more. What is closed while thousands of others have
   * something to read is not let go of before they all have been read.
   */
  static void forgetPart(ChannelHandlerContext context) {
    if (context.pipeline().get(HttpRequestDecoder.class) != null) {
      context.pipeline().remove(HttpRequestDecoder.class);
    }
  }

  /**
   * Closes it at once, from below Vert.x and the encryption, which would both wait until what was
   * written is taken, the latter with a warning for each.
   */
  static void cut(ChannelHandlerContext context) {
    var _ = context.pipeline().firstContext().close();
  }

  private static VertxConnection of(HttpConnection connection) {
    if (connection instanceof VertxConnection own) {
      return own;
    }
    throw new IllegalStateException("a connection of another kind: " + connection.getClass());
  }
}
