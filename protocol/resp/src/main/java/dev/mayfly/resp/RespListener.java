package dev.mayfly.resp;

import dev.mayfly.store.TimeSource;
import dev.mayfly.transport.EventLoops;
import dev.mayfly.transport.IoHandlers;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The resp door: one listener for any Redis client.
 *
 * <p>Commands run on the connections' event loops, and of large turns on the workers of those.
 * {@link #start} and {@link #stop} are for one thread at a time, and block. It owns these threads;
 * the store is its host's.
 */
public final class RespListener {
  private static final int BACKLOG = 511;
  private static final long LOOK_MILLIS = 10;

  private final RespDoor door;
  private final RespConfig config;
  private final TimeSource time;
  private final ThreadFactory workerThreads = threads("worker");
  private final Map<EventLoop, Loop> loops = new ConcurrentHashMap<>();
  private @Nullable EventLoopGroup accepting;
  private @Nullable EventLoopGroup serving;
  private @Nullable Channel listening;
  private @Nullable Path socket;

  /** A door that does not listen yet. */
  public RespListener(RespConfig config, RespStore store, RespMetrics metrics) {
    this.config = config;
    door = new RespDoor(config, store, metrics);
    time = store.time();
  }

  RespDoor door() {
    return door;
  }

  /** What it has done so far. Safe for concurrent use. */
  public RespStats stats() {
    return door.stats();
  }

  /** What clients keep its memory busy with. Safe for concurrent use. */
  public RespLoad load() {
    return new RespLoad(
        door.inputMemory().taken(), door.outputMemory().taken(), door.outputMemory().awaited());
  }

  /**
   * Listens.
   *
   * @param address port 0 lets the system choose one; the file of a unix socket must not exist
   * @return the port, or -1 for a unix socket
   * @throws IOException when the address cannot be used
   */
  public int start(SocketAddress address) throws IOException {
    IoHandlerFactory handlers = IoHandlers.newFactory();
    EventLoopGroup accept = new MultiThreadIoEventLoopGroup(1, threads("accept"), handlers);
    EventLoopGroup serve =
        new MultiThreadIoEventLoopGroup(config.eventLoops(), threads("loop"), handlers);
    accepting = accept;
    serving = serve;
    try {
      Channel bound = bind(accept, serve, address);
      listening = bound;
      int port = bound.localAddress() instanceof InetSocketAddress inet ? inet.getPort() : -1;
      door.port(port);
      return port;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private Channel bind(EventLoopGroup accept, EventLoopGroup serve, SocketAddress address)
      throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(accept, serve)
            .channel(channelType(address))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(new Initializer());
    if (!(address instanceof UnixDomainSocketAddress)) {
      bootstrap.option(ChannelOption.SO_REUSEADDR, true);
      bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
      bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
    }
    ChannelFuture bound = bootstrap.bind(local(address)).awaitUninterruptibly();
    if (bound.cause() != null) {
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    return bound.channel();
  }

  private WriteBufferWaterMark waterMark() {
    return new WriteBufferWaterMark(config.outputPauseBytes() / 2, config.outputPauseBytes());
  }

  private static ThreadFactory threads(String part) {
    return Thread.ofPlatform().daemon().name("mayfly-resp-" + part + "-", 0).factory();
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

  /** What the connections of one event loop share. */
  private record Loop(Workspace work, Turns turns, @Nullable TurnWorker worker) {
    /** Ends what it has besides the event loop, which has ended; answers whether it has. */
    boolean end() {
      return worker == null || worker.end();
    }
  }

  private Loop newLoop() {
    Workspace work = newWorkspace();
    TurnWorker worker =
        config.helpFromBytes() == 0
            ? null
            : new TurnWorker(workerThreads, config.helpFromBytes(), this::newWorkspace);
    return new Loop(work, new Turns(work.stats(), door.store().time(), worker), worker);
  }

  private Workspace newWorkspace() {
    return new Workspace(config.outputPauseBytes() + config.replyBytesMax(), door.newThreadStats());
  }

  private final class Initializer extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      Loop loop = loops.computeIfAbsent(channel.eventLoop(), l -> newLoop());
      RespConnection connection = new RespConnection(door, loop.work());
      channel.pipeline().addLast(loop.turns().handler(connection), connection);
    }
  }

  /**
   * Takes no more clients and closes those that are connected, each after the replies to what it
   * sent; waits for them at most so long.
   */
  public void stop(Duration drain) throws IOException {
    Channel bound = listening;
    if (bound == null) {
      return;
    }
    listening = null;
    bound.close().awaitUninterruptibly();
    door.notifications().close();
    door.tracking().close();
    door.sessions().forEach(Session::kill);
    long end = time.nanos() + drain.toNanos();
    while (!door.sessions().isEmpty() && time.nanos() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
    }
    close();
  }

  private void close() throws IOException {
    EventLoopGroup accept = accepting;
    EventLoopGroup serve = serving;
    boolean ended = true;
    if (accept != null && serve != null) {
      ended = EventLoops.end(accept, serve);
      for (Loop loop : loops.values()) {
        ended &= loop.end();
      }
    }
    Path file = socket;
    if (file != null) {
      Files.deleteIfExists(file);
    }
    if (!ended) {
      throw new IOException("a thread still runs commands");
    }
  }
}
