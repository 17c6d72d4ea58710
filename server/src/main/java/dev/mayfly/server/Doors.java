package dev.mayfly.server;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of a server: they open side by side, since most of a start is the loading of their
 * code, and close in turn, the last one first.
 *
 * <p>One thread opens; any may ask and close.
 */
final class Doors {
  private static final System.Logger LOG = System.getLogger(Doors.class.getName());
  private static final long OPEN_SECONDS_MAX = 10;

  /** What closing may take beyond the drain. */
  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

  private final List<Opening> openings = new ArrayList<>();
  private final List<Door.Open> open = new CopyOnWriteArrayList<>();

  /** A door that is about to listen. */
  private record Opening(Door door, ListenAddress address, Future<Optional<Door.Open>> begun) {}

  /** Begins to open one, unless its address is off. */
  void begin(ListenAddress address, Door door) {
    openings.add(new Opening(door, address, door.open(address)));
  }

  /**
   * Waits until all that were begun are open.
   *
   * @throws StartException of the first that could not, in the order in which they were begun; what
   *     did open is listed all the same, for the caller to close
   */
  void awaitOpen() {
    StartException failed = null;
    for (Opening opening : openings) {
      try {
        await(opening).ifPresent(open::add);
      } catch (StartException e) {
        failed = first(failed, e);
      }
    }
    openings.clear();
    if (failed != null) {
      throw failed;
    }
  }

  private static StartException first(@Nullable StartException earlier, StartException later) {
    if (earlier == null) {
      return later;
    }
    earlier.addSuppressed(later);
    return earlier;
  }

  private static Optional<Door.Open> await(Opening opening) {
    try {
      return opening.begun().await(OPEN_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw opening.door().failed(opening.address(), e);
    }
  }

  /** Those that listen, in the order in which they were begun. */
  List<Door.Open> open() {
    return List.copyOf(open);
  }

  /** Where one listens, by its name; empty if it does not. */
  Optional<ListenAddress> address(String name) {
    return open.stream()
        .filter(one -> one.door().name().equals(name))
        .map(Door.Open::address)
        .findFirst();
  }

  /**
   * Closes each, the last one first.
   *
   * @param left what is left of the time in which they answer what was asked, when it is called
   * @return whether all have: what they called may be closed then
   */
  boolean close(Supplier<Duration> left) {
    boolean closed = true;
    for (Door.Open one : open.reversed()) {
      Duration drain = left.get();
      closed &= await(one.door().name(), one.door().closing().stop(drain), drain);
    }
    return closed;
  }

  /** Waits until a part has closed, for little more than its drain; answers whether it has. */
  static boolean await(String part, Future<Void> closing, Duration drain) {
    Future<Boolean> closed =
        closing
            .map(true)
            .recover(
                failure -> {
                  LOG.log(System.Logger.Level.WARNING, "could not close " + part, failure);
                  return Future.succeededFuture(false);
                });
    try {
      return closed.await(drain.plus(CLOSE_MAX).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.log(System.Logger.Level.WARNING, "did not close in time", "part", part);
      return false;
    }
  }
}
