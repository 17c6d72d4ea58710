package dev.mayfly.balancer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;

/**
 * Answers one request to the monitor and closes: the page, metrics, health, and the commands to
 * drain and undrain. Confined to the channel's thread.
 */
final class MonitorHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final String TEXT = "text/plain; charset=utf-8";

  /** What is shown and ordered there. Safe for concurrent use. */
  interface Subject {
    List<BackendStatus> backends();

    int clients();

    String metrics();

    boolean isReady();

    boolean drain(String id);

    boolean undrain(String id);
  }

  private final Subject subject;

  MonitorHandler(Subject subject) {
    this.subject = subject;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      answer(context, HttpResponseStatus.BAD_REQUEST, TEXT, "bad request\n");
      return;
    }
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    boolean reads = request.method().equals(HttpMethod.GET);
    switch (uri.path()) {
      case "/" -> get(context, reads, "text/html; charset=utf-8", page());
      case "/metrics" -> get(context, reads, MetricsText.CONTENT_TYPE, subject.metrics());
      case "/healthz" -> get(context, reads, TEXT, "ok\n");
      case "/readyz" -> {
        boolean ready = subject.isReady();
        HttpResponseStatus status =
            ready ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
        answer(context, status, TEXT, ready ? "ready\n" : "no backend\n");
      }
      case "/drain" -> command(context, request, uri, true);
      case "/undrain" -> command(context, request, uri, false);
      default -> answer(context, HttpResponseStatus.NOT_FOUND, TEXT, "not found\n");
    }
  }

  private String page() {
    return MonitorPage.render(subject.backends(), subject.clients());
  }

  private static void get(ChannelHandlerContext context, boolean reads, String type, String body) {
    if (reads) {
      answer(context, HttpResponseStatus.OK, type, body);
    } else {
      answer(context, HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "expected GET\n");
    }
  }

  private void command(
      ChannelHandlerContext context, FullHttpRequest request, QueryStringDecoder uri, boolean on) {
    if (!request.method().equals(HttpMethod.POST)) {
      answer(context, HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "expected POST\n");
      return;
    }
    if (request.headers().contains(HttpHeaderNames.ORIGIN)) {
      // A page of another site must not order anything with its visitor's browser.
      answer(context, HttpResponseStatus.FORBIDDEN, TEXT, "not from a browser\n");
      return;
    }
    List<String> ids = uri.parameters().getOrDefault("backend", List.of());
    if (ids.size() != 1) {
      answer(context, HttpResponseStatus.BAD_REQUEST, TEXT, "expected ?backend=ID\n");
      return;
    }
    String id = ids.getFirst();
    boolean known = on ? subject.drain(id) : subject.undrain(id);
    if (known) {
      answer(context, HttpResponseStatus.OK, TEXT, (on ? "draining " : "serving ") + id + "\n");
    } else {
      answer(context, HttpResponseStatus.NOT_FOUND, TEXT, "no backend " + id + "\n");
    }
  }

  private static void answer(
      ChannelHandlerContext context, HttpResponseStatus status, String type, String body) {
    ByteBuf content = ByteBufUtil.writeUtf8(context.alloc(), body);
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes())
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }
}
