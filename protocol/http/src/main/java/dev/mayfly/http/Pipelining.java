package dev.mayfly.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Holds up a client that sends requests before it has the answers to earlier ones, and ends one
 * whose heads find no room or take too long. Vert.x keeps what was parsed until its turn comes and
 * reads on: a client that takes no answers could fill the heap.
 *
 * <p>While a request waits for another nothing is read from the connection. What one read has
 * brought may still be many: all connections together may have so many waiting, and the one that
 * adds more is closed. Confined to the connection's event loop; the number that wait is shared.
 */
final class Pipelining extends ChannelDuplexHandler {
  private static final Problem NO_ROOM =
      Problem.of(
          503,
          "overloaded",
          "the server is overloaded",
          "too many requests, or too large heads, are in flight");

  /** Requests that wait, on all connections. */
  static final class Waiting {
    private final int most;
    private final AtomicInteger count = new AtomicInteger();

    Waiting(int most) {
      this.most = most;
    }

    int count() {
      return count.get();
    }
  }

  private final Waiting waiting;
  private final ConnectionHeads heads;
  private final HttpMetrics metrics;
  private boolean isInterim;
  private boolean isAnswering;
  private boolean isCut;

  Pipelining(Waiting waiting, ConnectionHeads heads, HttpMetrics metrics) {
    this.waiting = waiting;
    this.heads = heads;
    this.metrics = metrics;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request && !isCut) {
      onRequest(context, request);
    }
    if (message instanceof HttpContent content) {
      heads.onContent(content.content().readableBytes(), content instanceof LastHttpContent);
    }
    if (isCut) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  private void onRequest(ChannelHandlerContext context, HttpRequest request) {
    boolean hasRoom = heads.onRequest(request);
    if (heads.open() > 1) {
      context.channel().config().setAutoRead(false);
      hasRoom &= waiting.count.incrementAndGet() <= waiting.most;
    }
    if (!hasRoom) {
      refuse(context, NO_ROOM);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    if (isCut) {
      return;
    }
    if (!heads.takeShare()) {
      refuse(context, NO_ROOM);
    } else if (heads.isLate()) {
      refuse(context, Problem.LATE);
    }
  }

  /** Answers what has come in part, or the one request that waits, and ends the connection. */
  private void refuse(ChannelHandlerContext context, Problem problem) {
    isCut = true;
    metrics.onConnectionCut();
    NettyConnection.forgetPart(context);
    if (isAnswering || heads.open() > 1 || (heads.open() == 1 && heads.partBytes() > 0)) {
      NettyConnection.cut(context);
      return;
    }
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(problem.status()),
            Unpooled.wrappedBuffer(Json.buffer(problem::write).getBytes()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, Reply.PROBLEM)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    metrics.onRequest(Route.UNKNOWN.template(), problem.status(), 0);
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
    if (message instanceof HttpResponse response) {
      isInterim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      isAnswering = !isInterim;
    }
    boolean isEnd = message instanceof LastHttpContent && !isInterim;
    var _ = context.write(message, written);
    if (isEnd) {
      isAnswering = false;
      onAnswered(context);
    }
  }

  private void onAnswered(ChannelHandlerContext context) {
    if (heads.open() > 1) {
      waiting.count.decrementAndGet();
    }
    heads.onAnswered();
    if (heads.open() == 1) {
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (heads.open() > 1) {
      waiting.count.addAndGet(1 - heads.open());
    }
    heads.end();
  }
}
