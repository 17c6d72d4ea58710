package dev.mayfly.resp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one client in their order, and the replies to them: whatever arrived is looked
 * at, every whole command in it run, and all answered with one write.
 *
 * <p>What is left of a command waits, and another look at it is taken only when enough has arrived.
 * While a client does not take its replies, nothing more is run or read for it: memory for it is
 * bounded by what was read, one reply, and the output that makes it pause. A command that takes
 * steps lets other clients go first between them.
 *
 * <p>Confined to its event loop, but for {@link #help}.
 */
final class CommandStream implements BatchRunner.Extent {
  private final RespDoor door;
  private final Workspace work;
  private final Session session;
  private final ClientOutput output;
  private final OutputGate gate;
  private final BatchRunner batches;
  private final PendingInput pending;
  private final ChannelHandlerContext context;
  private ClientOutput.@Nullable Encoded helped;
  private boolean ended;
  private boolean inputEnded;

  /** One of a session that works with what its event loop has. */
  CommandStream(
      RespDoor door,
      Workspace work,
      ChannelHandlerContext context,
      Session session,
      ClientOutput output) {
    this.door = door;
    this.work = work;
    this.context = context;
    this.session = session;
    this.output = output;
    gate = new OutputGate(door, output, this::goOn);
    batches = new BatchRunner(door);
    pending = new PendingInput(door.inputMemory());
  }

  Session session() {
    return session;
  }

  /** Serves what arrived, unless a worker has begun with that: then, what it left. */
  void serve(ByteBuf arrived) {
    ClientOutput.Encoded replies = helped;
    if (replies != null) {
      helped = null;
      write(replies);
    } else if (!session.isClosing()) {
      work.stats().onReceived(arrived.readableBytes());
      take(arrived);
    }
  }

  /** Runs straight from the loop's array where nothing waits, else adds to what waits. */
  private void take(ByteBuf arrived) {
    int bytes = arrived.readableBytes();
    if (pending.size() == 0 && !isHeldUp()) {
      byte[] in = work.input(bytes);
      arrived.readBytes(in, 0, bytes);
      run(in, bytes);
      return;
    }
    if (!pending.append(arrived, bytes)) {
      refuse();
      return;
    }
    if (isHeldUp() && pending.size() >= door.config().outputPauseBytes()) {
      output.pauseReading();
    }
    if (!isHeldUp() && pending.isWorthALook()) {
      runPending();
    }
  }

  /** There is no memory for what the client sends: it is told so, and not listened to any more. */
  private void refuse() {
    pending.drop();
    door.metrics().onConnectionCut();
    session.close();
    if (batches.steps() == null) {
      work.begin();
      ReplyBuffer out = work.output();
      out.error(Texts.inputExceeds(door.inputMemory().bytesMax()));
      output.write(out);
    }
    closeIfAsked();
  }

  private boolean isHeldUp() {
    return batches.steps() != null || gate.isClosed();
  }

  private void runPending() {
    run(pending.bytes(), pending.size());
  }

  /** Runs the whole commands at the beginning, and keeps the rest. */
  private void run(byte[] in, int bytes) {
    int done = batches.run(in, 0, bytes, session, work, this);
    if (batches.steps() != null) {
      output.executeNext(this::step);
    }
    output.write(work.output());
    closeIfAsked();
    if (!pending.keep(in, done, bytes, batches.bytesNeeded(), batches.seenMemory())) {
      refuse();
    }
  }

  /**
   * Runs what is only of keys in the stead of the event loop, which waits; it writes the replies.
   * On the worker's thread.
   */
  void help(ByteBuf arrived, Workspace other) {
    boolean isServed = !ended && !session.isClosing() && !isHeldUp() && pending.size() == 0;
    if (!isServed || !gate.isFree()) {
      return;
    }
    int bytes = arrived.readableBytes();
    other.stats().onReceived(bytes);
    byte[] in = other.input(bytes);
    arrived.readBytes(in, 0, bytes);
    int done = batches.run(in, 0, bytes, session, other, door.helpExtent());
    // What that may take too much is found when more of it comes.
    var _ = pending.keep(in, done, bytes, batches.bytesNeeded(), batches.seenMemory());
    helped = output.encode(other.output());
  }

  /** Writes what a worker has encoded, and goes on where it has stopped. */
  private void write(ClientOutput.Encoded replies) {
    output.write(replies);
    if (gate.isMuch(replies.size())) {
      output.flush();
      gate.pauseIfSlow();
    }
    if (!isHeldUp() && !session.isClosing() && pending.size() > 0 && pending.isWorthALook()) {
      runPending();
    } else {
      closeIfAsked();
    }
  }

  @Override
  public boolean isFree() {
    return gate.isFree();
  }

  @Override
  public boolean admits(@Nullable Command command, Arguments arguments) {
    return command == null || gate.admits(command, arguments, session);
  }

  @Override
  public boolean goesOn(ReplyBuffer out) {
    return !isPaused(out) && !output.held().isSome();
  }

  private boolean isPaused(ReplyBuffer out) {
    if (!gate.isMuch(out.size())) {
      return false;
    }
    output.writeNow(out);
    return gate.pauseIfSlow();
  }

  /** Goes on with a command that takes steps, then with what arrived meanwhile. */
  private void step() {
    Action.Steps going = batches.steps();
    if (going == null || ended) {
      return;
    }
    work.begin();
    ReplyBuffer out = work.output();
    out.version(session.isResp3());
    boolean done;
    try {
      done = going.step(out);
    } catch (RuntimeException e) {
      out.clear();
      out.error(CommandRunner.text(e, batches.stepping()));
      done = true;
    }
    if (!done) {
      output.executeNext(this::step);
      return;
    }
    batches.endSteps();
    // The steps before had their turns among those of other connections.
    door.store().durability().seeAll();
    if (session.replyMode() != Session.ReplyMode.ON) {
      BatchRunner.silence(session.replyMode(), 0, batches.stepping(), session, out);
    }
    output.writeNow(out);
    closeIfAsked();
    goOn();
  }

  /** The client takes its output, or no longer takes it. */
  void onWritability() {
    if (!output.isTaken()) {
      gate.pauseIfSlow();
      return;
    }
    if (gate.isPaused()) {
      output.execute(gate::endPause);
    }
    tellFeeds();
  }

  /** The client has taken everything. */
  void onTaken() {
    gate.endPause();
  }

  /** What waited for the journal may go out; or never will, when the journal has given up. */
  void onReleased(@Nullable List<ByteBuf> replies) {
    if (replies == null) {
      door.metrics().onConnectionCut();
      output.end();
      return;
    }
    output.release(replies);
    readOn();
    closeIfAsked();
    tellFeeds();
    resume();
  }

  private void tellFeeds() {
    session.feeds().forEach(feed -> output.execute(feed::onWritable));
  }

  /** Goes on with a client that was held up. */
  private void goOn() {
    readOn();
    resume();
  }

  private void readOn() {
    if (!isHeldUp() && !inputEnded) {
      context.channel().config().setAutoRead(true);
    }
  }

  /** Goes on where it was held up. */
  private void resume() {
    if (ended || isHeldUp()) {
      return;
    }
    if (pending.size() > 0) {
      runPending();
    }
    output.flush();
    closeAtEnd();
  }

  /** A client that sends nothing more still gets the replies to what it sent. */
  void onInputEnd() {
    inputEnded = true;
    closeAtEnd();
  }

  private void closeAtEnd() {
    if (inputEnded && !isHeldUp()) {
      output.closeInTurn();
    }
  }

  private void closeIfAsked() {
    if (session.isClosing() && batches.steps() == null && !output.held().isSome()) {
      output.closeInTurn();
    }
  }

  /** The connection is closed: nothing is run any more. */
  void end() {
    ended = true;
    ClientOutput.Encoded replies = helped;
    helped = null;
    if (replies != null) {
      replies.drop();
    }
    batches.endSteps();
    output.held().drop();
    output.count();
    gate.end();
    pending.drop();
    session.closeFeeds();
  }
}
