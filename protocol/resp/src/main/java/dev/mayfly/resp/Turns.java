package dev.mayfly.resp;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets the connections of one event loop that are ready at the same time take their turn together:
 * all are read from, then all are served, then the replies of all are sent.
 *
 * <p>The system's code and ours push each other out of the processor's caches, which costs more
 * than the calls themselves when they change with each connection. And a client that wakes up for
 * the first reply would compete with the loop for a processor, and both would go on in small
 * batches.
 *
 * <p>Confined to the event loop. Between reading and serving it owns what was read, of each
 * connection as much as one read takes.
 */
final class Turns {
  /** Nobody waits for more than so many other connections. */
  private static final int CONNECTIONS_MAX = 64;

  private final List<Waiting> waiting = new ArrayList<>();

  /** What a connection passes on only in its turn, to the handlers after this one. */
  ChannelHandler handler() {
    return new Waiting();
  }

  private void take() {
    waiting.forEach(Waiting::serve);
    waiting.forEach(Waiting::send);
    waiting.clear();
  }

  private final class Waiting extends ChannelInboundHandlerAdapter {
    private @Nullable ChannelHandlerContext context;
    private @Nullable Object arrived;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      this.context = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      // More than one read takes: what came first goes first, and the rest waits for the turn.
      serve();
      arrived = message;
      join();
    }

    private void join() {
      if (waiting.isEmpty()) {
        context().executor().execute(Turns.this::take);
      }
      waiting.add(this);
      if (waiting.size() == CONNECTIONS_MAX) {
        take();
      }
    }

    private void serve() {
      Object message = arrived;
      if (message != null) {
        arrived = null;
        context().fireChannelRead(message);
      }
    }

    /** What follows a read is done at the end of the turn. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {}

    private void send() {
      context().flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      serve();
      context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      serve();
      context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      ReferenceCountUtil.release(arrived);
      arrived = null;
    }

    private ChannelHandlerContext context() {
      return Objects.requireNonNull(context);
    }
  }
}
