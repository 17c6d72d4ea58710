package dev.mayfly.server;

import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Objects;

/**
 * A listener on a transport of its own, whose calls to start and to stop block.
 *
 * @param starter listens, and gives the port, or -1 for a unix socket
 * @param stopper answers what was asked, for at most so long, and closes
 */
record BlockingDoor(String name, Vertx vertx, Starter starter, Stopper stopper) {
  /** Starts to listen. */
  interface Starter {
    /** Gives the port, or -1 for a unix socket. */
    int start(java.net.SocketAddress address) throws IOException;
  }

  /** Stops listening. */
  interface Stopper {
    /** Answers what was asked, for at most so long, then closes what is left. */
    void stop(Duration drain) throws IOException;
  }

  Door door() {
    return new Door(
        name,
        address ->
            vertx
                .executeBlocking(() -> starter.start(address(address)), false)
                .map(Objects::requireNonNull),
        drain ->
            vertx
                .executeBlocking(
                    () -> {
                      stopper.stop(drain);
                      return true;
                    })
                .mapEmpty(),
        false);
  }

  private static java.net.SocketAddress address(SocketAddress address) {
    return address.isInetSocket()
        ? new InetSocketAddress(address.host(), address.port())
        : UnixDomainSocketAddress.of(address.path());
  }
}
