package dev.mayfly.resp;

import dev.mayfly.store.TimeSource;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves one client: takes what arrived, runs every whole command in it, and answers them all with
 * one write, which is sent at the end of its {@linkplain Turns turn}.
 *
 * <p>What is left of a command waits, and another look at it is taken only when enough has arrived.
 * While a client does not take its replies, nothing more is run or read for it: memory for it is
 * bounded by what was read, one reply, and the output that makes it pause. A command that takes
 * steps lets other clients go first between them.
 *
 * <p>Confined to its event loop, but for what {@link Session.Outlet} says.
 */
final class RespConnection extends ChannelInboundHandlerAdapter implements Session.Outlet {
  private static final System.Logger LOG = System.getLogger(RespConnection.class.getName());

  private final RespDoor door;
  private final LoopBuffers buffers;
  private final LoopStats stats;
  private final RequestParser parser;
  private final TimeSource time;
  private final PendingInput pending = new PendingInput();

  private @Nullable ChannelHandlerContext context;
  private @Nullable ClientOutput output;
  private @Nullable Session session;
  private Action.@Nullable Steps steps;
  private @Nullable Command stepping;
  private boolean paused;
  private boolean isAtEnd;

  RespConnection(RespDoor door, LoopBuffers buffers) {
    this.door = door;
    this.buffers = buffers;
    stats = buffers.stats();
    time = door.store().time();
    parser =
        new RequestParser(
            door.config().argumentsMax(),
            door.store().keyspace().bounds().valueBytesMax(),
            door.config().commandBytesMax());
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    this.context = context;
    output =
        new ClientOutput(
            context,
            door.metrics(),
            stats,
            door.store().durability(),
            door.config().outputBytesMax());
    Session opened =
        new Session(
            door.nextId(),
            text(context.channel().remoteAddress()),
            text(context.channel().localAddress()),
            time.millis(),
            this,
            stats);
    session = opened;
    if (!door.admit(opened)) {
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
    output().held().drop();
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
        stats.onReceived(arrived.readableBytes());
        take(arrived, session);
      }
    } finally {
      arrived.release();
    }
  }

  /** A client that sends nothing more still gets the replies to what it sent. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      isAtEnd = true;
      closeAtEnd();
    }
  }

  private void closeAtEnd() {
    if (isAtEnd && !isHeldUp()) {
      output().closeInTurn();
    }
  }

  /** Runs straight from the loop's array where nothing waits, else adds to what waits. */
  private void take(ByteBuf arrived, Session session) {
    int bytes = arrived.readableBytes();
    if (pending.size() == 0 && !isHeldUp()) {
      byte[] in = buffers.input(bytes);
      arrived.readBytes(in, 0, bytes);
      int done = runAll(in, 0, bytes, session);
      pending.keep(in, done, bytes, parser.bytesNeeded());
      return;
    }
    pending.append(arrived, bytes);
    if (isHeldUp() && pending.size() >= door.config().outputPauseBytes()) {
      context().channel().config().setAutoRead(false);
    }
    if (!isHeldUp() && pending.isWorthALook()) {
      runPending(session);
    }
  }

  private boolean isHeldUp() {
    return paused || steps != null || output().held().isSome();
  }

  private void runPending(Session session) {
    byte[] in = pending.bytes();
    int size = pending.size();
    int done = runAll(in, 0, size, session);
    pending.keep(in, done, size, parser.bytesNeeded());
  }

  /** Runs the whole commands of the range; returns where the first begins that was not run. */
  private int runAll(byte[] in, int from, int to, Session session) {
    session.begin(time.millis());
    HeldReplies held = output().held();
    held.begin();
    ReplyBuffer out = buffers.output();
    out.version(session.isResp3());
    CommandsAhead ahead = buffers.ahead();
    int at = from;
    try {
      boolean goOn = true;
      while (at < to && goOn) {
        ahead.look(parser, door.table(), in, at, to);
        if (ahead.keys().size() > 1) {
          door.store().keyspace().expect(ahead.keys());
        }
        for (int i = 0; i < ahead.size() && goOn; i++) {
          at = ahead.end(i);
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
    if (at != parser.position()) {
      parser.forget();
    }
    write(out);
    closeIfAsked(session);
    return at;
  }

  private void run(
      @Nullable Command command, Arguments arguments, Session session, ReplyBuffer out) {
    Session.ReplyMode mode = session.replyMode();
    int mark = out.size();
    int index = command == null ? door.table().size() : command.index();
    boolean timed = stats.isTimed();
    long began = timed ? time.nanos() : 0;
    steps = door.runner().run(command, arguments, session, out);
    if (timed) {
      stats.onTimed(index, time.nanos() - began);
    }
    if (steps != null) {
      stepping = command;
      context().executor().execute(this::step);
    }
    boolean failed = out.size() > mark && out.bytes()[mark] == '-';
    stats.onCommand(index, failed);
    if (failed) {
      door.errors().count(out.bytes(), mark + 1, out.size());
    }
    if (mode != Session.ReplyMode.ON && steps == null) {
      silence(mode, mark, command, session, out);
    }
  }

  /**
   * CLIENT REPLY SKIP drops the next reply, OFF all of them; that of CLIENT REPLY ON is told, and
   * so are messages.
   */
  private static void silence(
      Session.ReplyMode before,
      int mark,
      @Nullable Command command,
      Session session,
      ReplyBuffer out) {
    if (session.replyMode() == Session.ReplyMode.ON) {
      return;
    }
    boolean isMessage = command != null && command.isAnsweredByMessages() && out.isArrayAt(mark);
    if (!isMessage) {
      out.cutTo(mark);
    }
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
    output().held().begin();
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
    if (open.replyMode() != Session.ReplyMode.ON) {
      silence(open.replyMode(), 0, stepping, open, out);
    }
    writeNow(out);
    closeIfAsked(open);
    readOn();
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
      door.metrics().onConnectionPaused();
      context().channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (!context.channel().isWritable()) {
      pauseIfSlow();
      return;
    }
    if (paused) {
      context.executor().execute(this::endPause);
    }
    tellFeeds();
  }

  /**
   * Goes on with a client that takes its replies again. Till then it counts as held up: whoever
   * looks before, as at the end of its input, would take what waits for done.
   */
  private void endPause() {
    if (paused && context().channel().isWritable()) {
      paused = false;
      readOn();
      resume();
    }
  }

  private void tellFeeds() {
    Session open = session;
    if (open != null) {
      open.feeds().forEach(feed -> context().executor().execute(feed::onWritable));
    }
  }

  private void readOn() {
    if (!isHeldUp() && !isAtEnd) {
      context().channel().config().setAutoRead(true);
    }
  }

  /** Goes on where it was held up. */
  private void resume() {
    Session open = session;
    if (open == null || isHeldUp()) {
      return;
    }
    if (pending.size() > 0) {
      runPending(open);
    }
    context().flush();
    closeAtEnd();
  }

  @Override
  public void writeNow(ReplyBuffer out) {
    write(out);
    context().flush();
  }

  private void write(ReplyBuffer out) {
    output().write(out, this::release);
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
      output().close();
      return;
    }
    output().release(replies);
    readOn();
    closeIfAsked(open);
    tellFeeds();
    resume();
  }

  private void closeIfAsked(Session session) {
    if (session.isClosing() && steps == null && !output().held().isSome()) {
      output().closeInTurn();
    }
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  private ClientOutput output() {
    return Objects.requireNonNull(output);
  }

  @Override
  public void send(byte[] message) {
    output().send(message);
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
    return output().isWritable();
  }

  @Override
  public void close() {
    context().executor().execute(this::closeNow);
  }

  private void closeNow() {
    if (session != null) {
      session.close();
    }
    output().flush();
    // What waits for the journal goes out before: it has been done.
    if (!output().held().isSome()) {
      output().close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(System.Logger.Level.ERROR, "connection failed", cause);
    }
    output().close();
  }
}
