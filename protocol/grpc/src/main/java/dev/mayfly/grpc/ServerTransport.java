package dev.mayfly.grpc;

import dev.mayfly.transport.EventLoops;
import dev.mayfly.transport.IoHandlers;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loops and sockets below the door: epoll where the system has it.
 *
 * <p>Owns its event loops until it is ended. Confined to the threads that start and stop the door.
 */
final class ServerTransport {
  private static final System.Logger LOG = System.getLogger(ServerTransport.class.getName());
  private static final int FLUSH_SECONDS_MAX = 2;

  private final EventLoopGroup accepting;
  private final EventLoopGroup serving;
  private @Nullable Path socket;

  ServerTransport(int eventLoops) {
    IoHandlerFactory handlers = IoHandlers.newFactory();
    accepting = new MultiThreadIoEventLoopGroup(1, threads("accept"), handlers);
    serving = new MultiThreadIoEventLoopGroup(eventLoops, threads("loop"), handlers);
  }

  private static ThreadFactory threads(String part) {
    return Thread.ofPlatform().daemon().name("mayfly-grpc-" + part + "-", 0).factory();
  }

  /**
   * A builder for this address.
   *
   * @throws IOException when the file of a unix socket exists, or certificate and key cannot be
   *     used
   */
  NettyServerBuilder builder(
      SocketAddress address, GrpcConfig.@Nullable Tls tls, ConnectionLimit limit)
      throws IOException {
    NettyServerBuilder builder = NettyServerBuilder.forAddress(local(address));
    builder.channelFactory(limit.limiting(new ReflectiveChannelFactory<>(channelType(address))));
    builder.bossEventLoopGroup(accepting).workerEventLoopGroup(serving);
    if (tls != null) {
      secure(builder, tls);
    }
    return builder;
  }

  private static void secure(NettyServerBuilder builder, GrpcConfig.Tls tls) throws IOException {
    try {
      builder.sslContext(
          GrpcSslContexts.forServer(tls.certificate().toFile(), tls.key().toFile()).build());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "certificate '%s' and key '%s' cannot be used: expected PEM files"
              .formatted(tls.certificate(), tls.key()),
          e);
    }
  }

  private SocketAddress local(SocketAddress address) throws IOException {
    if (!(address instanceof UnixDomainSocketAddress unix)) {
      return address;
    }
    if (Files.exists(unix.getPath(), LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("socket file '%s' already exists".formatted(unix.getPath()));
    }
    socket = unix.getPath();
    return Epoll.isAvailable() ? new DomainSocketAddress(unix.getPath().toString()) : unix;
  }

  private static Class<? extends ServerChannel> channelType(SocketAddress address) {
    boolean unix = address instanceof UnixDomainSocketAddress;
    if (Epoll.isAvailable()) {
      return unix ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class;
    }
    return unix ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The event loop that runs this thread. */
  EventExecutor current() {
    for (EventExecutor loop : serving) {
      if (loop.inEventLoop()) {
        return loop;
      }
    }
    throw new IllegalStateException("not on an event loop of connections");
  }

  /** Runs a task on each event loop of connections, time and again until they end. */
  void repeat(Runnable task, long everyMillis) {
    for (EventExecutor loop : serving) {
      loop.scheduleWithFixedDelay(task, everyMillis, everyMillis, TimeUnit.MILLISECONDS)
          .addListener(ServerTransport::onEnded);
    }
  }

  private static void onEnded(Future<?> repeated) {
    Throwable fault = repeated.isCancelled() ? null : repeated.cause();
    if (fault != null) {
      LOG.log(System.Logger.Level.ERROR, "a task of the grpc door is not repeated any more", fault);
    }
  }

  /** Waits until what has been answered before is with the system; for a moment at most. */
  void flush() {
    for (EventExecutor loop : serving) {
      loop.submit(() -> {}).awaitUninterruptibly(FLUSH_SECONDS_MAX, TimeUnit.SECONDS);
    }
  }

  /**
   * Ends the event loops and removes the file of a unix socket. Blocks for a moment.
   *
   * @return whether all have ended: else one may still read the store
   */
  boolean end() throws IOException {
    boolean ended = EventLoops.end(accepting, serving);
    Path file = socket;
    if (file != null) {
      Files.deleteIfExists(file);
    }
    return ended;
  }
}
