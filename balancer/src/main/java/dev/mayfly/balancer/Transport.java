package dev.mayfly.balancer;

import dev.mayfly.transport.IoHandlers;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a balancer and the kinds of channel that they can run: epoll where there is one.
 *
 * <p>Owns its threads. {@code data} moves bytes; {@code control} checks, discovers and serves the
 * monitor, and always runs on the JDK's own selector, which knows unix sockets too.
 */
record Transport(
    EventLoopGroup data,
    EventLoopGroup control,
    Class<? extends ServerChannel> server,
    Class<? extends SocketChannel> stream,
    Class<? extends DatagramChannel> datagram)
    implements AutoCloseable {
  private static final long CLOSE_SECONDS = 2;

  static Transport open() {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = IoHandlers.newFactory();
    return new Transport(
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            new DefaultThreadFactory("mayfly-balance", true),
            io),
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("mayfly-balance-control", true), NioIoHandler.newFactory()),
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class,
        epoll ? EpollSocketChannel.class : NioSocketChannel.class,
        epoll ? EpollDatagramChannel.class : NioDatagramChannel.class);
  }

  /** Ends the threads and what runs on them. */
  @Override
  public void close() {
    var control = this.control.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    var data = this.data.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    control.awaitUninterruptibly();
    data.awaitUninterruptibly();
  }
}
