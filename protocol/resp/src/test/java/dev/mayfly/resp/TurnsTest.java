package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns();
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
    return new EmbeddedChannel(new Sent(name), turns.handler(), new Served(name));
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

    assertThat(done).startsWith("1 serves a", "1 serves b").endsWith("1 sends");
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
}
