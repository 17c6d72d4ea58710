package dev.mayfly.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The end of event loops. */
public final class EventLoops {
  private static final long END_SECONDS_MAX = 2;

  private EventLoops() {}

  /**
   * Closes the connections of these loops and waits for their threads, for a moment at most.
   *
   * @return whether all have ended. Otherwise one may still be at work for a client, and what it
   *     works with must not be taken away
   */
  public static boolean end(EventLoopGroup... groups) {
    List<Future<?>> ends =
        Stream.of(groups)
            .<Future<?>>map(group -> group.shutdownGracefully(0, END_SECONDS_MAX, TimeUnit.SECONDS))
            .toList();
    boolean ended = true;
    for (Future<?> end : ends) {
      ended &= end.awaitUninterruptibly(END_SECONDS_MAX, TimeUnit.SECONDS);
    }
    return ended;
  }
}
