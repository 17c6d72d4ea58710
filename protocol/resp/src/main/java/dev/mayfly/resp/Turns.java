package dev.mayfly.resp;

import dev.mayfly.store.TimeSource;
import io.netty.buffer.ByteBuf;
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
 * <p>A turn in which much has arrived is shared with a worker, where there is one and {@linkplain
 * TurnTimes that is faster}: it runs what only reads and writes keys, and leaves the rest, and all
 * that touches a channel, to the loop.
 *
 * <p>Confined to the event loop. Between reading and serving it owns what was read, of each
 * connection as much as one read takes.
 */
final class Turns {
  /** Nobody waits for more than so many other connections. */
  private static final int CONNECTIONS_MAX = 64;

  /** A connection, as a worker sees it. */
  @FunctionalInterface
  interface Helped {
    /**
     * Takes what it can of what arrived; the connection is served with what is left, even if that
     * is nothing. On the worker's thread, while the loop waits.
     */
    void help(ByteBuf arrived, Workspace work);

    /** What is replied has been sent, or as much of it as the client takes. On the event loop. */
    default void onSent() {}
  }

  private final List<Waiting> waiting = new ArrayList<>();
  private final ThreadStats stats;
  private final TimeSource time;
  private final @Nullable TurnWorker worker;
  private final TurnTimes times = new TurnTimes();

  /** Those of one event loop; null: nobody helps. */
  Turns(ThreadStats stats, TimeSource time, @Nullable TurnWorker worker) {
    this.stats = stats;
    this.time = time;
    this.worker = worker;
  }

  /** What a connection passes on only in its turn, to the handlers after this one. */
  ChannelHandler handler(Helped connection) {
    return new Waiting(connection);
  }

  private void take() {
    long bytes = bytes();
    if (worker == null || !worker.isFor(waiting.size(), bytes)) {
      serveAlone();
    } else {
      long began = time.nanos();
      if (times.isShared()) {
        stats.onSharedTurn();
        worker.share(waiting);
      } else {
        serveAlone();
      }
      times.onTurn(bytes, time.nanos() - began);
    }
    waiting.clear();
  }

  private void serveAlone() {
    waiting.forEach(Waiting::serve);
    waiting.forEach(Waiting::send);
  }

  private long bytes() {
    long sum = 0;
    for (Waiting each : waiting) {
      sum += each.bytes();
    }
    return sum;
  }

  private final class Waiting extends ChannelInboundHandlerAdapter implements TurnWorker.Part {
    private final Helped connection;
    private final Claim claim = new Claim();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf arrived;
    private @Nullable Throwable fault;
    private boolean isInTurn;

    private Waiting(Helped connection) {
      this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      this.context = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      // More than one read takes: what came first goes first, and the rest waits for the turn.
      serve();
      arrived = (ByteBuf) message;
      if (!isInTurn) {
        join();
      }
    }

    private void join() {
      isInTurn = true;
      if (waiting.isEmpty()) {
        context().executor().execute(Turns.this::take);
      }
      waiting.add(this);
      if (waiting.size() == CONNECTIONS_MAX) {
        take();
      }
    }

    private int bytes() {
      return arrived == null ? 0 : arrived.readableBytes();
    }

    @Override
    public Claim claim() {
      return claim;
    }

    @Override
    @SuppressWarnings("PMD.AvoidCatchingThrowable") // as Netty does: it is the connection's fault
    public void help(Workspace work) {
      try {
        if (arrived != null) {
          connection.help(arrived, work);
        }
      } catch (Throwable e) {
        fault = e;
      }
    }

    @Override
    public void serve() {
      ByteBuf message = arrived;
      if (message != null) {
        arrived = null;
        context().fireChannelRead(message);
      }
      Throwable failed = fault;
      if (failed != null) {
        fault = null;
        context().fireExceptionCaught(failed);
      }
    }

    /** What follows a read is done at the end of the turn. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {}

    @Override
    public void send() {
      isInTurn = false;
      context().flush();
      connection.onSent();
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
