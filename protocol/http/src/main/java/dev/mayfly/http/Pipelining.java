package dev.mayfly.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Holds up a client that sends requests before it has the answers to earlier ones. Vert.x keeps
 * what was parsed until its turn comes and reads on: a client that takes no answers could fill the
 * heap.
 *
 * <p>While a request waits for another nothing is read from the connection. What one read has
 * brought may still be many: all connections together may have so many waiting, and the one that
 * adds more is closed. Confined to the connection's event loop; the number that wait is shared.
 */
final class Pipelining extends ChannelDuplexHandler {
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
  private final HttpMetrics metrics;

  /** Requests that came and are not answered. */
  private int open;

  private boolean isInterim;
  private boolean isCut;

  Pipelining(Waiting waiting, HttpMetrics metrics) {
    this.waiting = waiting;
    this.metrics = metrics;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest && !isCut && ++open > 1) {
      context.channel().config().setAutoRead(false);
      if (waiting.count.incrementAndGet() > waiting.most) {
        isCut = true;
        metrics.onConnectionCut();
        var _ = context.close();
      }
    }
    if (isCut) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
    if (message instanceof HttpResponse response) {
      isInterim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
    boolean isEnd = message instanceof LastHttpContent && !isInterim;
    var _ = context.write(message, written);
    if (isEnd && open > 0) {
      onAnswered(context);
    }
  }

  private void onAnswered(ChannelHandlerContext context) {
    open--;
    if (open > 0) {
      waiting.count.decrementAndGet();
    }
    if (open == 1) {
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (open > 1) {
      waiting.count.addAndGet(1 - open);
    }
    open = 0;
  }
}
