package dev.mayfly.stress;

import dev.mayfly.client.ServerAddress;
import dev.mayfly.client.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lines that are TCP connections, each of its own, under TLS if there is somebody to trust.
 * Immutable; safe for concurrent use.
 */
final class SocketLines implements Lines {
  /** What speaks over a connection. */
  interface Speaker {
    Line over(Wire wire) throws IOException;
  }

  private final ServerAddress.Tcp address;
  private final int timeoutMillis;
  private final Trust.@Nullable Opener tls;
  private final Speaker speaker;

  /**
   * Connects to nobody yet.
   *
   * @throws IOException if whom to trust cannot be read
   */
  SocketLines(ServerAddress.Tcp address, Duration timeout, @Nullable Trust trust, Speaker speaker)
      throws IOException {
    this.address = address;
    timeoutMillis = (int) timeout.toMillis();
    tls = trust == null ? null : trust.opener();
    this.speaker = speaker;
  }

  @Override
  public Line open() throws IOException {
    Socket socket = new Socket();
    try {
      InetSocketAddress target = new InetSocketAddress(address.host(), address.port());
      if (target.isUnresolved()) {
        throw new IOException("no address is known for '" + address.host() + "'");
      }
      socket.connect(target, timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      socket.setTcpNoDelay(true);
      Socket over = tls == null ? socket : tls.over(socket, address);
      return speaker.over(new Wire(over.getInputStream(), over.getOutputStream(), over));
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void close() {
    // Each line closes its own.
  }
}
