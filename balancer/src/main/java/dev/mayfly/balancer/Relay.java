package dev.mayfly.balancer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, the one to its backend, and what moves between them.
 *
 * <p>Each side is read while the other takes what was read; an end of one side's sending is passed
 * on as such, a break as a break. Confined to the thread of the client's channel, on which the
 * backend's runs too. Owns both channels.
 */
final class Relay {
  private static final Logger LOG = Logger.getLogger(Relay.class.getName());
  private static final long RETRY_MILLIS = 250;

  /** How far the client's first bytes and the backend's answer to them have come. */
  private enum Answered {
    NOT_ASKED,
    ASKED,
    ANSWERED
  }

  private final TcpProxy proxy;
  private final BalancerConfig.Limits limits;
  private final SocketChannel front;
  private final List<Target> tried = new ArrayList<>();
  private final ByteBuf held = Unpooled.buffer(0, Integer.MAX_VALUE);
  private InetSocketAddress client;
  private @Nullable SocketChannel back;
  private @Nullable Target target;

  /** What goes to the backend and what comes from it, from when there is a connection to it. */
  private @Nullable Flow up;

  private @Nullable Flow down;
  private @Nullable ScheduledFuture<?> timer;
  private ProxyHeader header;
  private boolean headerPending;
  private boolean moved;
  private boolean frontEnded;
  private int attempts;
  private long activeNanos;
  private long askedNanos;
  private Answered answered = Answered.NOT_ASKED;

  Relay(TcpProxy proxy, SocketChannel front) {
    this.proxy = proxy;
    this.limits = proxy.config.limits();
    this.front = front;
    client = front.remoteAddress();
    header = new ProxyHeader(client, front.localAddress());
    headerPending = proxy.config.acceptsProxyHeader();
  }

  void begin() {
    if (!headerPending) {
      connect();
      return;
    }
    var _ = front.read();
    timer =
        front
            .eventLoop()
            .schedule(this::breakOff, Millis.of(limits.connectTimeout()), TimeUnit.MILLISECONDS);
  }

  boolean isBack(Channel channel) {
    return channel.equals(back);
  }

  private void connect() {
    if (!front.isActive()) {
      return;
    }
    Target next = proxy.pool.pick(client.getAddress(), tried);
    if (next == null) {
      if (tried.isEmpty()) {
        refuse();
      } else {
        // All were tried: one of them may be coming back.
        tried.clear();
        timer = front.eventLoop().schedule(this::connect, RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
      return;
    }
    attempts++;
    target = next;
    next.opened(front);
    long from = proxy.ticker.nanoTime();
    ChannelFuture connecting = dial(next);
    if (!(connecting.channel() instanceof SocketChannel channel)) {
      // No socket could be made: descriptors have run out, which is no fault of the backend's.
      refuse();
      return;
    }
    back = channel;
    connecting.addListener(done -> onConnect(connecting, next, from));
  }

  private ChannelFuture dial(Target next) {
    return new Bootstrap()
        .group(front.eventLoop())
        .channel(proxy.transport.stream())
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.RECVBUF_ALLOCATOR, proxy.reads)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Millis.of(limits.connectTimeout()))
        .handler(new BackHandler(this))
        .disableResolver()
        .connect(next.address());
  }

  private void onConnect(ChannelFuture connecting, Target next, long from) {
    if (!front.isActive()) {
      var _ = connecting.channel().close();
    } else if (!connecting.isSuccess()) {
      retry(next, connecting.cause());
    } else {
      activeNanos = proxy.ticker.nanoTime();
      next.hits.increment();
      next.connected(activeNanos - from);
      join((SocketChannel) connecting.channel(), next);
    }
  }

  private void join(SocketChannel to, Target next) {
    Flow toBack = new Flow(front, to, proxy.unsent, this::touch);
    up = toBack;
    down = new Flow(to, front, proxy.unsent, this::touch);
    if (proxy.config.sendsProxyHeader()) {
      ByteBuf bytes = to.alloc().buffer();
      header.write(bytes);
      toBack.write(bytes);
    }
    if (held.isReadable()) {
      moves(next);
      asks();
      next.bytesIn.add(held.readableBytes());
      toBack.write(held.readBytes(held.readableBytes()));
    }
    toBack.flush();
    if (frontEnded) {
      toBack.end(this::closeIfFinished);
    }
    var _ = to.config().setAutoRead(true);
    watchIdleness(limits.idleTimeout().toNanos());
  }

  private void retry(Target failed, @Nullable Throwable cause) {
    proxy.pool.failed(failed, cause);
    if (attempts > limits.retriesMax()) {
      refuse();
    } else {
      turnFrom(failed);
    }
  }

  /** Nothing has moved yet: another backend may do what this one did not. */
  private void turnFrom(Target one) {
    one.closed(front);
    front.config().setAutoRead(false);
    up = null;
    down = null;
    back = null;
    target = null;
    cancelTimer();
    tried.add(one);
    connect();
  }

  private void refuse() {
    proxy.pool.unserved.increment();
    LOG.log(
        Level.FINE,
        "no backend for a client",
        new Object[] {"client", HostPorts.text(client), "attempts", attempts});
    breakOff();
  }

  private void watchIdleness(long nanos) {
    timer = front.eventLoop().schedule(this::checkIdleness, nanos, TimeUnit.NANOSECONDS);
  }

  private void checkIdleness() {
    long left = limits.idleTimeout().toNanos() - (proxy.ticker.nanoTime() - activeNanos);
    if (left > 0) {
      watchIdleness(left);
    } else {
      breakOff();
    }
  }

  void onFrontRead(ByteBuf bytes) {
    Flow toBack = up;
    Target at = target;
    if (toBack != null && at != null) {
      moves(at);
      asks();
      at.bytesIn.add(bytes.readableBytes());
      toBack.write(bytes);
      return;
    }
    held.writeBytes(bytes);
    bytes.release();
  }

  void onFrontReadComplete() {
    Flow toBack = up;
    if (toBack != null) {
      touch();
      toBack.flush();
    } else if (headerPending) {
      takeHeader();
    }
  }

  private void takeHeader() {
    ProxyHeader told;
    try {
      told = ProxyHeader.read(held);
    } catch (IllegalArgumentException e) {
      LOG.log(
          Level.FINE,
          "connection refused",
          new Object[] {"client", HostPorts.text(client), "why", e.getMessage()});
      breakOff();
      return;
    }
    if (told == null) {
      var _ = frontEnded ? front.close() : front.read();
      return;
    }
    headerPending = false;
    cancelTimer();
    InetSocketAddress source = told.source();
    if (source != null) {
      client = source;
      header = told;
    }
    connect();
  }

  private void moves(Target at) {
    if (!moved) {
      moved = true;
      at.served();
    }
  }

  private void asks() {
    if (answered == Answered.NOT_ASKED) {
      answered = Answered.ASKED;
      askedNanos = proxy.ticker.nanoTime();
    }
  }

  void onBackRead(ByteBuf bytes) {
    Target at = target;
    if (at != null) {
      moves(at);
      at.bytesOut.add(bytes.readableBytes());
      if (answered == Answered.ASKED) {
        answered = Answered.ANSWERED;
        at.answerLatency.add(proxy.ticker.nanoTime() - askedNanos);
      }
    }
    Flow toFront = down;
    if (toFront == null) {
      bytes.release();
    } else {
      toFront.write(bytes);
    }
  }

  void onBackReadComplete() {
    Flow toFront = down;
    if (toFront != null) {
      touch();
      toFront.flush();
    }
  }

  /** What a slow reader has taken counts against idleness as what is read does. */
  private void touch() {
    activeNanos = proxy.ticker.nanoTime();
  }

  void onFrontEnd() {
    if (frontEnded) {
      return;
    }
    frontEnded = true;
    Flow toBack = up;
    if (toBack != null) {
      toBack.end(this::closeIfFinished);
    } else if (headerPending) {
      var _ = front.close();
    }
  }

  void onBackEnd() {
    SocketChannel from = back;
    Target at = target;
    Flow toFront = down;
    if (from == null || at == null || toFront == null || toFront.hasEnded()) {
      return;
    }
    if (!moved && !frontEnded && attempts <= limits.retriesMax()) {
      // It ended before it was asked anything, as one does that is killed: not for this client.
      var _ = from.close();
      turnFrom(at);
      return;
    }
    toFront.end(this::closeIfFinished);
  }

  private void closeIfFinished() {
    SocketChannel to = back;
    if (isFinished(up) && isFinished(down)) {
      if (to != null) {
        var _ = to.close();
      }
      var _ = front.close();
    }
  }

  private static boolean isFinished(@Nullable Flow flow) {
    return flow != null && flow.isFinished();
  }

  void onFrontClosed() {
    cancelTimer();
    held.release();
    SocketChannel to = back;
    Target at = target;
    if (at != null) {
      at.closed(front);
    }
    if (to != null) {
      // What the client sent before it went is still the backend's.
      to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  void onBackClosed() {
    if (down != null) {
      front.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  void onBackFailure(Throwable cause) {
    Target at = target;
    SocketChannel from = back;
    Flow toFront = down;
    if (toFront == null || from == null || at == null) {
      // The attempt's own listener hears of it.
      return;
    }
    if (!front.isActive()) {
      var _ = from.close();
    } else if (!moved) {
      var _ = from.close();
      retry(at, cause);
    } else if (toFront.hasEnded()) {
      // It said all it had to say before it went: the client has yet to read it.
      var _ = from.close();
    } else {
      at.errors.increment();
      breakOff();
    }
  }

  /** Ends both sides so that neither takes it for a regular end. */
  void breakOff() {
    if (front.isActive()) {
      front.config().setSoLinger(0);
    }
    SocketChannel to = back;
    if (to != null && to.isActive()) {
      to.config().setSoLinger(0);
      var _ = to.close();
    }
    var _ = front.close();
  }

  private void cancelTimer() {
    ScheduledFuture<?> now = timer;
    if (now != null) {
      now.cancel(false);
      timer = null;
    }
  }
}
