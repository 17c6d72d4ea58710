package dev.mayfly.balancer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class DockerDiscoveryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration OFTEN = Duration.ofMillis(50);
  private static final String LIST = "/containers/json";
  private static final String PODMAN = "Libpod-Api-Version: 4.3.1\r\n";

  private final BlockingQueue<List<Backend>> told = new LinkedBlockingQueue<>();
  @TempDir Path folder;

  @Test
  void recordingOfDocker_listed_isItsContainers() throws Exception {
    try (FakeEngine engine = engine("");
        DockerDiscovery discovery = new DockerDiscovery(config(8080, null, null, NEVER))) {
      engine.answers.put(LIST, resource("ps-docker.json"));
      discovery.start(told::add);

      assertThat(told.take())
          .containsExactlyInAnyOrder(
              new Backend("w3", "10.89.8.4", 8080, 1, false),
              new Backend("w2", "10.89.8.3", 8080, 1, false),
              new Backend("w1", "10.89.8.2", 8080, 1, false));
      assertThat(engine.asked)
          .contains(LIST + "?filters={\"label\":[\"com.docker.compose.service=web\"]}");
    }
  }

  @Test
  void recordingOfPodman_listed_leavesOutWhatIsNotHealthy() throws Exception {
    try (FakeEngine engine = engine(PODMAN);
        DockerDiscovery discovery = new DockerDiscovery(config(8080, null, null, NEVER))) {
      String list = resource("ps-podman.json");
      List<String> ids = new DockerContainers(config(8080, null, null, NEVER)).ids(parse(list));
      engine.answers.put(inspect(ids.get(0)), "{\"State\":{\"Health\":{\"Status\":\"starting\"}}}");
      engine.answers.put(
          inspect(ids.get(1)), "{\"State\":{\"Healthcheck\":{\"Status\":\"healthy\"}}}");
      engine.answers.put(inspect(ids.get(2)), "{\"State\":{\"Status\":\"running\"}}");
      engine.answers.put(LIST, list);
      discovery.start(told::add);

      assertThat(told.take()).extracting(Backend::id).containsExactly("w3", "w1");
    }
  }

  @Test
  void health_startingThenHealthy_isServedFromTheEventOn() throws Exception {
    try (FakeEngine engine = engine("");
        DockerDiscovery discovery = new DockerDiscovery(config(8080, null, null, NEVER))) {
      engine.answers.put(LIST, list(container("a", "Up 1 second (health: starting)", "")));
      discovery.start(told::add);
      assertThat(told.take()).isEmpty();
      await().atMost(PATIENCE).until(() -> engine.watchers() == 1);

      engine.answers.put(LIST, list(container("a", "Up 2 seconds (healthy)", "")));
      engine.tell("{\"Type\":\"container\",\"Action\":\"health_st");
      engine.tell("atus: healthy\"}\n");

      assertThat(told.take()).extracting(Backend::id).containsExactly("a");
    }
  }

  @Test
  void container_unhealthyOrPausedOrForeign_isLeftOut() throws Exception {
    try (FakeEngine engine = engine("");
        DockerDiscovery discovery = new DockerDiscovery(config(8080, null, null, NEVER))) {
      String paused = container("p", "Up (Paused)", "").replace("running", "paused");
      String foreign = container("f", "Up", "").replace("\"web\"", "\"other\"");
      String oneOff = container("o", "Up", ",\"com.docker.compose.oneoff\":\"True\"");
      String bare = "{\"Id\":\"x\",\"State\":\"running\",\"Labels\":null}";
      engine.answers.put(
          LIST,
          list(container("u", "Up 2 seconds (unhealthy)", ""), paused, foreign, bare, oneOff));
      discovery.start(told::add);

      assertThat(told.take()).extracting(Backend::id).containsExactly("o");
    }
  }

  @Test
  void labels_ofPortWeightAndDrain_areTaken() throws Exception {
    try (FakeEngine engine = engine("");
        DockerDiscovery discovery = new DockerDiscovery(config(0, null, null, NEVER))) {
      String labels =
          ",\"dev.mayfly.port\":\"99\",\"dev.mayfly.weight\":\"7\",\"dev.mayfly.drain\":\"true\"";
      String nonsense = ",\"dev.mayfly.port\":\"http\"";
      engine.answers.put(
          LIST,
          list(
              container("a", "Up", labels),
              container("b", "Up", ""),
              container("c", "Up", nonsense)));
      discovery.start(told::add);

      assertThat(told.take())
          .containsExactly(
              new Backend("a", "10.1.0.2", 99, 7, true),
              new Backend("b", "10.1.0.2", 8123, 1, false));
    }
  }

  @Test
  void network_named_isUsedWithOrWithoutItsProject() throws Exception {
    try (FakeEngine engine = engine("");
        DockerDiscovery discovery = new DockerDiscovery(config(80, "back", null, NEVER))) {
      engine.answers.put(LIST, list(container("a", "Up", "")));
      discovery.start(told::add);

      assertThat(told.take()).extracting(Backend::host).containsExactly("10.2.0.2");
    }
  }

  @Test
  void network_notNamed_isTheOneSharedWithTheBalancer() throws Exception {
    try (FakeEngine engine = engine("");
        DockerDiscovery discovery = new DockerDiscovery(config(80, null, "me", NEVER))) {
      engine.answers.put(
          inspect("me"), "{\"NetworkSettings\":{\"Networks\":{\"demo_back\":{},\"own\":{}}}}");
      engine.answers.put(LIST, list(container("a", "Up", "")));
      discovery.start(told::add);

      assertThat(told.take()).extracting(Backend::host).containsExactly("10.2.0.2");
    }
  }

  @Test
  void engine_awayAndBack_keepsTheLastBackendsAndGoesOn() throws Exception {
    try (DockerDiscovery discovery = new DockerDiscovery(config(80, null, null, OFTEN))) {
      try (FakeEngine engine = engine("")) {
        engine.answers.put(LIST, list(container("a", "Up", "")));
        discovery.start(told::add);
        assertThat(told.take()).extracting(Backend::id).containsExactly("a");
      }
      try (FakeEngine engine = engine("")) {
        engine.answers.put(LIST, "[{\"Id\":");
        await().atMost(PATIENCE).until(() -> engine.asked.size() > 3);
        engine.answers.put(LIST, "{\"message\":\"from somebody in between\"}");
        int between = engine.asked.size();
        await().atMost(PATIENCE).until(() -> engine.asked.size() > between + 3);
        engine.answers.remove(LIST);
        int before = engine.asked.size();
        await().atMost(PATIENCE).until(() -> engine.asked.size() > before + 3);
        assertThat(told).isEmpty();

        engine.answers.put(LIST, list(container("b", "Up", "")));

        assertThat(told.take()).extracting(Backend::id).containsExactly("b");
      }
    }
  }

  @Test
  void stream_brokenAmidAnEvent_isOpenedAgainAndNothingIsMissed() throws Exception {
    try (FakeEngine engine = engine("");
        DockerDiscovery discovery = new DockerDiscovery(config(80, null, null, NEVER))) {
      engine.answers.put(LIST, list(container("a", "Up", "")));
      discovery.start(told::add);
      assertThat(told.take()).hasSize(1);
      await().atMost(PATIENCE).until(() -> engine.watchers() == 1);

      engine.tell("{\"Type\":\"contai");
      engine.answers.put(LIST, list(container("a", "Up", ""), container("b", "Up", "")));
      engine.breakStreams();

      assertThat(told.take()).hasSize(2);
      await().atMost(PATIENCE).until(() -> engine.watchers() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"events-docker.json", "events-podman.json"})
  void recordedEvents_inAnyPieces_causeAListEach(String name) throws Exception {
    String events = resource(name);
    try (FakeEngine engine = engine("");
        DockerDiscovery discovery = new DockerDiscovery(config(80, null, null, NEVER))) {
      engine.answers.put(LIST, list(container("a", "Up", "")));
      discovery.start(told::add);
      assertThat(told.take()).hasSize(1);
      await().atMost(PATIENCE).until(() -> engine.watchers() == 1);

      engine.answers.put(LIST, list(container("b", "Up", "")));
      for (int at = 0; at < events.length(); at += 997) {
        engine.tell(events.substring(at, Math.min(events.length(), at + 997)));
      }

      assertThat(told.take()).extracting(Backend::id).containsExactly("b");
    }
  }

  @Test
  void events_ofHealthChecksAndImages_causeNoList() throws Exception {
    int[] changes = {0};
    DockerEvents events =
        new DockerEvents(
            new DockerEvents.Watcher() {
              @Override
              public void onOpen() {}

              @Override
              public void onChange() {
                changes[0]++;
              }

              @Override
              public void onEnd(@Nullable Throwable failure) {}
            });
    events.onHead(200, false);

    events.onBytes(bytes("{\"Type\":\"container\",\"Action\":\"exec_start: wget\"}\n"));
    events.onBytes(bytes("{\"Type\":\"image\",\"Action\":\"pull\"}\n\n"));
    assertThat(changes[0]).isZero();

    events.onBytes(bytes("{\"status\":\"die\"}\n"));
    events.onBytes(bytes("damaged}\n"));
    events.onBytes(bytes("{\"Type\":\"network\",\"Action\":\"disconnect\"}\n"));
    assertThat(changes[0]).isEqualTo(3);
    events.onEnd(null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://engine", "engine:2375", "http://"})
  void api_ofNoKnownKind_isRefused(String api) {
    assertThatThrownBy(() -> new DockerDiscovery(DockerConfig.of(api, "web", 80)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private FakeEngine engine(String header) throws IOException {
    return new FakeEngine(socket(), header);
  }

  private Path socket() {
    return folder.resolve("s");
  }

  private DockerConfig config(
      int port, @Nullable String network, @Nullable String self, Duration interval) {
    return new DockerConfig(
        "unix://" + socket(),
        null,
        DockerConfig.DEFAULT_LABEL,
        "web",
        port,
        network,
        self,
        interval);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }

  private static String inspect(String id) {
    return "/containers/" + id + "/json";
  }

  private static @Nullable Object parse(String json) {
    return JsonTree.parse(json.getBytes(UTF_8));
  }

  private static String list(String... containers) {
    return "[" + String.join(",", containers) + "]";
  }

  private static String container(String name, String status, String labels) {
    return """
    {"Id":"%s0123456789abcdef","Names":["/%s"],"State":"running","Status":"%s",
     "Labels":{"com.docker.compose.service":"web"%s},
     "Ports":[{"PrivatePort":8123,"Type":"tcp"},{"PrivatePort":8123,"PublicPort":1,"Type":"tcp"}],
     "NetworkSettings":{"Networks":{"demo_back":{"IPAddress":"10.2.0.2"},
                                    "a_front":{"IPAddress":"10.1.0.2"}}}}
    """
        .formatted(name, name, status, labels);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DockerDiscoveryTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    }
  }
}
