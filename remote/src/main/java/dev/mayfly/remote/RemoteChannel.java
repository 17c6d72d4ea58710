package dev.mayfly.remote;

import dev.mayfly.transport.IoHandlers;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A connection to a store, over TCP or a unix socket. Owns its event loop and its threads. */
final class RemoteChannel implements AutoCloseable {
  private static final String UNIX = "unix://";
  private static final int KEEPALIVE_SECONDS = 10;
  private static final int MESSAGE_BYTES_MAX = 64 << 20;
  private static final int CLOSE_SECONDS_MAX = 2;

  private final EventLoopGroup loop;
  private final ManagedChannel channel;

  RemoteChannel(RemoteConfig config) {
    NettyChannelBuilder builder = builder(config.address());
    secure(builder, config.tls());
    loop =
        new MultiThreadIoEventLoopGroup(
            1,
            Thread.ofPlatform().daemon().name("mayfly-remote-loop-", 0).factory(),
            IoHandlers.newFactory());
    // Never shut: what it is given while the channel ends are the calls' ends.
    ThreadFactory callbacks = Thread.ofVirtual().name("mayfly-remote-", 0).factory();
    channel =
        builder
            .eventLoopGroup(loop)
            .executor(task -> callbacks.newThread(task).start())
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .build();
  }

  ManagedChannel channel() {
    return channel;
  }

  private static NettyChannelBuilder builder(String address) {
    boolean epoll = Epoll.isAvailable();
    if (!address.startsWith(UNIX)) {
      return NettyChannelBuilder.forTarget("dns:///" + address)
          .channelType(epoll ? EpollSocketChannel.class : NioSocketChannel.class);
    }
    String path = address.substring(UNIX.length());
    NettyChannelBuilder builder =
        epoll
            ? NettyChannelBuilder.forAddress(new DomainSocketAddress(path))
                .channelType(EpollDomainSocketChannel.class)
            : NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(path))
                .channelType(NioDomainSocketChannel.class);
    return builder.overrideAuthority("localhost");
  }

  private static void secure(NettyChannelBuilder builder, RemoteConfig.@Nullable Tls tls) {
    if (tls == null) {
      builder.usePlaintext();
      return;
    }
    Path authorities = tls.authorities();
    if (authorities != null) {
      try {
        builder.sslContext(GrpcSslContexts.forClient().trustManager(authorities.toFile()).build());
      } catch (SSLException | IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "authorities '%s': expected certificates in PEM form".formatted(authorities), e);
      }
    }
    if (tls.serverName() != null) {
      builder.overrideAuthority(tls.serverName());
    }
  }

  /** Ends what is under way. Blocks for a moment. */
  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
  }
}
