package dev.mayfly.counter;

import dev.mayfly.counter.socket.BatchSocket;
import dev.mayfly.store.Counters;
import dev.mayfly.store.Limits;
import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.TimeSource;
import dev.mayfly.transport.EventLoops;
import dev.mayfly.transport.IoHandlers;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The counter door: datagrams on one thread, TCP connections on some more.
 *
 * <p>Datagrams are read and answered up to 64 at a time, by one system call each way where the
 * system has such calls. {@link #start} and {@link #stop} are for one thread at a time, and block.
 * It owns its threads; counters and limits are its host's, and must not block.
 */
public final class CounterListener {
  private static final System.Logger LOG = System.getLogger(CounterListener.class.getName());
  private static final int ATTEMPTS = 8;
  private static final long CLOSE_SECONDS = 2;

  private final ListenerConfig config;
  private final Counters counters;
  private final Counters replicated;
  private final Limits limits;
  private final CounterPeers peers;
  private final CounterTraffic traffic;
  private final TimeSource time;
  private final ReplayWindow replays;
  private final AnswerMemory answers;
  private final MemoryBudget input;
  private final Map<EventLoop, Codecs> codecs = new ConcurrentHashMap<>();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Datagrams.Opening opening;
  private @Nullable Datagrams datagrams;
  private @Nullable Channel connectionsListener;
  private @Nullable EventLoopGroup loops;
  private @Nullable Listings listings;

  /** A door that does not listen yet. */
  public CounterListener(
      ListenerConfig config,
      Counters counters,
      Limits limits,
      CounterPeers peers,
      CounterTraffic traffic,
      TimeSource time) {
    this(config, counters, limits, peers, traffic, time, opening());
  }

  private static Datagrams.Opening opening() {
    if (BatchSocket.isSupported()) {
      return BatchedDatagrams::open;
    }
    LOG.log(System.Logger.Level.INFO, "datagrams by single system calls: no batches here");
    return NettyDatagrams::open;
  }

  /** With datagrams of this kind. */
  CounterListener(
      ListenerConfig config,
      Counters counters,
      Limits limits,
      CounterPeers peers,
      CounterTraffic traffic,
      TimeSource time,
      Datagrams.Opening opening) {
    this.config = config;
    this.counters = counters;
    this.limits = limits;
    this.peers = peers;
    this.traffic = traffic;
    this.time = time;
    this.opening = opening;
    replicated = peers.replicating(counters);
    replays = new ReplayWindow(time.millis());
    answers = new AnswerMemory(config.outputBytesMax(), config.outputTimeout(), traffic);
    input = new MemoryBudget(config.inputBytesMax());
    traffic.memory(input, answers.memory());
  }

  /**
   * Listens for datagrams, and for TCP connections at the same address and port.
   *
   * @param address port 0 lets the system choose one that is free for both
   * @param tcp another address for TCP, or null
   * @return the port of datagrams
   * @throws IOException when an address cannot be used; nothing is open then
   */
  public int start(InetSocketAddress address, @Nullable InetSocketAddress tcp) throws IOException {
    IoHandlerFactory io = IoHandlers.newFactory();
    loops = new MultiThreadIoEventLoopGroup(config.eventLoops(), io);
    listings = new Listings();
    for (int attempt = 1; ; attempt++) {
      try {
        return open(address, tcp);
      } catch (IOException e) {
        closeListeners();
        boolean chosen = address.getPort() == 0 && tcp == null;
        if (!chosen || attempt == ATTEMPTS) {
          end();
          throw e;
        }
      }
    }
  }

  private int open(InetSocketAddress address, @Nullable InetSocketAddress tcp) throws IOException {
    DatagramAnswers answers =
        new DatagramAnswers(packets(), frames(), requireListings(), traffic, time);
    Datagrams opened = opening.open(address, answers);
    datagrams = opened;
    InetSocketAddress stream =
        tcp != null ? tcp : new InetSocketAddress(address.getAddress(), opened.port());
    connectionsListener = BoundChannel.await(streamBootstrap().bind(stream));
    peers.leaveOut(ownAddresses(address.getAddress(), opened.port()));
    peers.sender(opened);
    return opened.port();
  }

  /** The addresses that reach this port on this machine. */
  private static List<InetSocketAddress> ownAddresses(InetAddress bound, int port) {
    List<InetSocketAddress> own = new ArrayList<>();
    own.add(new InetSocketAddress(bound, port));
    if (bound.isAnyLocalAddress()) {
      try {
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .forEach(address -> own.add(new InetSocketAddress(address, port)));
      } catch (SocketException e) {
        own.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      }
    }
    return own;
  }

  private ServerBootstrap streamBootstrap() {
    return new ServerBootstrap()
        .group(loops)
        .channel(
            Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                if (connections.size() >= config.connectionsMax()) {
                  var _ = channel.close();
                  return;
                }
                connections.add(channel);
                long idle = config.idleTimeout().toMillis();
                channel
                    .pipeline()
                    .addLast(new IdleStateHandler(0, 0, idle, TimeUnit.MILLISECONDS))
                    .addLast(
                        new ConnectionHandler(
                            codecs.computeIfAbsent(channel.eventLoop(), loop -> codecs()),
                            input,
                            requireListings(),
                            answers,
                            traffic,
                            time));
              }
            });
  }

  private Codecs codecs() {
    return new Codecs(packets(), frames(), new SpareBytes());
  }

  private PacketCodec packets() {
    return new PacketCodec(counters, peers, config.secret());
  }

  private FrameCodec frames() {
    return new FrameCodec(replicated, limits, config.secret(), replays);
  }

  private Listings requireListings() {
    if (listings == null) {
      throw new IllegalStateException("the door is not open");
    }
    return listings;
  }

  /** Answers whether the thread of datagrams has ended. */
  private boolean closeListeners() {
    peers.sender(null);
    boolean ended = datagrams == null || datagrams.end();
    datagrams = null;
    if (connectionsListener != null) {
      var _ = connectionsListener.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
      connectionsListener = null;
    }
    return ended;
  }

  /**
   * Takes no more requests, sends the answers that were made, and closes.
   *
   * @throws IOException if a thread is still at work: it may still read the counters and limits
   */
  public void stop() throws IOException {
    if (!end()) {
      throw new IOException("a thread still serves datagrams, connections or a listing");
    }
  }

  private boolean end() {
    boolean ended = closeListeners();
    var _ = connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    ended &= loops == null || EventLoops.end(loops);
    ended &= listings == null || listings.end();
    codecs.clear();
    loops = null;
    listings = null;
    return ended;
  }
}
