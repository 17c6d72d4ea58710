package dev.mayfly.balancer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * Feeds a relay with what happens on the backend's side, until the relay turns to another backend.
 * Confined to the channel's thread.
 */
final class BackHandler extends ChannelInboundHandlerAdapter {
  private final Relay relay;

  BackHandler(Relay relay) {
    this.relay = relay;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (relay.isBack(context.channel())) {
      relay.onBackRead(bytes);
    } else {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (relay.isBack(context.channel())) {
      relay.onBackReadComplete();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent && relay.isBack(context.channel())) {
      relay.onBackEnd();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (relay.isBack(context.channel())) {
      relay.onBackClosed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (relay.isBack(context.channel())) {
      relay.onBackFailure(cause);
    } else {
      var _ = context.close();
    }
  }
}
