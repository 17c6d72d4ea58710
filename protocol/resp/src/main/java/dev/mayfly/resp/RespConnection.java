package dev.mayfly.resp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serves one client: takes what arrived, runs every whole command in it, and answers them all with
 * one write, which is sent at the end of its {@linkplain Turns turn}. In a large turn a worker may
 * have begun with that.
 *
 * <p>What is left of a command waits, and another look at it is taken only when enough has arrived.
 * While a client does not take its replies, nothing more is run or read for it: memory for it is
 * bounded by what was read, one reply, and the output that makes it pause. A command that takes
 * steps lets other clients go first between them.
 *
 * <p>Confined to its event loop, but for {@link #help} and what {@link Session.Outlet} says.
 */
final class RespConnection extends ChannelInboundHandlerAdapter
    implements Session.Outlet, Turns.Helped, BatchRunner.Extent {
  private static final System.Logger LOG = System.getLogger(RespConnection.class.getName());

  private final RespDoor door;
  private final Workspace work;
  private final BatchRunner batches;
  private final PendingInput pending;

  private @Nullable ChannelHandlerContext context;
  private @Nullable ClientOutput output;
  private @Nullable OutputGate gate;
  private @Nullable Session session;
  private ClientOutput.@Nullable Encoded helped;
  private boolean isAtEnd;

  /** One that works with what its event loop has. */
  RespConnection(RespDoor door, Workspace work) {
    this.door = door;
    this.work = work;
    batches = new BatchRunner(door);
    pending = new PendingInput(door.inputMemory());
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    this.context = context;
    ClientOutput made = new ClientOutput(door, context, work.stats(), this::endPause);
    output = made;
    gate = new OutputGate(door, made, this::onOpened);
    Session opened =
        new Session(
            door.nextId(),
            text(context.channel().remoteAddress()),
            text(context.channel().localAddress()),
            door.store().time().millis(),
            this,
            work.stats(),
            door.inputMemory(),
            door.keptMemory());
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
    batches.endSteps();
    output().held().drop();
    output().count();
    gate().end();
    pending.drop();
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
      Session open = session;
      ClientOutput.Encoded replies = helped;
      if (replies != null) {
        helped = null;
        goOn(replies, open);
      } else if (open != null && !open.isClosing()) {
        work.stats().onReceived(arrived.readableBytes());
        take(arrived, open);
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
      byte[] in = work.input(bytes);
      arrived.readBytes(in, 0, bytes);
      int done = runAll(in, 0, bytes, session);
      keep(in, done, bytes, session);
      return;
    }
    if (!pending.append(arrived, bytes)) {
      refuse(session);
      return;
    }
    if (isHeldUp() && pending.size() >= door.config().outputPauseBytes()) {
      context().channel().config().setAutoRead(false);
    }
    if (!isHeldUp() && pending.isWorthALook()) {
      runPending(session);
    }
  }

  /** There is no memory for what the client sends: it is told so, and not listened to any more. */
  private void refuse(Session session) {
    pending.drop();
    door.metrics().onConnectionCut();
    session.close();
    if (batches.steps() == null) {
      work.begin();
      ReplyBuffer out = work.output();
      out.error(Texts.inputExceeds(door.inputMemory().bytesMax()));
      write(out);
    }
    closeIfAsked(session);
  }

  private boolean isHeldUp() {
    return batches.steps() != null || gate().isClosed();
  }

  private void runPending(Session session) {
    byte[] in = pending.bytes();
    int size = pending.size();
    int done = runAll(in, 0, size, session);
    keep(in, done, size, session);
  }

  private void keep(byte[] in, int from, int to, Session session) {
    if (!pending.keep(in, from, to, batches.bytesNeeded(), batches.seenMemory())) {
      refuse(session);
    }
  }

  @Override
  public void help(ByteBuf arrived, Workspace other) {
    Session open = session;
    boolean isServed = open != null && !open.isClosing() && !isHeldUp() && pending.size() == 0;
    if (open == null || !isServed || !gate().isFree()) {
      return;
    }
    int bytes = arrived.readableBytes();
    other.stats().onReceived(bytes);
    byte[] in = other.input(bytes);
    arrived.readBytes(in, 0, bytes);
    int done = batches.run(in, 0, bytes, open, other, door.helpExtent());
    // What that may take too much is found when more of it comes.
    var _ = pending.keep(in, done, bytes, batches.bytesNeeded(), batches.seenMemory());
    helped = output().encode(other.output());
  }

  /** Writes what a worker has encoded, and goes on where it has stopped. */
  private void goOn(ClientOutput.Encoded replies, @Nullable Session open) {
    if (open == null) {
      replies.drop();
      return;
    }
    output().write(replies, this::release);
    if (gate().isMuch(replies.size())) {
      output().flush();
      gate().pauseIfSlow();
    }
    if (!isHeldUp() && !open.isClosing() && pending.size() > 0 && pending.isWorthALook()) {
      runPending(open);
    } else {
      closeIfAsked(open);
    }
  }

  /** Runs the whole commands of the range; returns where the first begins that was not run. */
  private int runAll(byte[] in, int from, int to, Session session) {
    int done = batches.run(in, from, to, session, work, this);
    if (batches.steps() != null) {
      executeNext(this::step);
    }
    write(work.output());
    closeIfAsked(session);
    return done;
  }

  @Override
  public boolean isFree() {
    return gate().isFree();
  }

  @Override
  public boolean admits(@Nullable Command command, Arguments arguments) {
    return command == null || gate().admits(command, arguments, Objects.requireNonNull(session));
  }

  @Override
  public boolean goesOn(ReplyBuffer out) {
    return !isPaused(out) && !output().held().isSome();
  }

  /** Goes on with a command that takes steps, then with what arrived meanwhile. */
  private void step() {
    Action.Steps going = batches.steps();
    Session open = session;
    if (going == null || open == null) {
      return;
    }
    work.begin();
    ReplyBuffer out = work.output();
    out.version(open.isResp3());
    boolean done;
    try {
      done = going.step(out);
    } catch (RuntimeException e) {
      out.clear();
      out.error(CommandRunner.text(e, batches.stepping()));
      done = true;
    }
    if (!done) {
      executeNext(this::step);
      return;
    }
    batches.endSteps();
    // The steps before had their turns among those of other connections.
    door.store().durability().seeAll();
    if (open.replyMode() != Session.ReplyMode.ON) {
      BatchRunner.silence(open.replyMode(), 0, batches.stepping(), open, out);
    }
    writeNow(out);
    closeIfAsked(open);
    readOn();
    resume();
  }

  private boolean isPaused(ReplyBuffer out) {
    if (!gate().isMuch(out.size())) {
      return false;
    }
    write(out);
    output().flush();
    return gate().pauseIfSlow();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (!context.channel().isWritable()) {
      gate().pauseIfSlow();
      return;
    }
    if (gate().isPaused()) {
      execute(this::endPause);
    }
    tellFeeds();
  }

  private void endPause() {
    gate().endPause();
  }

  /** Goes on with a client that was held up. */
  private void onOpened() {
    readOn();
    resume();
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
    output().flush();
    closeAtEnd();
  }

  @Override
  public void writeNow(ReplyBuffer out) {
    write(out);
    output().flush();
  }

  @Override
  public void onSent() {
    output().count();
  }

  private void write(ReplyBuffer out) {
    output().write(output().encode(out), this::release);
  }

  /** What waited for the journal may go out; or never will, when the journal has given up. */
  private void release(@Nullable List<ByteBuf> replies) {
    Session open = session;
    if (open == null) {
      if (replies != null) {
        replies.forEach(ByteBuf::release);
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
    if (session.isClosing() && batches.steps() == null && !output().held().isSome()) {
      output().closeInTurn();
    }
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  private ClientOutput output() {
    return Objects.requireNonNull(output);
  }

  private OutputGate gate() {
    return Objects.requireNonNull(gate);
  }

  @Override
  public void send(byte[] message) {
    output().send(message);
  }

  @Override
  public void execute(Runnable task) {
    output().execute(task);
  }

  @Override
  public void executeNext(Runnable part) {
    output().executeNext(part);
  }

  @Override
  public Session.Timer after(long millis, Runnable task) {
    return output().after(millis, task);
  }

  @Override
  public void endIfStuck(long look) {
    execute(() -> output().endIfStuck(look));
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
