package dev.mayfly.http;

import dev.mayfly.transport.OutputMemory;
import dev.mayfly.transport.OutputShare;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What was sent to one connection's client and is not taken, and the one request of it that waits
 * for that: until its client has taken enough, and, where its answer may be large and the {@link
 * ReplyMemory} is short, until it is its turn.
 *
 * <p>Vert.x bounds what it keeps for a client by the number of writes, each of which may be as
 * large as a value: a few hundred clients that read nothing would hold more than there is. Who
 * takes nothing while others wait is cut off.
 *
 * <p>Between the codec and the socket. Confined to the connection's event loop, but for {@link
 * #onRoom} and {@link #endIfStuck}.
 */
final class ConnectionOutput extends ChannelDuplexHandler implements OutputMemory.Waiter {
  private static final AttributeKey<ConnectionOutput> KEY =
      AttributeKey.valueOf(ConnectionOutput.class, "connection");

  /** When enough is unsent to wait, and when it is taken. */
  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(64 << 10, 128 << 10);

  private final ReplyMemory replies;
  private @Nullable ChannelHandlerContext context;
  private @Nullable OutputShare share;
  private @Nullable Runnable whenTaken;
  private @Nullable Runnable whenTurn;
  private boolean isInLine;
  private boolean hasTurn;
  private boolean isCounted;

  ConnectionOutput(ReplyMemory replies) {
    this.replies = replies;
  }

  /** A connection's. */
  static ConnectionOutput of(HttpConnection connection) {
    return Objects.requireNonNull(NettyConnection.channel(connection).attr(KEY).get());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    share = new OutputShare(replies.memory(), added, this::count);
    added.channel().config().setWriteBufferWaterMark(UNSENT);
    added.channel().attr(KEY).set(this);
  }

  @Override
  public void flush(ChannelHandlerContext from) {
    from.flush();
    count();
  }

  private void count() {
    OutputShare mine = Objects.requireNonNull(share);
    var _ = mine.count(0);
    boolean isSome = mine.counted() > 0;
    if (isSome != isCounted) {
      isCounted = isSome;
      if (isSome) {
        replies.add(this);
      } else {
        replies.remove(this);
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext from) {
    from.fireChannelWritabilityChanged();
    Runnable next = whenTaken;
    if (next != null && !isFull()) {
      whenTaken = null;
      count();
      // What is waited for goes on behind what has just been sent.
      from.executor().execute(next);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) {
    whenTaken = null;
    leave();
    count();
    from.fireChannelInactive();
  }

  /** Whether so much is unsent that nothing more is to be made for this client. */
  boolean isFull() {
    return !Objects.requireNonNull(context).channel().isWritable();
  }

  /** Runs this once when it is full no more, instead of what waited for that before. */
  void whenTaken(Runnable next) {
    whenTaken = next;
  }

  /**
   * Whether an answer, or a bit of one, may be made now: when it is not large, when there is room
   * for it, or when it has its turn.
   *
   * @param bytes how many it may have, asked for only where that matters
   */
  boolean mayAdd(LongSupplier bytes) {
    if (hasTurn) {
      hasTurn = false;
      return true;
    }
    long from = replies.waitingFrom();
    return from == Long.MAX_VALUE || bytes.getAsLong() < from;
  }

  /** Runs this, which has its turn then, after those that wait for room already. */
  void whenTurn(Runnable next) {
    whenTurn = next;
    if (!isInLine) {
      isInLine = true;
      replies.memory().await(this);
    }
  }

  /** Nothing of this connection waits for room any more. */
  void leave() {
    whenTurn = null;
    if (isInLine) {
      isInLine = !replies.memory().leave(this);
    }
  }

  @Override
  public void onRoom() {
    Objects.requireNonNull(context)
        .executor()
        .execute(
            () -> {
              isInLine = false;
              try {
                takeTurn();
              } finally {
                hasTurn = false;
                replies.memory().passOn();
              }
            });
  }

  private void takeTurn() {
    Runnable next = whenTurn;
    whenTurn = null;
    if (next != null) {
      hasTurn = true;
      next.run();
    }
  }

  @Override
  public void after(long millis, Runnable task) {
    var _ =
        Objects.requireNonNull(context).executor().schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  /** Ends the connection if its client took nothing since the look before this one, soon. */
  void endIfStuck(long look) {
    ChannelHandlerContext here = Objects.requireNonNull(context);
    here.executor()
        .execute(
            () -> {
              if (Objects.requireNonNull(share).isStuck(look)) {
                replies.onCut();
                NettyConnection.cut(here);
              }
            });
  }
}
