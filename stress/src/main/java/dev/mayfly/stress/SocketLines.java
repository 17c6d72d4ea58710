package dev.mayfly.stress;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Lines that are TCP connections, each of its own. Immutable; safe for concurrent use. */
final class SocketLines implements Lines {
  /** What speaks over a connection. */
  interface Speaker {
    Line over(Wire wire) throws IOException;
  }

  private final StressPlan plan;
  private final Speaker speaker;

  SocketLines(StressPlan plan, Speaker speaker) {
    this.plan = plan;
    this.speaker = speaker;
  }

  @Override
  public Line open() throws IOException {
    Socket socket = new Socket();
    try {
      int millis = (int) plan.timeout().toMillis();
      InetSocketAddress target =
          new InetSocketAddress(plan.address().host(), plan.address().port());
      if (target.isUnresolved()) {
        throw new IOException("no address is known for '" + plan.address().host() + "'");
      }
      socket.connect(target, millis);
      socket.setSoTimeout(millis);
      socket.setTcpNoDelay(true);
      return speaker.over(new Wire(socket));
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
