package dev.mayfly.grpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Closes connections beyond a limit as soon as they are accepted, before they cost a handshake.
 *
 * <p>Confined to the accepting event loop, but for the count, which other loops lower.
 */
@ChannelHandler.Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  private final int connectionsMax;
  private final GrpcMetrics metrics;
  private final AtomicInteger connections = new AtomicInteger();

  ConnectionLimit(int connectionsMax, GrpcMetrics metrics) {
    this.connectionsMax = connectionsMax;
    this.metrics = metrics;
  }

  /** Makes listening channels that keep to the limit, together. */
  <C extends ServerChannel> ChannelFactory<C> limiting(ChannelFactory<C> channels) {
    return () -> {
      C channel = channels.newChannel();
      // First in the pipeline: before what hands connections to their event loops.
      channel.pipeline().addFirst(this);
      return channel;
    };
  }

  @Override
  public void channelRead(ChannelHandlerContext accepting, Object message) {
    if (!(message instanceof Channel connection)) {
      accepting.fireChannelRead(message);
      return;
    }
    if (connections.incrementAndGet() > connectionsMax) {
      connections.decrementAndGet();
      metrics.onConnectionRefused();
      // It has no event loop yet.
      connection.unsafe().closeForcibly();
      return;
    }
    connection.closeFuture().addListener(closed -> connections.decrementAndGet());
    accepting.fireChannelRead(message);
  }
}
