package dev.mayfly.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.client.CounterException.Reason;
import dev.mayfly.client.CounterOperation.Mode;
import dev.mayfly.counter.CounterListener;
import dev.mayfly.counter.CounterPeers;
import dev.mayfly.counter.CounterTraffic;
import dev.mayfly.counter.ListenerConfig;
import dev.mayfly.counter.Secret;
import dev.mayfly.engine.CounterConfig;
import dev.mayfly.engine.MemoryCounters;
import dev.mayfly.store.CounterPolicy;
import dev.mayfly.store.Limit;
import dev.mayfly.store.SystemTime;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client against real counter doors. */
@Timeout(300)
class CounterClientTest {
  private static final byte[] NS = bytes("ns");
  private static final byte[] KEY = bytes("key");
  private static final String SECRET = "correct horse battery staple";

  private final SystemTime time = new SystemTime();
  private final List<AutoCloseable> opened = new ArrayList<>();

  private final class Node implements AutoCloseable {
    final MemoryCounters counters =
        new MemoryCounters(CounterConfig.of(CounterPolicy.ofWindow(3_600_000), 16 << 20), time);
    final CounterTraffic traffic = new CounterTraffic();
    final CounterListener listener;
    final ServerAddress.Tcp address;

    Node(String secretText, int port) throws Exception {
      Secret secret = secretText.isEmpty() ? Secret.NONE : Secret.of(secretText);
      listener =
          new CounterListener(
              new ListenerConfig(
                  secret, 10, Duration.ofSeconds(30), 1 << 20, 1 << 20, Duration.ofSeconds(1), 1),
              counters,
              counters,
              new CounterPeers(List.of(), secret),
              traffic,
              time);
      InetAddress loopback = InetAddress.getLoopbackAddress();
      int chosen = listener.start(new InetSocketAddress(loopback, port), null);
      address = new ServerAddress.Tcp("127.0.0.1", chosen);
      opened.add(this);
    }

    @Override
    public void close() throws IOException {
      listener.stop();
      counters.close();
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable some : opened.reversed()) {
      some.close();
    }
  }

  private CounterClient client(CounterClientConfig config) throws Exception {
    CounterClient client = CounterClient.open(config);
    opened.add(client);
    return client;
  }

  private static CounterClientConfig config(Node... nodes) {
    List<ServerAddress.Tcp> pool = new ArrayList<>();
    for (Node node : nodes) {
      pool.add(node.address);
    }
    return CounterClientConfig.of(pool).withTimeout(Duration.ofSeconds(30));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private static Reason reason(Future<?> future) {
    try {
      throw new AssertionError("expected a failure, but was " + get(future));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CounterException failure) {
        return failure.reason();
      }
      throw new AssertionError(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void hits_areCounted_inTheirOrder() throws Exception {
    Node node = new Node("", 0);
    CounterClient client = client(config(node));

    CompletableFuture<Long> first = client.hit(NS, KEY);
    CompletableFuture<Long> many = client.ask(CounterOperation.hit(NS, KEY, 10));
    CompletableFuture<Long> other = client.hit(bytes("other"), KEY);
    CompletableFuture<Long> count = client.count(NS, KEY);

    assertThat(get(first)).isEqualTo(1);
    assertThat(get(many)).isEqualTo(11);
    assertThat(get(other)).isEqualTo(1);
    assertThat(get(count)).isEqualTo(11);
    assertThat(get(client.ask(CounterOperation.countNamespace(NS)))).isEqualTo(11);
    assertThat(get(client.ask(CounterOperation.countAll()))).isEqualTo(12);
    assertThat(node.counters.count(NS, KEY, time.millis())).isEqualTo(11);
  }

  @Test
  void operations_shareDatagrams() throws Exception {
    Node node = new Node("", 0);
    CounterClient client = client(config(node).withLinger(Duration.ofMillis(200)));

    List<CompletableFuture<Long>> answers = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      answers.add(client.hit(NS, bytes("k" + i % 7)));
    }
    client.flush();
    long sum = 0;
    for (CompletableFuture<Long> answer : answers) {
      sum += get(answer) > 0 ? 1 : 0;
    }

    assertThat(sum).isEqualTo(1000);
    assertThat(node.counters.countAll(time.millis())).isEqualTo(1000);
    assertThat(node.traffic.datagrams()).isLessThan(100);
  }

  @Test
  void operation_alone_waitsForTheLingerOnly() throws Exception {
    Node node = new Node("", 0);
    CounterClient client = client(config(node).withLinger(Duration.ofSeconds(20)));

    CompletableFuture<Long> hit = client.hit(NS, KEY);
    assertThatThrownBy(() -> hit.get(100, TimeUnit.MILLISECONDS)).isNotNull();
    client.flush();

    assertThat(get(hit)).isEqualTo(1);
  }

  @Test
  void signedFrames_areTaken_andForgedOnesAreNot() throws Exception {
    Node node = new Node(SECRET, 0);
    CounterClient client = client(config(node).withSecret(SECRET));

    for (int i = 1; i <= 100; i++) {
      assertThat(get(client.hit(NS, KEY))).isEqualTo(i);
    }
    assertThat(reason(client(config(node).withSecret("another")).hit(NS, KEY)))
        .isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(reason(client(config(node)).hit(NS, KEY))).isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(node.counters.countAll(time.millis())).isEqualTo(100);
  }

  @Test
  void limits_decide() throws Exception {
    Node node = new Node("", 0);
    CounterClient client = client(config(node));
    LimitTerms two = LimitTerms.slidingWindow(2, Duration.ofHours(1));
    LimitTerms one = new LimitTerms(LimitTerms.Kind.CONCURRENCY, 1, Duration.ofHours(1), 0);
    node.counters.name("named", Limit.slidingWindow(5, 3_600_000));

    assertThat(get(client.take(NS, KEY, two)).remaining()).isEqualTo(1);
    assertThat(get(client.take(NS, KEY, two)).allowed()).isTrue();
    LimitDecision denied = get(client.take(NS, KEY, two));
    assertThat(denied.allowed()).isFalse();
    assertThat(denied.retryAfter()).isPositive().isLessThanOrEqualTo(Duration.ofHours(1));
    assertThat(get(client.ask(CounterOperation.take(NS, KEY, 3, two, Mode.PEEK))).retryAfter())
        .isNull();
    assertThat(get(client.ask(CounterOperation.take(NS, KEY, 1, two, Mode.SHADOW))).allowed())
        .isTrue();
    assertThat(
            get(client.ask(CounterOperation.take(NS, bytes("n"), 2, "named", Mode.TAKE)))
                .remaining())
        .isEqualTo(3);
    assertThat(reason(client.ask(CounterOperation.take(NS, KEY, 1, "none", Mode.TAKE))))
        .isEqualTo(Reason.NO_SUCH_LIMIT);
    long lease = get(client.take(NS, bytes("job"), one)).lease();
    assertThat(get(client.take(NS, bytes("job"), one)).allowed()).isFalse();
    assertThat(get(client.ask(CounterOperation.release(NS, bytes("job"), lease)))).isTrue();
    assertThat(get(client.take(NS, bytes("job"), one)).allowed()).isTrue();
  }

  @Test
  void refusals_endTheirOwnOperationOnly() throws Exception {
    Node node = new Node("", 0);
    CounterClient client = client(config(node).withLinger(Duration.ofMillis(50)));

    CompletableFuture<Long> before = client.hit(NS, KEY);
    CompletableFuture<Long> tooMany = client.ask(CounterOperation.hit(NS, KEY, Long.MAX_VALUE));
    CompletableFuture<Long> tooLong = client.hit(NS, new byte[3000]);
    CompletableFuture<Long> after = client.hit(NS, KEY);

    assertThat(get(before)).isEqualTo(1);
    assertThat(reason(tooMany)).isEqualTo(Reason.BAD_ARGUMENT);
    assertThat(reason(tooLong)).isEqualTo(Reason.BAD_KEY);
    assertThat(get(after)).isEqualTo(2);
  }

  @Test
  void queue_full_refusesAtOnce_andSilenceEndsInTime() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      ServerAddress.Tcp address = new ServerAddress.Tcp("127.0.0.1", silent.getLocalPort());
      CounterClient client =
          client(
              CounterClientConfig.of(List.of(address))
                  .withBounds(10, 1)
                  .withTimeout(Duration.ofSeconds(1)));
      List<CompletableFuture<Long>> answers = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        answers.add(client.hit(NS, KEY));
      }

      List<Reason> reasons = answers.stream().map(CounterClientTest::reason).toList();

      assertThat(reasons).containsOnly(Reason.QUEUE_FULL, Reason.TIMED_OUT);
      assertThat(reasons.stream().filter(Reason.QUEUE_FULL::equals)).hasSizeGreaterThan(500);
      silent.setSoTimeout(60_000);
      silent.receive(new DatagramPacket(new byte[2048], 2048));
    }
  }

  @Test
  void pool_leavesAServerThatIsGone_andComesBackToIt() throws Exception {
    Node first = new Node("", 0);
    Node second = new Node("", 0);
    CounterClient client = client(config(first, second).withTimeout(Duration.ofMillis(300)));
    hitUntil(client, () -> first.counters.countAll(time.millis()) > 0);
    int port = first.address.port();
    first.close();
    opened.remove(first);

    hitUntil(client, () -> second.counters.countAll(time.millis()) >= 3);
    Node again = new Node("", port);
    hitUntil(client, () -> again.counters.countAll(time.millis()) > 0);
  }

  /** Hits whose answers are lost, or late on a busy machine, are no matter. */
  private static void hitUntil(CounterClient client, BooleanSupplier condition) throws Exception {
    while (!condition.getAsBoolean()) {
      try {
        assertThat(get(client.hit(NS, KEY))).isPositive();
      } catch (ExecutionException lost) {
        assertThat(lost.getCause()).isInstanceOf(CounterException.class);
      }
    }
  }

  @Test
  void close_endsWhatWaits() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      ServerAddress.Tcp address = new ServerAddress.Tcp("127.0.0.1", silent.getLocalPort());
      CounterClient client =
          client(CounterClientConfig.of(List.of(address)).withLinger(Duration.ofSeconds(20)));
      CompletableFuture<Long> waiting = client.hit(NS, KEY);

      client.close();

      assertThat(reason(waiting)).isEqualTo(Reason.CLOSED);
      assertThat(reason(client.hit(NS, KEY))).isEqualTo(Reason.CLOSED);
    }
  }

  @Test
  void connection_asksAndLists() throws Exception {
    Node node = new Node(SECRET, 0);
    for (int i = 0; i < 500; i++) {
      node.counters.hit(NS, bytes("key" + i), 1, time.millis());
    }
    ServerAddress.Tcp nobody = new ServerAddress.Tcp("127.0.0.1", 1);

    try (CounterConnection connection =
        CounterConnection.open(List.of(nobody, node.address), SECRET, Duration.ofSeconds(60))) {
      assertThat(connection.address()).isEqualTo(node.address);
      assertThat(connection.ask(CounterOperation.hit(NS, bytes("z"), 3))).isEqualTo(3);
      assertThat(connection.keys(NS, bytes("key*"))).hasSize(500).contains(bytes("key499"));
      assertThat(connection.keys(NS, bytes("z$"))).containsExactly(bytes("z"));
      assertThat(connection.keys(NS, bytes("none"))).isEmpty();
      assertThat(connection.namespaces()).containsExactly(NS);
      assertThatThrownBy(() -> connection.keys(NS, bytes("("))).hasMessageContaining("pattern '('");
      assertThat(connection.ask(CounterOperation.countAll())).isEqualTo(503);
    }
    assertThatThrownBy(
            () -> CounterConnection.open(List.of(node.address), "no", Duration.ofSeconds(60)))
        .hasMessage("the server expects another secret, or none");
    assertThatThrownBy(() -> CounterConnection.open(List.of(nobody), "", Duration.ofSeconds(60)))
        .hasMessageStartingWith("no counter server answers: 127.0.0.1:1: ");
  }

  @Test
  void frames_areThoseOfTheReference() {
    CounterFrame frame = new CounterFrame(null, 1400);
    frame.tryAdd(CounterOperation.hit(bytes("login"), bytes("alice"), 1));
    frame.tryAdd(CounterOperation.hit(bytes("login"), bytes("bob"), 5));
    frame.tryAdd(CounterOperation.countNamespace(bytes("login")));

    String encoded = HexFormat.ofDelimiter(" ").formatHex(frame.encode(42));

    assertThat(encoded)
        .startsWith("6d f2 02 00 2a 00 04 00 2a 00 00 00 01 05 6c 6f 67 69 6e 02 05 61 6c 69 63 65")
        .contains("03 05 03 62 6f 62 05 00 00 00");
    byte[] reply =
        HexFormat.ofDelimiter(" ")
            .parseHex("6d f2 02 02 12 00 03 00 2a 00 00 00 00 01 00 05 00 06");
    assertThat(CounterFrame.isReply(reply, reply.length)).isTrue();
    assertThat(CounterFrame.id(reply)).isEqualTo(42);
    assertThat(frame.results(reply, reply.length)).containsExactly(1L, 5L, 6L);
  }

  @Test
  void replies_thatAreNoneOfOurs_areNotRead() {
    FrameSession session = new FrameSession(SECRET, InstantSource.fixed(Instant.EPOCH));
    CounterFrame frame = new CounterFrame(session, 1400);
    frame.tryAdd(CounterOperation.countAll());
    byte[] sent = frame.encode(7);

    assertThat(CounterFrame.isReply(sent, sent.length)).isFalse();
    byte[] forged = sent.clone();
    forged[3] |= 2;
    assertThat(CounterFrame.isReply(forged, forged.length)).isTrue();
    assertThatThrownBy(() -> frame.results(forged, forged.length))
        .isInstanceOf(FrameReader.MalformedException.class);
  }
}
