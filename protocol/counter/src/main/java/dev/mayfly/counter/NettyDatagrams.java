package dev.mayfly.counter;

import dev.mayfly.transport.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Datagrams by Java's own sockets, one system call for each, on one event loop: where there are no
 * {@link BatchedDatagrams}. It owns the loop and the channel.
 */
final class NettyDatagrams implements Datagrams {
  private static final int READS_PER_TURN = 16;
  private static final int UNSENT_BYTES_LOW = 256 << 10;
  private static final int UNSENT_BYTES_HIGH = 1 << 20;

  private static final long CLOSE_SECONDS = 2;

  private final EventLoopGroup loop;
  private final Channel channel;

  private NettyDatagrams(EventLoopGroup loop, Channel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  static Datagrams open(InetSocketAddress address, DatagramAnswers answers) throws IOException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      return new NettyDatagrams(loop, BoundChannel.await(bootstrap(loop, answers).bind(address)));
    } catch (IOException e) {
      EventLoops.end(loop);
      throw e;
    }
  }

  private static Bootstrap bootstrap(EventLoopGroup loop, DatagramAnswers answers) {
    return new Bootstrap()
        .group(loop)
        .channel(NioDatagramChannel.class)
        .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
        .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
        .option(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(UNSENT_BYTES_LOW, UNSENT_BYTES_HIGH))
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(DatagramAnswers.BYTES_MAX)
                .maxMessagesPerRead(READS_PER_TURN))
        .handler(new DatagramHandler(answers));
  }

  @Override
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  @Override
  public boolean send(byte[] packet, InetSocketAddress to) {
    if (!channel.isActive() || !channel.isWritable()) {
      return false;
    }
    var _ =
        channel.writeAndFlush(
            new DatagramPacket(Unpooled.copiedBuffer(packet), to), channel.voidPromise());
    return true;
  }

  @Override
  public boolean end() {
    var _ = channel.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    return EventLoops.end(loop);
  }
}
