package dev.mayfly.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Sees what the codec is given, and tells what it may have kept. */
final class ArrivingBytes extends ChannelInboundHandlerAdapter {
  private final ConnectionHeads heads;

  ArrivingBytes(ConnectionHeads heads) {
    this.heads = heads;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    heads.onBytes();
    if (heads.leavesNothing(bytes)) {
      context.fireChannelRead(bytes);
      heads.onNothingLeft();
      return;
    }
    int from = bytes.readerIndex();
    int to = bytes.writerIndex();
    // The codec lets go of them, and they are looked at again.
    bytes.retain();
    try {
      context.fireChannelRead(bytes);
      heads.onLeft(bytes, from, to);
    } finally {
      bytes.release();
    }
  }
}
