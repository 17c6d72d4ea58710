package dev.mayfly.balancer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An engine's API: one GET at a time and connection, over a unix socket, TCP or TLS.
 *
 * <p>Confined to the one thread of the group it is given, on which answers are told.
 */
final class DockerApi {
  private static final int CONNECT_MILLIS = 5000;
  private static final int ANSWER_SECONDS = 10;

  /** Hears one answer. Whatever happens, {@code onEnd} is called once, and last. */
  interface Listener {
    /** The answer's head. */
    void onHead(int status, boolean isPodman);

    /** A part of the body, which is the caller's to release. */
    void onBytes(ByteBuf bytes);

    /** The end; of a body cut short, or an answer that never came, with a reason. */
    void onEnd(@Nullable Throwable failure);
  }

  private final EventLoopGroup group;
  private final SocketAddress address;
  private final String host;
  private final @Nullable SslContext tls;

  DockerApi(EventLoopGroup group, String api, @Nullable Path certificates) throws IOException {
    this.group = group;
    if (api.startsWith("/") || api.startsWith("unix:")) {
      String path = api.startsWith("/") ? api : URI.create(api).getPath();
      address = UnixDomainSocketAddress.of(path == null ? "" : path);
      host = "docker";
      tls = null;
      return;
    }
    URI url = URI.create(api);
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    String name = url.getHost();
    boolean secure = scheme.equals("https") || (scheme.equals("tcp") && certificates != null);
    if (name == null || !(secure || scheme.equals("http") || scheme.equals("tcp"))) {
      throw new IllegalArgumentException(
          "'" + api + "': expected a path, unix:///path, or an http or https URL of an engine");
    }
    int port = url.getPort() > 0 ? url.getPort() : secure ? 2376 : 2375;
    host = name;
    address = InetSocketAddress.createUnresolved(name, port);
    tls = secure ? tls(certificates) : null;
  }

  private static SslContext tls(@Nullable Path folder) throws IOException {
    SslContextBuilder builder = SslContextBuilder.forClient();
    if (folder != null) {
      builder.trustManager(folder.resolve("ca.pem").toFile());
      if (Files.exists(folder.resolve("cert.pem"))) {
        builder.keyManager(folder.resolve("cert.pem").toFile(), folder.resolve("key.pem").toFile());
      }
    }
    builder.endpointIdentificationAlgorithm("HTTPS");
    return builder.build();
  }

  /**
   * Asks.
   *
   * @param endless whether the answer may pause for as long as it likes
   * @return the connection, to be closed when the answer is no longer wanted
   */
  Channel get(String path, boolean endless, Listener listener) {
    Exchange exchange = new Exchange(path, host, listener);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .handler(initializer(endless, exchange));
    if (address instanceof UnixDomainSocketAddress) {
      bootstrap.channel(NioDomainSocketChannel.class);
    } else {
      // An engine that vanishes without a word would leave the stream of events open for good.
      bootstrap.channel(NioSocketChannel.class).option(ChannelOption.SO_KEEPALIVE, true);
    }
    ChannelFuture connecting = bootstrap.connect(address);
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            exchange.end(done.cause());
          }
        });
    return connecting.channel();
  }

  private ChannelHandler initializer(boolean endless, Exchange exchange) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        if (!endless) {
          channel.pipeline().addLast(new ReadTimeoutHandler(ANSWER_SECONDS, TimeUnit.SECONDS));
        }
        if (tls != null && address instanceof InetSocketAddress tcp) {
          channel.pipeline().addLast(tls.newHandler(channel.alloc(), host, tcp.getPort()));
        }
        channel.pipeline().addLast(new HttpClientCodec()).addLast(exchange);
      }
    };
  }

  /** One question and its answer. */
  private static final class Exchange extends SimpleChannelInboundHandler<HttpObject> {
    private final String path;
    private final String host;
    private final Listener listener;
    private boolean ended;

    Exchange(String path, String host, Listener listener) {
      this.path = path;
      this.host = host;
      this.listener = listener;
    }

    void end(@Nullable Throwable failure) {
      if (!ended) {
        ended = true;
        listener.onEnd(failure);
      }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      DefaultFullHttpRequest request =
          new DefaultFullHttpRequest(
              HttpVersion.HTTP_1_1, HttpMethod.GET, path, Unpooled.EMPTY_BUFFER);
      request.headers().set(HttpHeaderNames.HOST, host);
      var _ = context.writeAndFlush(request);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
      if (message.decoderResult().isFailure()) {
        end(message.decoderResult().cause());
        var _ = context.close();
        return;
      }
      if (message instanceof HttpResponse response) {
        String server = response.headers().get(HttpHeaderNames.SERVER, "");
        boolean podman =
            response.headers().contains("Libpod-Api-Version") || server.startsWith("Libpod");
        listener.onHead(response.status().code(), podman);
      }
      if (message instanceof HttpContent content && !ended) {
        listener.onBytes(content.content().retain());
      }
      if (message instanceof LastHttpContent) {
        end(null);
        var _ = context.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end(new IOException("the engine ended the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      end(cause);
      var _ = context.close();
    }
  }
}
