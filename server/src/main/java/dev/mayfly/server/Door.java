package dev.mayfly.server;

import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A listener as the composition root sees it.
 *
 * @param name what it is called in options and to people
 * @param opening opens it
 * @param closing closes it
 * @param takesOver whether a unix socket that a killed process left behind is replaced, or in the
 *     way
 */
record Door(String name, Opening opening, Closing closing, boolean takesOver) {
  Door(String name, Opening opening, Closing closing) {
    this(name, opening, closing, true);
  }

  /** Starts to listen. */
  interface Opening {
    /** Gives the port, or -1 for a unix socket. */
    Future<Integer> start(SocketAddress address);
  }

  /** Stops listening. */
  interface Closing {
    /** Answers what was asked, for at most so long, then closes what is left. */
    Future<Void> stop(Duration drain);
  }

  /**
   * A door that listens.
   *
   * @param door which one
   * @param address where, with the port that the system chose if it had the choice
   */
  record Open(Door door, ListenAddress address) {}

  /**
   * Begins to open it, unless the address is off; fails with a {@link StartException} naming door
   * and address.
   */
  Future<Optional<Open>> open(ListenAddress address) {
    try {
      return begin(address).recover(cause -> Future.failedFuture(failed(address, cause)));
    } catch (IOException | RuntimeException e) {
      return Future.failedFuture(failed(address, e));
    }
  }

  private Future<Optional<Open>> begin(ListenAddress address) throws IOException {
    return switch (address) {
      case ListenAddress.Off off -> Future.succeededFuture(Optional.empty());
      case ListenAddress.Unix unix -> {
        if (takesOver) {
          UnixSocket.removeStale(unix.path());
        }
        yield opening
            .start(SocketAddress.domainSocketAddress(unix.path().toString()))
            .map(port -> Optional.of(new Open(this, unix)));
      }
      case ListenAddress.Tcp tcp -> {
        String host = tcp.host().isEmpty() ? "0.0.0.0" : tcp.host();
        yield opening
            .start(SocketAddress.inetSocketAddress(tcp.port(), host))
            .map(port -> Optional.of(new Open(this, new ListenAddress.Tcp(tcp.host(), port))));
      }
    };
  }

  /** Names door and address. */
  StartException failed(ListenAddress address, Throwable cause) {
    String message = cause.getMessage();
    String reason = message == null ? cause.getClass().getSimpleName() : message;
    String said = "%s cannot listen on %s: %s".formatted(name, address, reason);
    return cause instanceof IOException
        ? StartException.circumstance(said, cause)
        : StartException.fault(said, cause);
  }
}
