package dev.mayfly.resp;

import dev.mayfly.store.Durability;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of replies and messages to one client: replies may be held until they are durable, and
 * messages that nobody asked for wait in an inbox. A client for whom more messages wait than its
 * limit says is cut.
 *
 * <p>{@link #send} is for any thread, {@link #encode} for the one that ran the commands; the rest
 * is confined to the connection's event loop.
 */
final class ClientOutput {
  private static final System.Logger LOG = System.getLogger(ClientOutput.class.getName());
  private static final int SEND_BYTES = 64 << 10;
  private static final int SEND_BYTES_AT_FIRST = 512;

  /**
   * Replies of a batch that are to be written.
   *
   * @param bytes are the receiver's
   * @param seen the newest revision that they show
   */
  record Encoded(ByteBuf bytes, long seen) {
    private static final Encoded NONE = new Encoded(Unpooled.EMPTY_BUFFER, 0);
  }

  private final ChannelHandlerContext context;
  private final RespMetrics metrics;
  private final ThreadStats stats;
  private final long bytesMax;
  private final Durability durability;
  private final Inbox inbox;
  private final HeldReplies held;
  private final AtomicBoolean isCut = new AtomicBoolean();

  /** Nothing is on its way; more than so many bytes of messages may not wait. */
  ClientOutput(
      ChannelHandlerContext context,
      RespMetrics metrics,
      ThreadStats stats,
      Durability durability,
      long bytesMax) {
    this.context = context;
    this.metrics = metrics;
    this.stats = stats;
    this.bytesMax = bytesMax;
    this.durability = durability;
    inbox = new Inbox(bytesMax);
    held = new HeldReplies(durability);
  }

  HeldReplies held() {
    return held;
  }

  /** Whether output does not wait for the client to take it. */
  boolean isWritable() {
    return context.channel().isWritable() && !held.isSome();
  }

  /** Replies to what this thread ran, out of the buffer, which is empty then. */
  Encoded encode(ReplyBuffer out) {
    if (out.size() == 0) {
      return Encoded.NONE;
    }
    ByteBuf bytes = context.alloc().directBuffer(out.size());
    bytes.writeBytes(out.bytes(), 0, out.size());
    out.clear();
    return new Encoded(bytes, durability.seen());
  }

  /**
   * Lets replies go out with the next flush, or holds them.
   *
   * @param onRelease see {@link HeldReplies#hold}
   */
  void write(Encoded replies, Consumer<@Nullable ByteBuf> onRelease) {
    ByteBuf bytes = replies.bytes();
    if (!bytes.isReadable()) {
      return;
    }
    stats.onSent(bytes.readableBytes());
    if (!held.hold(bytes, replies.seen(), context, onRelease)) {
      forget(context.write(bytes, context.voidPromise()));
    }
  }

  /** Lets replies go out that were held, and the messages that came meanwhile. */
  void release(ByteBuf replies) {
    forget(context.writeAndFlush(replies, context.voidPromise()));
    sendAll();
  }

  void flush() {
    context.flush();
  }

  /** Sends a message that was not asked for, soon. */
  void send(byte[] message) {
    if (!inbox.put(message)) {
      cut();
    } else if (inbox.isToBeAwaited()) {
      context.executor().execute(this::sendAll);
    }
  }

  /** Sends what others had to say, with one write. */
  private void sendAll() {
    inbox.begin();
    if (!context.channel().isActive() || held.isSome()) {
      return;
    }
    byte[] message = inbox.take();
    while (message != null) {
      ByteBuf some = context.alloc().directBuffer(Math.max(SEND_BYTES_AT_FIRST, message.length));
      while (message != null && some.readableBytes() < SEND_BYTES) {
        some.writeBytes(message);
        message = inbox.take();
      }
      stats.onSent(some.readableBytes());
      forget(context.write(some, context.voidPromise()));
    }
    context.flush();
    if (context.channel().bytesBeforeWritable() > bytesMax) {
      cut();
    }
  }

  /** Ends the connection of a client that takes too little. */
  private void cut() {
    if (isCut.compareAndSet(false, true)) {
      metrics.onConnectionCut();
      context.executor().execute(this::close);
    }
  }

  /** Ends the connection at once. */
  void close() {
    forget(context.close());
  }

  /** Ends the connection after what is on its way. */
  void closeInTurn() {
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** A write or close that fails ends the connection, which is told as its end. */
  private static void forget(ChannelFuture done) {
    if (done.cause() != null) {
      LOG.log(System.Logger.Level.DEBUG, "connection ended early", done.cause());
    }
  }
}
