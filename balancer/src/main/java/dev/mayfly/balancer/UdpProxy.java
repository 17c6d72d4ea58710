package dev.mayfly.balancer;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Passes datagrams on: each client keeps its target while it is heard, the target is well and takes
 * what it is sent.
 *
 * <p>A client has a socket of its own towards its target, so that answers find their way. All of it
 * runs on one thread; {@link #start} and {@link #close} are for the owner.
 */
final class UdpProxy implements AutoCloseable {
  private static final int BYTES_MAX = 65_535;
  private static final int READS_PER_TURN = 64;
  private static final int SOCKET_BUFFER_BYTES = 1 << 20;

  /** Datagrams that went nowhere: no target, or nobody to take them. */
  final LongAdder dropped = new LongAdder();

  private final BalancerConfig config;
  private final Transport transport;
  private final TargetPool pool;
  private final Ticker ticker;
  private final EventLoop loop;
  private final AtomicInteger clientCount = new AtomicInteger();

  /** In the order in which they were heard last. */
  private final LinkedHashMap<InetSocketAddress, Session> sessions =
      new LinkedHashMap<>(16, 0.75f, true);

  private final Set<Session> unflushed = new HashSet<>();
  private @Nullable Channel front;

  UdpProxy(BalancerConfig config, Transport transport, TargetPool pool, Ticker ticker) {
    this.config = config;
    this.transport = transport;
    this.pool = pool;
    this.ticker = ticker;
    loop = transport.data().next();
  }

  InetSocketAddress start(HostPort address) throws IOException {
    Channel channel =
        Binding.await(
            new Bootstrap()
                .group(loop)
                .channel(transport.datagram())
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.RECVBUF_ALLOCATOR, reads())
                .handler(new FrontDatagrams())
                .bind(HostPorts.bindable(address)),
            address);
    front = channel;
    long nanos = Math.max(1, config.limits().udpIdleTimeout().toNanos() / 4);
    var _ = loop.scheduleWithFixedDelay(this::expire, nanos, nanos, TimeUnit.NANOSECONDS);
    return (InetSocketAddress) channel.localAddress();
  }

  private static FixedRecvByteBufAllocator reads() {
    FixedRecvByteBufAllocator reads = new FixedRecvByteBufAllocator(BYTES_MAX);
    reads.maxMessagesPerRead(READS_PER_TURN);
    return reads;
  }

  int clients() {
    return clientCount.get();
  }

  private void expire() {
    long idle = config.limits().udpIdleTimeout().toNanos();
    long now = ticker.nanoTime();
    Iterator<Session> oldest = sessions.values().iterator();
    while (oldest.hasNext()) {
      Session session = oldest.next();
      if (now - session.heardNanos < idle) {
        return;
      }
      oldest.remove();
      session.end();
    }
  }

  private InetSocketAddress address(Target target) {
    InetSocketAddress own = target.address();
    int port = config.udpPort();
    return port == 0 ? own : new InetSocketAddress(own.getAddress(), port);
  }

  private void forget(Session session) {
    if (sessions.remove(session.client, session)) {
      session.end();
    }
  }

  private @Nullable Session session(InetSocketAddress client) {
    long now = ticker.nanoTime();
    Session known = sessions.get(client);
    boolean isWell = known != null && known.isWell(now);
    if (known != null && isWell && !known.refused) {
      known.heardNanos = now;
      return known;
    }
    Target other = known == null ? null : pool.pick(client.getAddress(), List.of(known.target));
    if (known != null && isWell && other == null) {
      known.heardNanos = now;
      return known;
    }
    if (known != null) {
      forget(known);
    }
    Target target = other == null ? pool.pick(client.getAddress(), List.of()) : other;
    if (target == null) {
      pool.unserved.increment();
      return null;
    }
    if (sessions.size() >= config.limits().udpClientsMax()) {
      Map.Entry<InetSocketAddress, Session> oldest = sessions.firstEntry();
      forget(oldest.getValue());
    }
    Session session = new Session(client, target, now);
    sessions.put(client, session);
    clientCount.incrementAndGet();
    target.hits.increment();
    return session;
  }

  @Override
  public void close() {
    Channel listening = front;
    if (listening != null) {
      listening.close().awaitUninterruptibly();
      loop.submit(
              () -> {
                sessions.values().forEach(Session::end);
                sessions.clear();
              })
          .awaitUninterruptibly();
    }
  }

  /** A client with its target. Confined to the thread. */
  private final class Session {
    private final InetSocketAddress client;
    private final Target target;
    private final ChannelFuture ready;
    private final Channel back;
    private long heardNanos;

    /** Whether nobody took a datagram there: the next one tries another target, if there is one. */
    private boolean refused;

    Session(InetSocketAddress client, Target target, long now) {
      this.client = client;
      this.target = target;
      heardNanos = now;
      ready =
          new Bootstrap()
              .group(loop)
              .channel(transport.datagram())
              .option(ChannelOption.RECVBUF_ALLOCATOR, reads())
              .handler(new BackDatagrams(this))
              .disableResolver()
              .connect(address(target));
      back = ready.channel();
    }

    boolean isWell(long now) {
      return back.isOpen()
          && !target.isDraining()
          && target.health() != Target.Health.DOWN
          && !target.isEjected(now);
    }

    void send(DatagramPacket packet) {
      if (ready.isDone()) {
        pass(packet);
        return;
      }
      // Connecting a datagram socket takes one turn of the loop, which bounds what waits here.
      ready.addListener(
          done -> {
            pass(packet);
            back.flush();
          });
    }

    private void pass(DatagramPacket packet) {
      if (!back.isActive() || !back.isWritable()) {
        dropped.increment();
        packet.release();
        return;
      }
      target.datagramsIn.increment();
      target.bytesIn.add(packet.content().readableBytes());
      var _ = back.write(packet.content(), back.voidPromise());
      unflushed.add(this);
    }

    void end() {
      clientCount.decrementAndGet();
      unflushed.remove(this);
      var _ = back.close();
    }
  }

  /** Hears the clients. */
  private final class FrontDatagrams extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      Session session = session(packet.sender());
      if (session == null) {
        dropped.increment();
        packet.release();
      } else {
        session.send(packet);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      unflushed.forEach(session -> session.back.flush());
      unflushed.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // A client that is gone: there is nobody to tell, and the others go on.
      dropped.increment();
    }
  }

  /** Hears one client's target. */
  private final class BackDatagrams extends ChannelInboundHandlerAdapter {
    private final Session session;

    BackDatagrams(Session session) {
      this.session = session;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      Channel to = front;
      DatagramPacket packet = (DatagramPacket) message;
      if (to == null || !to.isWritable()) {
        dropped.increment();
        ReferenceCountUtil.release(packet);
        return;
      }
      session.target.datagramsOut.increment();
      session.target.bytesOut.add(packet.content().readableBytes());
      var _ = to.write(new DatagramPacket(packet.content(), session.client), to.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      Channel to = front;
      if (to != null) {
        to.flush();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // That nobody takes datagrams there says nothing about connections.
      session.target.errors.increment();
      session.refused = true;
    }
  }
}
