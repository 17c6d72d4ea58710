package dev.mayfly.balancer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Takes TCP connections and joins each with one to a target.
 *
 * <p>{@link #start} and {@link #close} are for one thread at a time.
 */
final class TcpProxy implements AutoCloseable {
  private static final int BACKLOG = 4096;

  final BalancerConfig config;
  final Transport transport;
  final TargetPool pool;
  final Ticker ticker;
  final UnsentBytes unsent;
  final SharedReads reads;
  final ChannelGroup fronts = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private @Nullable Channel listening;

  TcpProxy(BalancerConfig config, Transport transport, TargetPool pool, Ticker ticker) {
    this.config = config;
    this.transport = transport;
    this.pool = pool;
    this.ticker = ticker;
    unsent = new UnsentBytes(config.limits().unsentMax());
    reads = new SharedReads(unsent);
  }

  InetSocketAddress start() throws IOException {
    ChannelFuture binding =
        new ServerBootstrap()
            .group(transport.data())
            .channel(transport.server())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .handler(new Acceptor(config.limits().connectionsMax()))
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel front) {
                    fronts.add(front);
                    front.pipeline().addLast(new FrontHandler(new Relay(TcpProxy.this, front)));
                  }
                })
            .bind(HostPorts.bindable(config.listen()));
    listening = Binding.await(binding, config.listen());
    return (InetSocketAddress) listening.localAddress();
  }

  /** Takes nothing new; what is open goes on. */
  void stopListening() {
    if (listening != null) {
      listening.close().awaitUninterruptibly();
    }
  }

  @Override
  public void close() {
    stopListening();
    fronts.forEach(FrontHandler::breakOff);
    fronts.close().awaitUninterruptibly();
  }
}
