package dev.mayfly.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DiscoveryTest {
  private static final Duration OFTEN = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final BlockingQueue<List<Backend>> told = new LinkedBlockingQueue<>();
  @TempDir Path folder;

  @Test
  void file_changed_isToldAgain() throws Exception {
    Path file = folder.resolve("backends");
    Files.writeString(file, "# ours\n\n127.0.0.1:80\n127.0.0.2:80 weight=3\n");
    try (FileDiscovery discovery = new FileDiscovery(file, OFTEN)) {
      discovery.start(told::add);
      assertThat(told.take())
          .containsExactly(Backend.parse("127.0.0.1:80"), Backend.parse("127.0.0.2:80 weight=3"));

      replace(file, "127.0.0.1:80 drain\n");

      assertThat(told.take()).containsExactly(Backend.parse("127.0.0.1:80 drain"));
    }
  }

  @Test
  void file_brokenOrGone_keepsTheLastListUntilItIsWell() throws Exception {
    Path file = folder.resolve("backends");
    Files.writeString(file, "127.0.0.1:80\n");
    try (FileDiscovery discovery = new FileDiscovery(file, OFTEN)) {
      discovery.start(told::add);
      assertThat(told.take()).hasSize(1);

      replace(file, "127.0.0.1:80\nnonsense\n");
      replace(file, "");
      Files.delete(file);
      Files.writeString(folder.resolve("large"), "#".repeat((int) FileDiscovery.BYTES_MAX + 1));
      Files.move(folder.resolve("large"), file);
      replace(file, "127.0.0.3:80\n");

      assertThat(told.take()).containsExactly(Backend.parse("127.0.0.3:80"));
    }
  }

  @Test
  void file_halfWritten_isNotTaken() throws Exception {
    try (FileDiscovery discovery = new FileDiscovery(folder.resolve("backends"), OFTEN)) {
      assertThat(discovery.take("10.0.0.1:80\n10.0.0.2:80\n")).hasSize(2);

      assertThat(discovery.take("")).isNull();
      assertThat(discovery.take("10.0.0.1:80\n10.0.0.2:8")).isNull();
      assertThat(discovery.take("10.0.0.1:80\n10.0.0.2:80\n10.0.0.3:80\n")).isNull();

      assertThat(discovery.take("10.0.0.1:80\n10.0.0.2:80\n10.0.0.3:80\n")).hasSize(3);
      assertThat(discovery.take("10.0.0.1:80\n10.0.0.2:80\n10.0.0.3:80\n")).isNull();
    }
  }

  @Test
  void dns_nameWithSeveralAddresses_isSeveralBackends() throws Exception {
    FakeNames names = new FakeNames();
    names.answers.put("db", addresses("10.0.0.2", "10.0.0.1"));
    Discovery list = Discovery.of(List.of(Backend.parse("db:80 weight=2")));
    try (DnsDiscovery discovery = new DnsDiscovery(list, OFTEN, names)) {
      discovery.start(told::add);

      await().atMost(PATIENCE).until(() -> contains(Backend.parse("10.0.0.1:80,weight=2"), 2));

      names.answers.put("db", addresses("10.0.0.3"));
      await().atMost(PATIENCE).until(() -> contains(Backend.parse("10.0.0.3:80,weight=2"), 1));
    }
  }

  @Test
  void dns_nameNoLongerKnown_keepsItsAddresses() throws Exception {
    FakeNames names = new FakeNames();
    names.answers.put("db", addresses("10.0.0.1"));
    Discovery list = Discovery.of(List.of(Backend.parse("db:80"), Backend.parse("10.9.9.9:80")));
    try (DnsDiscovery discovery = new DnsDiscovery(list, OFTEN, names)) {
      discovery.start(told::add);
      await().atMost(PATIENCE).until(() -> contains(Backend.parse("10.0.0.1:80"), 2));

      names.answers.remove("db");
      int asked = names.asked.size();
      await().atMost(PATIENCE).until(() -> names.asked.size() > asked + 3);

      assertThat(told).isEmpty();
    }
  }

  @Test
  void dns_localhost_isFoundInTheFileOfHosts() throws Exception {
    Discovery list = Discovery.of(List.of(Backend.parse("localhost:80")));
    try (DnsDiscovery discovery = new DnsDiscovery(list, Duration.ofHours(1))) {
      discovery.start(told::add);

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> contains(Backend.parse("127.0.0.1:80"), 1));
    }
  }

  /** Takes the next list; answers whether it is that long and holds the backend. */
  private boolean contains(Backend backend, int size) {
    List<Backend> next = told.poll();
    return next != null && next.size() >= size && next.contains(backend);
  }

  private static List<InetAddress> addresses(String... literals) {
    return Stream.of(literals).map(InetAddress::ofLiteral).toList();
  }

  private void replace(Path file, String text) throws IOException {
    Path other = folder.resolve("other");
    Files.writeString(other, text);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Answers as it is told. */
  private static final class FakeNames implements NameResolver {
    final Map<String, List<InetAddress>> answers = new ConcurrentHashMap<>();
    final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<List<InetAddress>> resolve(String name) {
      asked.add(name);
      List<InetAddress> answer = answers.get(name);
      return answer == null
          ? CompletableFuture.failedFuture(new IOException("no such name"))
          : CompletableFuture.completedFuture(answer);
    }

    @Override
    public void close() {}
  }
}
