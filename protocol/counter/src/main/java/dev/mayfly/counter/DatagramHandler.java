package dev.mayfly.counter;

import dev.mayfly.store.TimeSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Answers datagrams, packets and frames alike: never with more bytes than they came with, and a
 * packet only if it is a whole one. The clock is asked once for what is read together, and answers
 * leave together. Confined to its event loop.
 */
final class DatagramHandler extends ChannelInboundHandlerAdapter {
  /** The longest datagram that is read whole. */
  static final int BYTES_MAX = 2048;

  private static final System.Logger LOG = System.getLogger(DatagramHandler.class.getName());

  private final PacketCodec packets;
  private final FrameCodec frames;
  private final Listings listings;
  private final CounterTraffic traffic;
  private final TimeSource time;
  private final byte[] bytes = new byte[BYTES_MAX];
  private long nowMillis;
  private int received;
  private int replies;

  DatagramHandler(
      PacketCodec packets,
      FrameCodec frames,
      Listings listings,
      CounterTraffic traffic,
      TimeSource time) {
    this.packets = packets;
    this.frames = frames;
    this.listings = listings;
    this.traffic = traffic;
    this.time = time;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket datagram = (DatagramPacket) message;
    boolean answered = false;
    try {
      if (nowMillis == 0) {
        nowMillis = time.millis();
      }
      answered = answer(context, datagram);
    } finally {
      if (!answered) {
        datagram.release();
      }
      received++;
      replies += answered ? 1 : 0;
    }
  }

  /** Returns whether the datagram's buffer was sent back. */
  private boolean answer(ChannelHandlerContext context, DatagramPacket datagram) {
    ByteBuf content = datagram.content();
    int length = Math.min(content.readableBytes(), BYTES_MAX);
    int start = content.readerIndex();
    if (length >= 2 && Frame.begins(content.getByte(start), content.getByte(start + 1))) {
      content.getBytes(start, bytes, 0, length);
      int reply = frames.answer(bytes, length, length, nowMillis);
      return reply > 0 && send(context, datagram, frames.reply(), reply, reply);
    }
    content.getBytes(start, packets.request(), 0, Math.min(length, Packet.BYTES));
    int reply = packets.answer(Math.min(length, Packet.BYTES), nowMillis);
    if (length < Packet.BYTES || reply == PacketCodec.NO_REPLY) {
      return false;
    }
    if (reply == PacketCodec.LISTING) {
      list(context, datagram.sender());
      return false;
    }
    return send(context, datagram, packets.reply(), packets.changed(), reply);
  }

  /** Sends the buffer in which the request came back, with what differs in the reply. */
  private static boolean send(
      ChannelHandlerContext context,
      DatagramPacket request,
      byte[] reply,
      int differing,
      int length) {
    if (!context.channel().isWritable()) {
      return false;
    }
    ByteBuf content = request.content();
    content.setBytes(content.readerIndex(), reply, 0, differing);
    content.writerIndex(content.readerIndex() + length);
    var _ = context.write(new DatagramPacket(content, request.sender()), context.voidPromise());
    return true;
  }

  private void list(ChannelHandlerContext context, InetSocketAddress sender) {
    PacketCodec.Listing listing = packets.listing();
    long now = nowMillis;
    boolean accepted =
        listings.tryRun(() -> reply(context, sender, packets.list(listing, Packet.BYTES, now)));
    if (!accepted) {
      reply(context, sender, packets.refuse(listing));
    }
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
    nowMillis = 0;
    traffic.onDatagrams(received, replies);
    received = 0;
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
