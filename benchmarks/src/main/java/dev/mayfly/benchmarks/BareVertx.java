package dev.mayfly.benchmarks;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;

/** The peer of the http door: a handler on each event loop that answers a constant. */
public final class BareVertx extends AbstractVerticle {
  private final int port;

  private BareVertx(int port) {
    this.port = port;
  }

  /** Argument: the port. */
  public static void main(String[] args) {
    int loops = Runtime.getRuntime().availableProcessors();
    int port = Integer.parseInt(args[0]);
    VertxOptions options =
        new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true);
    Vertx.vertx(options)
        .deployVerticle(() -> new BareVertx(port), new DeploymentOptions().setInstances(loops));
  }

  @Override
  public void start() {
    Buffer body = Buffer.buffer("\"" + "v".repeat(64) + "\"");
    vertx
        .createHttpServer()
        .requestHandler(
            request -> request.response().putHeader("Content-Type", "text/json").end(body))
        .listen(port, "127.0.0.1");
  }
}
