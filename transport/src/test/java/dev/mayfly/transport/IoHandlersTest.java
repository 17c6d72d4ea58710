package dev.mayfly.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IoHandlersTest {
  private static final int PARTS = 2;
  private static final int PART_BYTES = 16 << 20;
  private static final long IDLE_MILLIS = 50;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, IoHandlers.newFactory());

  /** Answers the end of what it reads with parts, between which it has nothing to send. */
  private static final class Answer extends ChannelInboundHandlerAdapter {
    private int parts;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        later(context);
      }
    }

    private void later(ChannelHandlerContext context) {
      var _ = context.executor().schedule(() -> send(context), IDLE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void send(ChannelHandlerContext context) {
      ByteBuf part = Unpooled.wrappedBuffer(new byte[PART_BYTES]);
      parts++;
      context
          .writeAndFlush(part)
          .addListener(
              (ChannelFutureListener)
                  sent -> {
                    if (sent.isSuccess() && parts < PARTS) {
                      later(context);
                    } else {
                      var _ = sent.channel().close();
                    }
                  });
    }
  }

  @AfterEach
  void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void halfClosedConnection_sendsMoreThanTheSystemTakesAtOnce_againAndAgain() throws Exception {
    Channel server =
        new ServerBootstrap()
            .group(loop)
            .channel(
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Answer());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    int port = ((InetSocketAddress) server.localAddress()).getPort();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.getOutputStream().write(1);
      client.shutdownOutput();
      InputStream in = client.getInputStream();

      assertThat(in.readAllBytes()).hasSize(PARTS * PART_BYTES);
    }
  }
}
