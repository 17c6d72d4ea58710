package dev.mayfly.counter;

import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.TimeSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers the messages of one TCP connection, all of them, in their order. While a listing is made,
 * or waits for room, or the caller does not read its answers, nothing more is read. A caller that
 * sends nothing more gets its answers, then the end. Confined to its event loop.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger(ConnectionHandler.class.getName());
  private static final int LISTING_REPLY_MAX = 16 << 20;

  private final PacketCodec packets;
  private final FrameCodec frames;
  private final MessageSplitter splitter;
  private final Listings listings;
  private final AnswerMemory memory;
  private final CounterTraffic traffic;
  private final TimeSource time;
  private @Nullable ConnectionAnswers answers;
  private boolean listing;
  private boolean isAtEnd;

  /**
   * One of a connection that has sent nothing.
   *
   * @param codecs of its event loop
   * @param input the memory of messages that are not whole, all connections together
   */
  ConnectionHandler(
      Codecs codecs,
      MemoryBudget input,
      Listings listings,
      AnswerMemory memory,
      CounterTraffic traffic,
      TimeSource time) {
    packets = codecs.packets();
    frames = codecs.frames();
    splitter = new MessageSplitter(input, codecs.spare());
    this.listings = listings;
    this.memory = memory;
    this.traffic = traffic;
    this.time = time;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf content = (ByteBuf) message;
    try {
      // What is added in pieces for want of memory is answered in between, and makes room.
      while (content.isReadable() && splitter.add(content)) {
        answerAll(context);
        if (content.isReadable()) {
          // Answers that were only written would count as unread, and none be made behind them.
          flush(context);
        }
      }
      if (content.isReadable()) {
        traffic.onInputCut();
        var _ = context.close();
      }
    } finally {
      content.release();
    }
  }

  private void answerAll(ChannelHandlerContext context) {
    long now = time.millis();
    while (!listing && context.channel().isActive() && context.channel().isWritable()) {
      switch (splitter.next()) {
        case NOTHING -> {
          splitter.trim();
          readOn(context);
          return;
        }
        case BROKEN -> {
          var _ = context.close();
          return;
        }
        case FRAME -> answerFrame(context, splitter.frame(), now);
        case PACKET -> answerPacket(context, now);
      }
      traffic.onMessage();
    }
    context.channel().config().setAutoRead(false);
  }

  private void readOn(ChannelHandlerContext context) {
    if (isAtEnd) {
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else if (!context.channel().config().isAutoRead()) {
      context.channel().config().setAutoRead(true);
    }
  }

  private void answerFrame(ChannelHandlerContext context, byte[] frame, long now) {
    int length = frames.answer(frame, frame.length, Frame.LENGTH_MAX, now);
    if (length > 0) {
      write(context, frames.reply(), length, false);
    }
  }

  private void answerPacket(ChannelHandlerContext context, long now) {
    int length = splitter.copyPacket(packets.request());
    int reply = packets.answer(length, now);
    if (reply == PacketCodec.LISTING) {
      list(context);
    } else if (reply > 0) {
      write(context, packets.reply(), reply, true);
    }
  }

  private void list(ChannelHandlerContext context) {
    PacketCodec.Listing asked = packets.listing();
    listing = true;
    requireAnswers().whenRoom(() -> beginListing(context, asked));
  }

  private void beginListing(ChannelHandlerContext context, PacketCodec.Listing asked) {
    long now = time.millis();
    boolean accepted = listings.tryRun(() -> makeListing(context, asked, now));
    if (!accepted) {
      byte[] refusal = packets.refuse(asked);
      context.executor().execute(() -> listed(context, refusal));
    }
  }

  /** On the thread of listings. */
  private void makeListing(ChannelHandlerContext context, PacketCodec.Listing asked, long now) {
    byte[] answer;
    try {
      answer = packets.list(asked, LISTING_REPLY_MAX, now);
    } catch (RuntimeException e) {
      context.executor().execute(() -> failed(context, e));
      return;
    }
    context.executor().execute(() -> listed(context, answer));
  }

  private void failed(ChannelHandlerContext context, RuntimeException cause) {
    requireAnswers().endListing();
    exceptionCaught(context, cause);
  }

  private void listed(ChannelHandlerContext context, byte[] answer) {
    listing = false;
    write(context, answer, answer.length, true);
    requireAnswers().endListing();
    answerAll(context);
    flush(context);
  }

  private static void write(
      ChannelHandlerContext context, byte[] answer, int length, boolean stopped) {
    int stop = stopped ? MessageSplitter.STOP.length : 0;
    ByteBuf buffer =
        stopped && length > Packet.BYTES
            ? Unpooled.wrappedBuffer(answer, MessageSplitter.STOP)
            : context.alloc().buffer(length + stop).writeBytes(answer, 0, length);
    if (stopped && length <= Packet.BYTES) {
      buffer.writeBytes(MessageSplitter.STOP);
    }
    var _ = context.write(buffer, context.voidPromise());
  }

  private void flush(ChannelHandlerContext context) {
    context.flush();
    requireAnswers().count();
  }

  private ConnectionAnswers requireAnswers() {
    return Objects.requireNonNull(answers, "the connection is not open");
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    answers = new ConnectionAnswers(memory, context);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    flush(context);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      answerAll(context);
      flush(context);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    traffic.onOpened();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    requireAnswers().end();
    splitter.release();
    traffic.onClosed();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && !listing) {
      var _ = context.close();
    } else if (event instanceof ChannelInputShutdownEvent) {
      isAtEnd = true;
      answerAll(context);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(System.Logger.Level.ERROR, "a counter connection failed", cause);
    }
    var _ = context.close();
  }
}
