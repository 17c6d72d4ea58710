package dev.mayfly.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoundsTest {
  /** One round may be looking for input just when the byte comes. */
  private static final int PARTS_MAX = 10;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, IoHandlers.newFactory());
  private final CountDownLatch served = new CountDownLatch(1);
  private int parts;

  @AfterEach
  void close() {
    loop.shutdownGracefully().awaitUninterruptibly();
  }

  private final class Serving extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      served.countDown();
    }
  }

  private int listen() {
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childHandler(new Serving())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly();
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  private void goOn() {
    parts++;
    if (served.getCount() > 0) {
      Rounds.runNext(loop.next(), this::goOn);
    }
  }

  @Test
  void inputThatIsThere_isServedBetweenThePartsOfAWork() throws Exception {
    int port = listen();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      loop.submit(() -> {}).sync();
      CountDownLatch sent = new CountDownLatch(1);
      loop.execute(
          () -> {
            try {
              sent.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            goOn();
          });
      client.getOutputStream().write('a');
      sent.countDown();
      served.await();
    }

    assertThat(loop.submit(() -> parts).get()).isLessThanOrEqualTo(PARTS_MAX);
  }

  @Test
  void partThatFails_isToldAndEndsNothing() throws Exception {
    Rounds.runNext(
        loop.next(),
        () -> {
          throw new IllegalStateException("on purpose");
        });
    CountDownLatch ran = new CountDownLatch(1);

    Rounds.runNext(loop.next(), ran::countDown);

    ran.await();
  }
}
