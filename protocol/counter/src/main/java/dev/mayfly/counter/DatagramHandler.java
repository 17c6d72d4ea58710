package dev.mayfly.counter;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Answers the datagrams of a channel, each in the buffer in which it came; answers leave together.
 * Confined to its event loop.
 */
final class DatagramHandler extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger(DatagramHandler.class.getName());

  private final DatagramAnswers answers;
  private int replies;

  DatagramHandler(DatagramAnswers answers) {
    this.answers = answers;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket datagram = (DatagramPacket) message;
    boolean answered = false;
    try {
      answered = answer(context, datagram);
    } finally {
      if (!answered) {
        datagram.release();
      }
    }
  }

  /** Returns whether the datagram's buffer was sent back. */
  private boolean answer(ChannelHandlerContext context, DatagramPacket datagram) {
    ByteBuf content = datagram.content();
    int length = Math.min(content.readableBytes(), DatagramAnswers.BYTES_MAX);
    content.getBytes(content.readerIndex(), answers.request(), 0, length);
    int reply = answers.answer(length);
    if (reply == DatagramAnswers.LISTING) {
      InetSocketAddress sender = datagram.sender();
      answers.list(answer -> reply(context, sender, answer));
      return false;
    }
    if (reply == DatagramAnswers.NO_REPLY || !context.channel().isWritable()) {
      return false;
    }
    content.setBytes(content.readerIndex(), answers.reply(), 0, answers.differing(reply));
    content.writerIndex(content.readerIndex() + reply);
    var _ = context.write(new DatagramPacket(content, datagram.sender()), context.voidPromise());
    replies++;
    return true;
  }

  private static void reply(ChannelHandlerContext context, InetSocketAddress to, byte[] answer) {
    if (context.channel().isWritable()) {
      var _ =
          context.writeAndFlush(
              new DatagramPacket(Unpooled.wrappedBuffer(answer), to), context.voidPromise());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    answers.end(replies);
    replies = 0;
    context.flush();
  }

  /**
   * A datagram that cannot be sent, to a port where nobody listens above all, is no fault of ours.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    System.Logger.Level level =
        cause instanceof IOException ? System.Logger.Level.DEBUG : System.Logger.Level.ERROR;
    LOG.log(level, "a datagram failed", cause);
  }
}
