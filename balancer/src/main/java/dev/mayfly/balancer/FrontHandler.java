package dev.mayfly.balancer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** Feeds a relay with what happens on the client's side. Confined to the channel's thread. */
final class FrontHandler extends ChannelInboundHandlerAdapter {
  /** What may be ordered from any thread. */
  private enum Order {
    BREAK_OFF
  }

  private final Relay relay;

  FrontHandler(Relay relay) {
    this.relay = relay;
  }

  /** Ends a client's connection so that it does not look like a regular end; from any thread. */
  static void breakOff(Channel front) {
    if (!front.eventLoop().isShuttingDown()) {
      front.pipeline().fireUserEventTriggered(Order.BREAK_OFF);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    relay.begin();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    relay.onFrontRead((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    relay.onFrontReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      relay.onFrontEnd();
    } else if (event == Order.BREAK_OFF) {
      relay.breakOff();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    relay.onFrontClosed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    relay.breakOff();
  }
}
