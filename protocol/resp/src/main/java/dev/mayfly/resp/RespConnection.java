package dev.mayfly.resp;

import dev.mayfly.store.TimeSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Serves one client: takes what arrived, runs every whole command in it, and answers them all with
 * one write.
 *
 * <p>What is left of a command waits in an array of its own, of which another look is taken only
 * when enough has arrived. While a client does not take its replies, nothing more is run or read
 * for it: memory for it is bounded by what was read, one reply, and the output that makes it pause.
 * A command that takes steps lets other clients go first between them.
 *
 * <p>Confined to its event loop, but for what {@link Session.Outlet} says.
 */
final class RespConnection extends ChannelInboundHandlerAdapter implements Session.Outlet {
  private static final System.Logger LOG = System.getLogger(RespConnection.class.getName());
  private static final int SEND_BYTES = 64 << 10;
  private static final int SEND_BYTES_AT_FIRST = 512;
  private static final byte[] NOTHING = new byte[0];

  private final RespDoor door;
  private final LoopBuffers buffers;
  private final RequestParser parser;
  private final TimeSource time;
  private final Inbox inbox;
  private final AtomicBoolean isCut = new AtomicBoolean();

  private @Nullable ChannelHandlerContext context;
  private @Nullable Session session;

  /** What arrived and was not run yet. */
  private byte[] pending = NOTHING;

  private int pendingSize;
  private int pendingNeeded;
  private Action.@Nullable Steps steps;
  private @Nullable Command stepping;
  private boolean paused;

  private final HeldReplies held;

  RespConnection(RespDoor door, LoopBuffers buffers) {
    this.door = door;
    this.buffers = buffers;
    time = door.store().time();
    held = new HeldReplies(door.store().durability());
    inbox = new Inbox(door.config().outputBytesMax());
    parser =
        new RequestParser(
            door.config().argumentsMax(), door.store().keyspace().bounds().valueBytesMax());
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    this.context = context;
    Session opened =
        new Session(
            door.nextId(),
            text(context.channel().remoteAddress()),
            text(context.channel().localAddress()),
            time.millis(),
            this);
    session = opened;
    if (!door.admit(opened)) {
      door.metrics().onConnectionRefused();
      session = null;
      ByteBuf refusal = context.alloc().buffer();
      refusal.writeBytes(
          "-ERR max number of clients reached\r\n".getBytes(StandardCharsets.US_ASCII));
      context.writeAndFlush(refusal).addListener(ChannelFutureListener.CLOSE);
    } else {
      door.metrics().onConnectionOpened();
    }
  }

  private static String text(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getHostString() + ":" + inet.getPort()
        : "unix:0";
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Session closed = session;
    session = null;
    steps = null;
    held.drop();
    if (closed != null) {
      closed.closeFeeds();
      door.leave(closed);
      door.metrics().onConnectionClosed();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf arrived = (ByteBuf) message;
    try {
      if (session != null && !session.isClosing()) {
        take(arrived, session);
      }
    } finally {
      arrived.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  /** Runs straight from the loop's array where nothing waits, else adds to what waits. */
  private void take(ByteBuf arrived, Session session) {
    int bytes = arrived.readableBytes();
    if (pendingSize == 0 && !isHeldUp()) {
      byte[] in = buffers.input(bytes);
      arrived.readBytes(in, 0, bytes);
      int done = runAll(in, 0, bytes, session);
      keep(in, done, bytes);
      return;
    }
    append(arrived, bytes);
    if (held.isSome() && pendingSize >= door.config().outputPauseBytes()) {
      context().channel().config().setAutoRead(false);
    }
    if (!isHeldUp() && pendingSize >= pendingNeeded) {
      runPending(session);
    }
  }

  private boolean isHeldUp() {
    return paused || steps != null || held.isSome();
  }

  private void keep(byte[] in, int from, int to) {
    pendingSize = to - from;
    pending = pendingSize == 0 ? NOTHING : Arrays.copyOfRange(in, from, to);
    pendingNeeded = parser.bytesNeeded();
  }

  private void append(ByteBuf arrived, int bytes) {
    if (pending.length - pendingSize < bytes) {
      long wanted = Math.max(pendingSize + (long) bytes, 2L * pending.length);
      pending = Arrays.copyOf(pending, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
    arrived.readBytes(pending, pendingSize, bytes);
    pendingSize += bytes;
  }

  private void runPending(Session session) {
    byte[] in = pending;
    int size = pendingSize;
    int done = runAll(in, 0, size, session);
    keep(in, done, size);
  }

  /** Runs the whole commands of the range; returns where the first begins that was not run. */
  private int runAll(byte[] in, int from, int to, Session session) {
    session.begin(time.millis());
    held.begin();
    ReplyBuffer out = buffers.output();
    out.version(session.isResp3());
    CommandsAhead ahead = buffers.ahead();
    int at = from;
    long commands = 0;
    try {
      boolean goOn = true;
      while (at < to && goOn) {
        ahead.look(parser, door.table(), in, at, to);
        if (ahead.keys().size() > 1) {
          door.store().keyspace().expect(ahead.keys());
        }
        for (int i = 0; i < ahead.size() && goOn; i++) {
          at = ahead.end(i);
          commands++;
          run(ahead.command(i), ahead.arguments(i), session, out);
          goOn = steps == null && !isPaused(out) && !held.isSome() && !session.isClosing();
        }
        if (goOn) {
          ahead.requireValid();
          at = parser.position();
          goOn = ahead.isWhole();
        }
      }
    } catch (RespException e) {
      out.error(e.text());
      session.close();
      at = to;
    }
    ahead.clear();
    door.commands().add(commands);
    door.metrics().onCommands(commands, buffers.takeErrors());
    write(out);
    closeIfAsked(session);
    return at;
  }

  private void run(
      @Nullable Command command, Arguments arguments, Session session, ReplyBuffer out) {
    Session.ReplyMode mode = session.replyMode();
    int mark = out.size();
    steps = door.runner().run(command, arguments, session, out);
    if (steps != null) {
      stepping = command;
      context().executor().execute(this::step);
    }
    if (out.size() > mark && out.bytes()[mark] == '-') {
      buffers.countError();
    }
    if (mode != Session.ReplyMode.ON) {
      silence(mode, mark, session, out);
    }
  }

  /** CLIENT REPLY SKIP drops the next reply, OFF all of them; that of CLIENT REPLY ON is told. */
  private static void silence(
      Session.ReplyMode before, int mark, Session session, ReplyBuffer out) {
    if (session.replyMode() == Session.ReplyMode.ON) {
      return;
    }
    out.cutTo(mark);
    if (before == Session.ReplyMode.SKIP_NEXT) {
      session.replyMode(Session.ReplyMode.ON);
    }
  }

  /** Goes on with a command that takes steps, then with what arrived meanwhile. */
  private void step() {
    Action.Steps going = steps;
    Session open = session;
    if (going == null || open == null) {
      return;
    }
    ReplyBuffer out = buffers.output();
    out.version(open.isResp3());
    boolean done;
    held.begin();
    try {
      done = going.step(out);
    } catch (RuntimeException e) {
      out.clear();
      out.error(CommandRunner.text(e, Objects.requireNonNull(stepping)));
      done = true;
    }
    if (!done) {
      context().executor().execute(this::step);
      return;
    }
    steps = null;
    // The steps before had their turns among those of other connections.
    door.store().durability().seeAll();
    writeNow(out);
    resume();
  }

  private boolean isPaused(ReplyBuffer out) {
    if (out.size() < door.config().outputPauseBytes()) {
      return false;
    }
    write(out);
    context().flush();
    pauseIfSlow();
    return paused;
  }

  private void pauseIfSlow() {
    boolean slow = !context().channel().isWritable();
    if (slow && !paused) {
      paused = true;
      context().channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (!context.channel().isWritable()) {
      pauseIfSlow();
    } else if (paused) {
      paused = false;
      context.channel().config().setAutoRead(true);
      context.executor().execute(this::resume);
    }
    Session open = session;
    if (open != null && context.channel().isWritable()) {
      open.feeds().forEach(feed -> context.executor().execute(feed::onWritable));
    }
  }

  /** Goes on where it was held up. */
  private void resume() {
    Session open = session;
    if (open == null || isHeldUp()) {
      return;
    }
    if (pendingSize > 0) {
      runPending(open);
    }
    context().flush();
  }

  @Override
  public void writeNow(ReplyBuffer out) {
    write(out);
    context().flush();
  }

  private void write(ReplyBuffer out) {
    if (out.size() > 0) {
      ByteBuf encoded = context().alloc().directBuffer(out.size());
      encoded.writeBytes(out.bytes(), 0, out.size());
      out.clear();
      if (!held.hold(encoded, context(), this::release)) {
        forget(context().write(encoded, context().voidPromise()));
      }
    }
  }

  /** What waited for the journal may go out; or never will, when the journal has given up. */
  private void release(@Nullable ByteBuf replies) {
    Session open = session;
    if (open == null) {
      if (replies != null) {
        replies.release();
      }
      return;
    }
    if (replies == null) {
      door.metrics().onConnectionCut();
      forget(context().close());
      return;
    }
    forget(context().writeAndFlush(replies, context().voidPromise()));
    if (!paused) {
      context().channel().config().setAutoRead(true);
    }
    sendAll();
    closeIfAsked(open);
    open.feeds().forEach(feed -> context().executor().execute(feed::onWritable));
    resume();
  }

  private void closeIfAsked(Session session) {
    if (session.isClosing() && steps == null && !held.isSome()) {
      context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** A write or close that fails ends the connection, which is told as its end. */
  private static void forget(ChannelFuture done) {
    if (done.cause() != null) {
      LOG.log(System.Logger.Level.DEBUG, "connection ended early", done.cause());
    }
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  @Override
  public void send(byte[] message) {
    if (!inbox.put(message)) {
      cut();
    } else if (inbox.isToBeAwaited()) {
      execute(this::sendAll);
    }
  }

  /** Sends what others had to say, with one write. */
  private void sendAll() {
    inbox.begin();
    ChannelHandlerContext to = context();
    if (!to.channel().isActive() || held.isSome()) {
      return;
    }
    byte[] message = inbox.take();
    while (message != null) {
      ByteBuf some = to.alloc().directBuffer(Math.max(SEND_BYTES_AT_FIRST, message.length));
      while (message != null && some.readableBytes() < SEND_BYTES) {
        some.writeBytes(message);
        message = inbox.take();
      }
      forget(to.write(some, to.voidPromise()));
    }
    to.flush();
    if (to.channel().bytesBeforeWritable() > door.config().outputBytesMax()) {
      cut();
    }
  }

  /** Ends the connection of a client that takes too little. */
  private void cut() {
    if (isCut.compareAndSet(false, true)) {
      door.metrics().onConnectionCut();
      execute(() -> forget(context().close()));
    }
  }

  @Override
  public void execute(Runnable task) {
    context().executor().execute(task);
  }

  @Override
  public Session.Timer after(long millis, Runnable task) {
    var scheduled = context().executor().schedule(task, millis, TimeUnit.MILLISECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public boolean isWritable() {
    return context().channel().isWritable() && !held.isSome();
  }

  @Override
  public void close() {
    ChannelHandlerContext to = context();
    to.executor().execute(() -> closeNow(to));
  }

  private void closeNow(ChannelHandlerContext to) {
    if (session != null) {
      session.close();
    }
    to.flush();
    forget(to.close());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(System.Logger.Level.ERROR, "connection failed", cause);
    }
    forget(context.close());
  }
}
