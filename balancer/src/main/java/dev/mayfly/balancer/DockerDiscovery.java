package dev.mayfly.balancer;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The running containers of a Docker or Podman engine that carry a label, those of {@code docker
 * compose run} included.
 *
 * <p>The engine's events say when something changed; then, and at intervals, all containers are
 * listed. While the engine does not answer, the last list stays; that is logged once. Confined to
 * its owner; works on a thread of its own.
 */
public final class DockerDiscovery implements Discovery {
  private static final Logger LOG = Logger.getLogger(DockerDiscovery.class.getName());
  private static final long RECONNECT_MILLIS = 1000;
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final DockerConfig config;
  private final DockerContainers containers;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("mayfly-balance-docker", true), NioIoHandler.newFactory());
  private final DockerApi api;
  private Consumer<List<Backend>> listener = list -> {};
  private volatile @Nullable Channel events;
  private boolean looksForItself;
  private Set<String> shared = Set.of();
  private boolean listing;
  private boolean again;
  private boolean away;
  private boolean reached;
  private @Nullable List<Backend> told;

  /**
   * Reads the certificates, and connects to nothing yet.
   *
   * @throws IOException if certificates cannot be read
   * @throws IllegalArgumentException if the API's address makes no sense
   */
  public DockerDiscovery(DockerConfig config) throws IOException {
    this.config = config;
    containers = new DockerContainers(config);
    api = new DockerApi(loop, config.api(), config.certificates());
    looksForItself = config.network() == null && config.self() != null;
  }

  @Override
  public void start(Consumer<List<Backend>> told) {
    loop.execute(
        () -> {
          listener = told;
          list();
          watch();
        });
    long nanos = config.interval().toNanos();
    var _ = loop.scheduleWithFixedDelay(this::list, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private void watch() {
    if (loop.isShuttingDown()) {
      return;
    }
    events =
        api.get(
            "/events",
            true,
            new DockerEvents(
                new DockerEvents.Watcher() {
                  @Override
                  public void onOpen() {
                    // What happened before this is in no event.
                    list();
                  }

                  @Override
                  public void onChange() {
                    list();
                  }

                  @Override
                  public void onEnd(@Nullable Throwable failure) {
                    if (!loop.isShuttingDown()) {
                      list();
                      var _ =
                          loop.schedule(
                              DockerDiscovery.this::watch, RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
                    }
                  }
                }));
  }

  /** Lists once now; once more afterwards for all that is asked meanwhile. */
  private void list() {
    if (listing) {
      again = true;
      return;
    }
    listing = true;
    again = false;
    String self = config.self();
    if (looksForItself && self != null) {
      ask("/containers/" + encode(self) + "/json", this::onSelf);
    } else {
      askList();
    }
  }

  private void onSelf(DockerBody.Answer answer) throws IOException {
    if (answer.status() == NOT_FOUND) {
      looksForItself = false;
    } else {
      Object inspected = parse(answer);
      Object settings = JsonTree.member(inspected, "NetworkSettings");
      shared = Set.copyOf(JsonTree.names(JsonTree.member(settings, "Networks")));
    }
    askList();
  }

  private void askList() {
    String filters = "{\"label\":[" + quote(config.label() + "=" + config.service()) + "]}";
    ask("/containers/json?filters=" + encode(filters), this::onList);
  }

  private void onList(DockerBody.Answer answer) throws IOException {
    Object list = parse(answer);
    if (!(list instanceof List)) {
      // Whoever answered, it is not an engine without containers.
      throw new IOException("the engine's answer is no list");
    }
    if (answer.isPodman()) {
      // Its lists do not tell health.
      inspect(list, new ArrayDeque<>(containers.ids(list)), new HashSet<>());
    } else {
      tell(containers.backends(list, Set.of(), shared));
    }
  }

  private void inspect(@Nullable Object list, ArrayDeque<String> ids, Set<String> unwell) {
    String id = ids.poll();
    if (id == null) {
      tell(containers.backends(list, unwell, shared));
      return;
    }
    ask(
        "/containers/" + encode(id) + "/json",
        answer -> {
          boolean gone = answer.status() == NOT_FOUND;
          if (gone || !DockerContainers.isWellInspected(parse(answer))) {
            unwell.add(id);
          }
          inspect(list, ids, unwell);
        });
  }

  /** Does something with an answer. */
  private interface Step {
    void take(DockerBody.Answer answer) throws IOException;
  }

  private void ask(String path, Step next) {
    var _ =
        api.get(
            path,
            false,
            new DockerBody(
                (answer, failure) -> {
                  if (answer == null) {
                    failed(failure);
                    return;
                  }
                  try {
                    next.take(answer);
                  } catch (IOException | IllegalArgumentException e) {
                    failed(e);
                  }
                }));
  }

  private static @Nullable Object parse(DockerBody.Answer answer) throws IOException {
    if (answer.status() != OK) {
      throw new IOException("the engine answered with status " + answer.status());
    }
    return JsonTree.parse(answer.body());
  }

  private void tell(List<Backend> backends) {
    if (away || !reached) {
      LOG.log(
          Level.INFO,
          away ? "Docker answers again" : "all set, now we are using Docker",
          new Object[] {"api", config.api()});
      away = false;
      reached = true;
    }
    if (!backends.equals(told)) {
      told = backends;
      listener.accept(backends);
    }
    done();
  }

  private void failed(@Nullable Throwable why) {
    if (!away && !loop.isShuttingDown()) {
      away = true;
      LOG.log(
          Level.WARNING,
          reached
              ? "Docker connection is lost: the last known backends stay"
              : "there was a problem connecting to Docker: trying again",
          new Object[] {"api", config.api(), "why", String.valueOf(why)});
    }
    done();
  }

  private void done() {
    listing = false;
    if (again && !away) {
      list();
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String quote(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  @Override
  public void close() {
    Channel open = events;
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    if (open != null) {
      var _ = open.close();
    }
  }
}
