package dev.mayfly.resp;

import dev.mayfly.store.Durability;
import dev.mayfly.transport.OutputShare;
import dev.mayfly.transport.Rounds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
final class ClientOutput implements Session.Outlet {
  private static final System.Logger LOG = System.getLogger(ClientOutput.class.getName());
  private static final int SEND_BYTES = 64 << 10;

  /**
   * What is larger goes out in parts, whose memory is free as soon as each is taken. It is not of
   * the pool, whose chunks a slow client would keep from others.
   */
  private static final int PART_BYTES = 256 << 10;

  private static final int SEND_BYTES_AT_FIRST = 512;

  /**
   * Replies of a batch that are to be written.
   *
   * @param parts are the receiver's
   * @param size of them all in bytes
   * @param seen the newest revision that they show
   */
  record Encoded(List<ByteBuf> parts, int size, long seen) {
    private static final Encoded NONE = new Encoded(List.of(), 0, 0);

    /** Nobody gets them. */
    void drop() {
      parts.forEach(ByteBuf::release);
    }
  }

  private final ChannelHandlerContext context;
  private final RespMetrics metrics;
  private final ThreadStats stats;
  private final long bytesMax;
  private final Durability durability;
  private final Inbox inbox;
  private final HeldReplies held;
  private final OutputShare share;
  private final Consumer<@Nullable List<ByteBuf>> onReleased;
  private final AtomicBoolean isCut = new AtomicBoolean();

  /**
   * Nothing is on its way. The two are told on the event loop.
   *
   * @param onTaken the client has taken everything
   * @param onReleased see {@link HeldReplies#hold}
   */
  ClientOutput(
      RespDoor door,
      ChannelHandlerContext context,
      ThreadStats stats,
      Runnable onTaken,
      Consumer<@Nullable List<ByteBuf>> onReleased) {
    this.onReleased = onReleased;
    this.context = context;
    this.stats = stats;
    metrics = door.metrics();
    bytesMax = door.config().outputBytesMax();
    durability = door.store().durability();
    inbox = new Inbox(bytesMax);
    held = new HeldReplies(durability);
    share = new OutputShare(door.outputMemory(), context, () -> onTaken(onTaken));
  }

  private void onTaken(Runnable next) {
    count();
    next.run();
  }

  HeldReplies held() {
    return held;
  }

  /** Whether output does not wait: neither for the client to take it, nor for the journal. */
  @Override
  public boolean isWritable() {
    return isTaken() && !held.isSome();
  }

  /** Whether the client takes its output, but for less than makes it pause. */
  boolean isTaken() {
    return context.channel().isWritable();
  }

  /** How many bytes are on their way that the client has not taken. */
  long bytesLeft() {
    return share.left();
  }

  /** Reads nothing more from the client. */
  void pauseReading() {
    context.channel().config().setAutoRead(false);
  }

  @Override
  public void execute(Runnable task) {
    context.executor().execute(task);
  }

  @Override
  public void executeNext(Runnable part) {
    Rounds.runNext(context.executor(), part);
  }

  @Override
  public Session.Timer after(long millis, Runnable task) {
    var scheduled = context.executor().schedule(task, millis, TimeUnit.MILLISECONDS);
    return () -> scheduled.cancel(false);
  }

  /** Replies to what this thread ran, out of the buffer, which is empty then. */
  Encoded encode(ReplyBuffer out) {
    if (out.size() == 0) {
      return Encoded.NONE;
    }
    int size = out.size();
    List<ByteBuf> parts = size <= PART_BYTES ? List.of(encodeWhole(out)) : encodeParts(out);
    out.clear();
    return new Encoded(parts, size, durability.seen());
  }

  private ByteBuf encodeWhole(ReplyBuffer out) {
    return context.alloc().directBuffer(out.size()).writeBytes(out.bytes(), 0, out.size());
  }

  private static List<ByteBuf> encodeParts(ReplyBuffer out) {
    List<ByteBuf> parts = new ArrayList<>();
    try {
      for (int at = 0; at < out.size(); at += PART_BYTES) {
        int bytes = Math.min(PART_BYTES, out.size() - at);
        parts.add(Unpooled.directBuffer(bytes).writeBytes(out.bytes(), at, bytes));
      }
    } catch (OutOfMemoryError e) {
      parts.forEach(ByteBuf::release);
      throw e;
    }
    return parts;
  }

  /** Lets the replies in the buffer go out with the next flush, or holds them. */
  void write(ReplyBuffer out) {
    write(encode(out));
  }

  @Override
  public void writeNow(ReplyBuffer out) {
    write(out);
    flush();
  }

  /** Lets replies go out with the next flush, or holds them. */
  void write(Encoded replies) {
    if (replies.size() == 0) {
      return;
    }
    stats.onSent(replies.size());
    if (!held.hold(replies.parts(), replies.seen(), context, onReleased)) {
      writeAll(replies.parts());
    }
  }

  private void writeAll(List<ByteBuf> parts) {
    for (int i = 0; i < parts.size(); i++) {
      forget(context.write(parts.get(i), context.voidPromise()));
    }
  }

  /** Lets replies go out that were held, and the messages that came meanwhile. */
  void release(List<ByteBuf> replies) {
    writeAll(replies);
    flush();
    sendAll();
  }

  /** Sends what is written. */
  void flush() {
    context.flush();
    count();
  }

  /** Counts what the client has not taken; ends the connection of one that may not have so much. */
  void count() {
    if (!share.count(held.bytes())) {
      cut();
    }
  }

  @Override
  public void endIfStuck(long look) {
    execute(
        () -> {
          if (share.isStuck(look)) {
            cut();
          }
        });
  }

  @Override
  public void send(byte[] message) {
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
    flush();
    if (context.channel().bytesBeforeWritable() > bytesMax) {
      cut();
    }
  }

  /** Ends the connection of a client that takes too little. */
  private void cut() {
    if (isCut.compareAndSet(false, true)) {
      metrics.onConnectionCut();
      context.executor().execute(this::end);
    }
  }

  @Override
  public void close() {
    flush();
    // What waits for the journal goes out before: it has been done.
    if (!held.isSome()) {
      end();
    }
  }

  /** Ends the connection at once. */
  void end() {
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
