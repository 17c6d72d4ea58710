package dev.mayfly.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connected stream of bytes, over TCP or a unix socket, on which every wait is bounded.
 *
 * <p>The channel does not block; a selector of its own waits, because a unix socket offers no
 * timeouts otherwise.
 *
 * <p>Confined to one thread at a time, except {@link #close()}. Owns its channel and selector.
 */
final class PlainWire implements Wire {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private Duration patience;

  private PlainWire(SocketChannel channel, Selector selector, SelectionKey key, Duration patience) {
    this.channel = channel;
    this.selector = selector;
    this.key = key;
    this.patience = patience;
  }

  /**
   * Connects within the timeout, which each of a name's addresses gets in turn.
   *
   * @throws IOException with a message that names what failed, but not the address
   */
  static PlainWire connect(ServerAddress address, Duration connectTimeout, Duration readTimeout)
      throws IOException {
    PlainWire wire =
        address instanceof ServerAddress.Tcp tcp
            ? connectTcp(tcp, connectTimeout)
            : connectUnix((ServerAddress.Unix) address, connectTimeout);
    wire.patience = readTimeout;
    return wire;
  }

  private static PlainWire connectTcp(ServerAddress.Tcp tcp, Duration timeout) throws IOException {
    InetAddress[] hosts;
    try {
      hosts = InetAddress.getAllByName(tcp.host());
    } catch (UnknownHostException e) {
      throw new IOException("unknown host '" + tcp.host() + "'", e);
    }
    IOException failure = null;
    for (InetAddress host : hosts) {
      try {
        PlainWire wire =
            open(
                SocketChannel.open(family(host)), new InetSocketAddress(host, tcp.port()), timeout);
        wire.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return wire;
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure == null ? new IOException("host has no address") : failure;
  }

  private static StandardProtocolFamily family(InetAddress host) {
    return host.getAddress().length == 4
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  private static PlainWire connectUnix(ServerAddress.Unix unix, Duration timeout)
      throws IOException {
    if (!Files.exists(unix.path())) {
      throw new IOException("socket file '" + unix.path() + "' not found");
    }
    return open(
        SocketChannel.open(StandardProtocolFamily.UNIX),
        UnixDomainSocketAddress.of(unix.path()),
        timeout);
  }

  private static PlainWire open(SocketChannel channel, SocketAddress remote, Duration timeout)
      throws IOException {
    @Nullable Selector selector = null;
    try {
      channel.configureBlocking(false);
      selector = Selector.open();
      PlainWire wire = new PlainWire(channel, selector, channel.register(selector, 0), timeout);
      if (!channel.connect(remote)) {
        wire.await(SelectionKey.OP_CONNECT, "no connection");
        channel.finishConnect();
      }
      return wire;
    } catch (IOException e) {
      channel.close();
      if (selector != null) {
        selector.close();
      }
      throw e;
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    while (true) {
      int count = channel.read(into);
      if (count != 0) {
        return count;
      }
      await(SelectionKey.OP_READ, "no answer");
    }
  }

  @Override
  public boolean write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      if (channel.write(from) == 0
          && (await(SelectionKey.OP_WRITE | SelectionKey.OP_READ, "nothing read")
                  & SelectionKey.OP_READ)
              != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isReadable() throws IOException {
    key.interestOps(SelectionKey.OP_READ);
    boolean ready = selector.selectNow() > 0;
    selector.selectedKeys().clear();
    return ready;
  }

  private int await(int operations, String complaint) throws IOException {
    try {
      key.interestOps(operations);
      int ready = selector.select(Math.max(1, patience.toMillis()));
      selector.selectedKeys().clear();
      if (ready > 0) {
        return key.readyOps();
      }
    } catch (ClosedSelectorException | CancelledKeyException e) {
      throw new IOException("connection closed", e);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
    throw new SocketTimeoutException(complaint + " within " + patience.toMillis() + " ms");
  }

  @Override
  public void close() throws IOException {
    try (selector) {
      channel.close();
    }
  }
}
