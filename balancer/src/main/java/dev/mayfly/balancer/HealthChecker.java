package dev.mayfly.balancer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Asks every target at intervals whether it is well; at once when it arrives.
 *
 * <p>Runs on the control thread alone. One good answer brings up a target that was never up.
 */
final class HealthChecker implements TargetPool.Listener {
  private static final Logger LOG = Logger.getLogger(HealthChecker.class.getName());
  private static final double JITTER = 0.2;

  /** The longest interval for a target that has yet to come up: most likely it is starting. */
  private static final long NEW_NANOS = 500_000_000;

  private final HealthCheck check;
  private final Transport transport;

  HealthChecker(HealthCheck check, Transport transport) {
    this.check = check;
    this.transport = transport;
  }

  @Override
  public void onArrival(Target target) {
    if (check.kind() == HealthCheck.Kind.OFF) {
      target.health(Target.Health.UP);
    } else if (!transport.control().isShuttingDown()) {
      Watched watched = new Watched(target);
      transport.control().execute(watched::ask);
    }
  }

  @Override
  public void onDrain(Target target) {}

  /** A target with its last answers. */
  private final class Watched {
    private final Target target;
    private final int stay;
    private final InetSocketAddress address;
    private boolean wasUp;
    private int goodInRow;
    private int badInRow;

    Watched(Target target) {
      this.target = target;
      stay = target.stay();
      wasUp = target.health() != Target.Health.UNKNOWN;
      InetSocketAddress own = target.address();
      address = check.port() == 0 ? own : new InetSocketAddress(own.getAddress(), check.port());
    }

    void ask() {
      if (target.isOver(stay) || transport.control().isShuttingDown()) {
        return;
      }
      Answer answer = new Answer(this::onAnswer);
      ChannelFuture connecting =
          new Bootstrap()
              .group(transport.control())
              .channel(NioSocketChannel.class)
              .handler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      if (check.kind() == HealthCheck.Kind.HTTP) {
                        channel
                            .pipeline()
                            .addLast(new HttpClientCodec())
                            .addLast(new StatusHandler(check.path(), address, answer));
                      }
                    }
                  })
              .disableResolver()
              .connect(address);
      connecting.addListener(
          done -> {
            if (!done.isSuccess()) {
              answer.give(false);
            } else if (check.kind() == HealthCheck.Kind.TCP) {
              var _ = connecting.channel().close();
              answer.give(true);
            }
          });
      // Over all: one that answers a byte at a time is not well either.
      var _ =
          transport
              .control()
              .schedule(
                  () -> {
                    answer.give(false);
                    var _ = connecting.channel().close();
                  },
                  Millis.of(check.timeout()),
                  TimeUnit.MILLISECONDS);
    }

    private void onAnswer(boolean good) {
      goodInRow = good ? goodInRow + 1 : 0;
      badInRow = good ? 0 : badInRow + 1;
      Target.Health before = target.health();
      if (good && (!wasUp || goodInRow >= check.rise())) {
        wasUp = true;
        become(Target.Health.UP, before);
      } else if (!good && (!wasUp || badInRow >= check.fall())) {
        become(Target.Health.DOWN, before);
      }
      if (!transport.control().isShuttingDown()) {
        double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        long interval = check.interval().toNanos();
        long nanos = (long) ((wasUp ? interval : Math.min(interval, NEW_NANOS)) * factor);
        var _ = transport.control().schedule(this::ask, nanos, TimeUnit.NANOSECONDS);
      }
    }

    private void become(Target.Health now, Target.Health before) {
      if (now != before) {
        target.health(now);
        LOG.log(
            now == Target.Health.UP ? Level.INFO : Level.WARNING,
            now == Target.Health.UP ? "backend is up" : "backend is down",
            new Object[] {"backend", target.id()});
      }
    }
  }

  /** Passes on the first answer to one question. */
  private static final class Answer {
    private final Consumer<Boolean> listener;
    private boolean given;

    Answer(Consumer<Boolean> listener) {
      this.listener = listener;
    }

    void give(boolean good) {
      if (!given) {
        given = true;
        listener.accept(good);
      }
    }
  }

  /** Asks, and looks at the status. */
  private static final class StatusHandler extends SimpleChannelInboundHandler<HttpObject> {
    private final String path;
    private final InetSocketAddress address;
    private final Answer answer;

    StatusHandler(String path, InetSocketAddress address, Answer answer) {
      this.path = path;
      this.address = address;
      this.answer = answer;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      DefaultFullHttpRequest request =
          new DefaultFullHttpRequest(
              HttpVersion.HTTP_1_1, HttpMethod.GET, path, Unpooled.EMPTY_BUFFER);
      request.headers().set(HttpHeaderNames.HOST, HostPorts.text(address));
      request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      var _ = context.writeAndFlush(request, context.voidPromise());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
      if (message instanceof HttpResponse response) {
        int status = response.status().code();
        boolean whole = response.decoderResult().isSuccess();
        answer.give(whole && status >= 200 && status < 400);
        var _ = context.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      answer.give(false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answer.give(false);
      var _ = context.close();
    }
  }
}
