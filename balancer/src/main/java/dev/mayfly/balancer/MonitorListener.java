package dev.mayfly.balancer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves the monitor over HTTP, on the control thread. For one thread at a time. */
final class MonitorListener implements AutoCloseable {
  private static final int CLIENTS_MAX = 256;
  private static final int BODY_BYTES_MAX = 1024;
  private static final int READ_SECONDS = 10;

  private @Nullable Channel listening;

  InetSocketAddress start(HostPort address, Transport transport, MonitorHandler.Subject subject)
      throws IOException {
    Channel channel =
        Binding.await(
            new ServerBootstrap()
                .group(transport.control())
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new Acceptor(CLIENTS_MAX))
                .childHandler(
                    new ChannelInitializer<SocketChannel>() {
                      @Override
                      protected void initChannel(SocketChannel client) {
                        client
                            .pipeline()
                            .addLast(new ReadTimeoutHandler(READ_SECONDS, TimeUnit.SECONDS))
                            .addLast(new HttpServerCodec())
                            .addLast(new HttpObjectAggregator(BODY_BYTES_MAX))
                            .addLast(new MonitorHandler(subject));
                      }
                    })
                .bind(HostPorts.bindable(address)),
            address);
    listening = channel;
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void close() {
    if (listening != null) {
      listening.close().awaitUninterruptibly();
    }
  }
}
