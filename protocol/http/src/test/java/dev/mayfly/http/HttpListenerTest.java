package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.store.Keyspace;
import dev.mayfly.testing.Eventually;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpListenerTest {
  @Test
  void start_unixSocket_answers(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("door");
    try (TestDoor door = TestDoor.openAt(SocketAddress.domainSocketAddress(file.toString()));
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      assertThat(door.port()).isEqualTo(-1);

      channel.write(
          ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

      ByteBuffer reply = ByteBuffer.allocate(8);
      while (reply.hasRemaining()) {
        assertThat(channel.read(reply)).isPositive();
      }
      assertThat(new String(reply.array(), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1");
    }
  }

  @Test
  void start_addressInUse_fails() {
    try (TestDoor door = TestDoor.open()) {
      SocketAddress taken = SocketAddress.inetSocketAddress(door.port(), "127.0.0.1");

      assertThatThrownBy(() -> TestDoor.openElsewhere(taken)).isInstanceOf(BindException.class);
    }
  }

  @Test
  void start_anyPortTwiceOnTheSameLoops_givesTwoPorts() {
    try (TestDoor first = TestDoor.open();
        TestDoor second = first.openBeside()) {
      first.set("a", "first");
      second.set("a", "second");

      assertThat(first.port()).isNotEqualTo(second.port());
      assertThat(first.ask("GET", "/v1/keys/a").text()).isEqualTo("first");
      assertThat(second.ask("GET", "/v1/keys/a").text()).isEqualTo("second");
    }
  }

  @Test
  void keyspaceThatMayBlock_isRefused() {
    assertThatThrownBy(() -> TestDoor.openThrough(HttpListenerTest::blocking))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("may block");
  }

  private static Keyspace blocking(Keyspace keyspace) {
    return (Keyspace)
        Proxy.newProxyInstance(
            Keyspace.class.getClassLoader(),
            new Class<?>[] {Keyspace.class},
            (proxy, method, arguments) ->
                method.getName().equals("mayBlock") ? true : method.invoke(keyspace, arguments));
  }

  @Test
  void stop_closesIdleConnectionsAtOnce() {
    try (TestDoor door = TestDoor.open();
        TestClient idle = door.client()) {
      assertThat(idle.ask("GET", "/").status()).isEqualTo(200);

      door.stop(Duration.ofSeconds(10));

      assertThat(idle.isEnded()).isTrue();
      assertThatThrownBy(door::client).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void stop_answersWhatWasAsked() {
    try (TestDoor door = TestDoor.open();
        TestClient client = door.client()) {
      client.write(
          TestClient.head("PUT", "/v1/keys/a", "Expect: 100-continue", "Content-Length: 4")
              + "\r\n");
      assertThat(client.read("PUT").status()).isEqualTo(100);
      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(() -> door.stop(Duration.ofSeconds(10)));
      Eventually.holds("the door takes no more", () -> isClosed(door));

      client.write("last");

      assertThat(client.read("PUT").status()).isEqualTo(201);
      assertThat(client.isEnded()).isTrue();
      stopped.join();
      assertThat(door.get("a")).isEqualTo("last");
    }
  }

  private static boolean isClosed(TestDoor door) {
    try (TestClient probe = door.client()) {
      return probe.isEnded();
    } catch (UncheckedIOException refused) {
      return true;
    }
  }

  /** What it reads would be closed under it: memory that is unmapped ends the whole process. */
  @Test
  void stop_whileAThreadWorksForARequest_isNotDoneBefore() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (TestDoor door = TestDoor.openThrough(keyspace -> pruning(keyspace, begun, mayEnd));
        TestClient client = door.client()) {
      client.write(
          TestClient.head("POST", "/v1/prune?to=0", "X-Client-Id: " + TestDoor.OPERATOR) + "\r\n");
      begun.await();

      Future<Void> stopped = door.beginStop(Duration.ofMillis(100));
      assertThat(client.isEnded()).isTrue();
      Eventually.holds("the door takes no more", () -> isClosed(door));
      assertThat(stopped.isComplete()).isFalse();

      mayEnd.countDown();
      Eventually.holds("the stop is done", stopped::succeeded);
    }
  }

  private static Keyspace pruning(Keyspace keyspace, CountDownLatch begun, CountDownLatch mayEnd) {
    return (Keyspace)
        Proxy.newProxyInstance(
            Keyspace.class.getClassLoader(),
            new Class<?>[] {Keyspace.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prune")) {
                begun.countDown();
                mayEnd.await();
              }
              return method.invoke(keyspace, arguments);
            });
  }

  @Test
  void stop_afterItsTime_closesWhatIsLeft() {
    try (TestDoor door = TestDoor.open();
        TestClient half = door.client()) {
      half.write(TestClient.head("PUT", "/v1/keys/a", "Content-Length: 4") + "\r\n");
      Eventually.holds("the request is there", () -> door.requests.opened.get() == 1);

      door.stop(Duration.ofMillis(200));

      assertThat(half.isEnded()).isTrue();
      assertThat(door.get("a")).isNull();
    }
  }
}
