package dev.mayfly.server;

import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
  private static final long OPEN_SECONDS_MAX = 10;

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
   * Opens it, unless the address is off.
   *
   * @throws StartException naming door and address
   */
  Optional<Open> open(ListenAddress address) {
    try {
      return switch (address) {
        case ListenAddress.Off off -> Optional.empty();
        case ListenAddress.Unix unix -> {
          if (takesOver) {
            UnixSocket.removeStale(unix.path());
          }
          start(SocketAddress.domainSocketAddress(unix.path().toString()));
          yield Optional.of(new Open(this, unix));
        }
        case ListenAddress.Tcp tcp -> {
          String host = tcp.host().isEmpty() ? "0.0.0.0" : tcp.host();
          int port = start(SocketAddress.inetSocketAddress(tcp.port(), host));
          yield Optional.of(new Open(this, new ListenAddress.Tcp(tcp.host(), port)));
        }
      };
    } catch (IOException | TimeoutException | RuntimeException e) {
      throw failed(address, e);
    }
  }

  private StartException failed(ListenAddress address, Throwable cause) {
    String message = cause.getMessage();
    String reason = message == null ? cause.getClass().getSimpleName() : message;
    return new StartException("%s cannot listen on %s: %s".formatted(name, address, reason), cause);
  }

  private int start(SocketAddress place) throws TimeoutException {
    return opening.start(place).await(OPEN_SECONDS_MAX, TimeUnit.SECONDS);
  }
}
