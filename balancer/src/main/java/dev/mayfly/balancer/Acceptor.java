package dev.mayfly.balancer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Counts the clients of a listening channel, and stops accepting while there are as many as may be:
 * the others wait in the system's queue. Confined to the listening channel's thread.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
  private final int connectionsMax;
  private int open;

  Acceptor(int connectionsMax) {
    this.connectionsMax = connectionsMax;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel listening = context.channel();
    Channel client = (Channel) message;
    open++;
    if (open >= connectionsMax) {
      listening.config().setAutoRead(false);
    }
    client
        .closeFuture()
        .addListener(
            closed -> {
              if (!listening.eventLoop().isShuttingDown()) {
                listening.eventLoop().execute(() -> left(listening));
              }
            });
    context.fireChannelRead(message);
  }

  private void left(Channel listening) {
    open--;
    if (open < connectionsMax && listening.isOpen() && !listening.config().isAutoRead()) {
      listening.config().setAutoRead(true);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // Out of descriptors, most likely: the bootstrap's own handler pauses accepting for a second.
    context.fireExceptionCaught(cause);
  }
}
