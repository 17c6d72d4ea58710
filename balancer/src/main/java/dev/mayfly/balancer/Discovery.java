package dev.mayfly.balancer;

import java.util.List;
import java.util.function.Consumer;

/**
 * Says which backends there are, from its start to its end.
 *
 * <p>Its owner starts it once and closes it; a {@link Balancer} owns the one it is given. Lists may
 * be told from any thread, one at a time. A discovery that loses its source goes on with what it
 * told last and says so in the log: it never tells an empty list for want of knowledge.
 */
public interface Discovery extends AutoCloseable {
  /**
   * Begins to tell lists, each of them whole; the first may be told before this returns.
   *
   * @param listener must not block
   */
  void start(Consumer<List<Backend>> listener);

  /** Ends it; no list is told afterwards by what begins after this. */
  @Override
  void close();

  /** A list that never changes. Names in it are not resolved again: see {@link DnsDiscovery}. */
  static Discovery of(List<Backend> backends) {
    List<Backend> copy = List.copyOf(backends);
    return new Discovery() {
      @Override
      public void start(Consumer<List<Backend>> listener) {
        listener.accept(copy);
      }

      @Override
      public void close() {}
    };
  }
}
