package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.testing.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final int HELP_FROM_BYTES = 8;
  private static final int HELPED_TURNS_MAX = 10_000;

  private final ThreadStats stats = new ThreadStats(0);
  private final VirtualTime time = new VirtualTime();
  private final Turns turns = new Turns(stats, time, null);
  private final List<String> done = new ArrayList<>();
  private final EmbeddedChannel first = connection("1");
  private final EmbeddedChannel second = connection("2");

  /** Tells what its turn brings, and in which order. */
  private final class Served extends ChannelInboundHandlerAdapter {
    private final String name;

    private Served(String name) {
      this.name = name;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      String text = bytes.toString(StandardCharsets.US_ASCII);
      bytes.release();
      done.add(name + " serves " + text);
      if (text.equals("fault")) {
        throw new IllegalStateException(text);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      done.add(name + " at its end");
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      done.add(name + " closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      done.add(name + " failed");
    }
  }

  private final class Sent extends ChannelOutboundHandlerAdapter {
    private final String name;

    private Sent(String name) {
      this.name = name;
    }

    @Override
    public void flush(ChannelHandlerContext context) {
      done.add(name + " sends");
    }
  }

  private EmbeddedChannel connection(String name) {
    return new EmbeddedChannel(
        new Sent(name), turns.handler((arrived, work) -> {}), new Served(name));
  }

  private static ByteBuf arrive(EmbeddedChannel channel, String text) {
    ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    channel.pipeline().firstContext().fireChannelRead(bytes);
    channel.pipeline().firstContext().fireChannelReadComplete();
    return bytes;
  }

  @Test
  void connectionsThatAreReady_areServedBeforeAnyReplyIsSent() {
    arrive(first, "a");
    arrive(second, "b");
    assertThat(done).isEmpty();

    first.runPendingTasks();

    assertThat(done).containsExactly("1 serves a", "2 serves b", "1 sends", "2 sends");
  }

  @Test
  void anotherTurn_beginsWithNobody() {
    arrive(first, "a");
    first.runPendingTasks();
    done.clear();

    arrive(second, "b");
    second.runPendingTasks();

    assertThat(done).containsExactly("2 serves b", "2 sends");
  }

  @Test
  void moreThanOneRead_staysInOrder() {
    arrive(first, "a");
    arrive(first, "b");
    assertThat(done).containsExactly("1 serves a");

    first.runPendingTasks();

    assertThat(done).containsExactly("1 serves a", "1 serves b", "1 sends");
  }

  @Test
  void manyConnections_doNotWaitForAll() {
    List<EmbeddedChannel> many = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      many.add(connection("m" + i));
      arrive(many.getLast(), "x");
    }

    assertThat(done).hasSize(128).startsWith("m0 serves x").endsWith("m63 sends");
    many.getFirst().runPendingTasks();
    assertThat(done).hasSize(130);
  }

  @Test
  void faultInOne_leavesTheOthersTheirTurn() {
    arrive(first, "fault");
    arrive(second, "b");

    first.runPendingTasks();

    assertThat(done)
        .containsExactly("1 serves fault", "1 failed", "2 serves b", "1 sends", "2 sends");
  }

  @Test
  void endOfInput_comesAfterIt() {
    arrive(first, "a");

    first.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

    assertThat(done).containsExactly("1 serves a", "1 at its end");
  }

  @Test
  void connectionThatCloses_isServedBefore() {
    arrive(first, "a");

    first.close().syncUninterruptibly();

    assertThat(done).containsExactly("1 serves a", "1 sends", "1 closed");
  }

  @Test
  void handlerThatIsRemoved_letsGoOfWhatWaits() {
    ByteBuf waiting = arrive(first, "a");

    first.pipeline().removeFirst();
    first.pipeline().removeFirst();

    assertThat(waiting.refCnt()).isZero();
  }

  @Test
  void largeTurn_isSharedWithAWorker() {
    List<String> helped = Collections.synchronizedList(new ArrayList<>());
    try (TurnWorker worker = worker(Thread.ofPlatform().daemon().factory())) {
      Turns shared = new Turns(stats, time, worker);
      EmbeddedChannel one = helpedConnection("1", shared, helped);
      EmbeddedChannel two = helpedConnection("2", shared, helped);

      arrive(one, "abc");
      arrive(two, "defg");
      one.runPendingTasks();
      assertThat(stats.sharedTurns()).isZero();

      for (int i = 0; i < HELPED_TURNS_MAX && helped.isEmpty(); i++) {
        done.clear();
        arrive(one, "abcd");
        arrive(two, "efgh");
        one.runPendingTasks();
        assertThat(done)
            .contains("1 serves abcd", "1 sends", "2 sends")
            .containsAnyOf("2 serves efgh", "2 serves gh");
      }
    }
    assertThat(helped).containsExactly("2 is helped with ef");
    assertThat(done).contains("2 serves gh");
    assertThat(stats.sharedTurns()).isPositive();
  }

  @Test
  void workerThatFails_failsTheConnectionAlone() {
    try (TurnWorker worker = worker(Thread.ofPlatform().daemon().factory())) {
      Turns shared = new Turns(stats, time, worker);
      EmbeddedChannel one = slowConnection("1", shared);
      EmbeddedChannel two =
          new EmbeddedChannel(
              new Sent("2"),
              shared.handler(
                  (arrived, work) -> {
                    throw new StackOverflowError("on purpose");
                  }),
              new Served("2"));

      for (int i = 0; i < HELPED_TURNS_MAX && !done.contains("2 failed"); i++) {
        done.clear();
        arrive(one, "abcd");
        arrive(two, "efgh");
        one.runPendingTasks();
        assertThat(done).contains("1 serves abcd", "1 sends", "2 sends");
      }
    }
    assertThat(done).contains("2 failed");
  }

  @Test
  void largeTurn_withoutAThreadForIt_isServedByTheLoop() {
    ThreadFactory none =
        task ->
            new Thread(task) {
              @Override
              public void start() {
                throw new OutOfMemoryError("no more threads, on purpose");
              }
            };
    try (TurnWorker worker = worker(none)) {
      Turns shared = new Turns(stats, time, worker);
      EmbeddedChannel one = slowConnection("1", shared);
      EmbeddedChannel two = slowConnection("2", shared);
      for (int turn = 0; turn < 2; turn++) {
        done.clear();
        arrive(one, "abcd");
        arrive(two, "efgh");
        one.runPendingTasks();

        assertThat(done).containsExactly("1 serves abcd", "2 serves efgh", "1 sends", "2 sends");
      }
    }
    assertThat(stats.sharedTurns()).isZero();
  }

  private static TurnWorker worker(ThreadFactory threads) {
    return new TurnWorker(
        threads, HELP_FROM_BYTES, () -> new Workspace(1 << 20, new ThreadStats(0)));
  }

  /** A connection of which a worker takes two bytes, and the loop its time. */
  private EmbeddedChannel helpedConnection(String name, Turns shared, List<String> helped) {
    return new EmbeddedChannel(
        new Sent(name),
        shared.handler(
            (arrived, work) ->
                helped.add(
                    name
                        + " is helped with "
                        + arrived.readCharSequence(2, StandardCharsets.US_ASCII))),
        new Slow(),
        new Served(name));
  }

  private EmbeddedChannel slowConnection(String name, Turns shared) {
    return new EmbeddedChannel(
        new Sent(name), shared.handler((arrived, work) -> {}), new Slow(), new Served(name));
  }

  /** Leaves a worker the time to wake up. */
  private static final class Slow extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      LockSupport.parkNanos(1_000_000);
      context.fireChannelRead(message);
    }
  }
}
