package dev.mayfly.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The least that a server does for redis-benchmark: it looks at the first command of a connection,
 * takes all that follow for equally long ones, and answers each with a constant, without parsing,
 * looking up or keeping anything. One event loop, which sends when all that were ready have been
 * read. What it reaches is what the client and the system allow a server to reach.
 */
public final class BareResp {
  private static final int REPLIES_MAX = 1024;

  private BareResp() {}

  /** Argument: the port. */
  public static void main(String[] args) throws InterruptedException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    Turn turn = new Turn();
    new ServerBootstrap()
        .group(loop)
        .channel(EpollServerSocketChannel.class)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new Line(turn));
              }
            })
        .bind("127.0.0.1", Integer.parseInt(args[0]))
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  /** Those whose replies are to be sent; of the one event loop. */
  private static final class Turn {
    private final List<ChannelHandlerContext> ready = new ArrayList<>();

    void add(ChannelHandlerContext context) {
      if (ready.isEmpty()) {
        context.executor().execute(this::end);
      }
      ready.add(context);
    }

    private void end() {
      ready.forEach(ChannelHandlerContext::flush);
      ready.clear();
    }
  }

  /** One connection. */
  private static final class Line extends ChannelInboundHandlerAdapter {
    private final Turn turn;
    private int commandBytes;
    private int replyBytes;
    private int bytesOver;
    private ByteBuf replies = Unpooled.EMPTY_BUFFER;

    Line(Turn turn) {
      this.turn = turn;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf arrived = (ByteBuf) message;
      int bytes = arrived.readableBytes();
      String text = commandBytes == 0 ? arrived.toString(StandardCharsets.US_ASCII) : "";
      arrived.release();
      if (text.startsWith("PING")) {
        answer(context, "+PONG\r\n");
        return;
      }
      if (text.contains("\r\nCONFIG\r\n")) {
        boolean both = text.contains("save") && text.contains("appendonly");
        answer(context, "*2\r\n$4\r\nnone\r\n$0\r\n\r\n".repeat(both ? 2 : 1));
        return;
      }
      if (commandBytes == 0) {
        begin(text);
      }
      int there = bytesOver + bytes;
      bytesOver = there % commandBytes;
      for (int left = there / commandBytes; left > 0; left -= REPLIES_MAX) {
        ByteBuf some = replies.retainedSlice(0, Math.min(left, REPLIES_MAX) * replyBytes);
        requireGood(context.write(some, context.voidPromise()));
      }
      turn.add(context);
    }

    private static void answer(ChannelHandlerContext context, String reply) {
      ByteBuf bytes = Unpooled.copiedBuffer(reply, StandardCharsets.US_ASCII);
      requireGood(context.writeAndFlush(bytes, context.voidPromise()));
    }

    private static void requireGood(ChannelFuture done) {
      if (done.cause() != null) {
        throw new IllegalStateException("reply not written", done.cause());
      }
    }

    /** The next command begins with the same name as the first, if there is another one. */
    private void begin(String text) {
      String head = text.substring(0, text.indexOf("\r\n", text.indexOf('$')));
      int next = text.indexOf(head, 1);
      commandBytes = next < 0 ? text.length() : next;
      String reply =
          text.contains("\r\nGET\r\n")
              ? "$64\r\n" + "v".repeat(64) + "\r\n"
              : text.contains("\r\nINCR\r\n") ? ":1234\r\n" : "+OK\r\n";
      replyBytes = reply.length();
      byte[] all = reply.repeat(REPLIES_MAX).getBytes(StandardCharsets.US_ASCII);
      replies = Unpooled.directBuffer(all.length).writeBytes(all);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      replies.release();
    }
  }
}
