package dev.mayfly.grpc;

import static dev.mayfly.grpc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.mayfly.api.keyquarry.Key;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.keyquarry.KeyQuarryGrpc.KeyQuarryBlockingStub;
import dev.mayfly.api.keyquarry.KeyValue;
import dev.mayfly.engine.EngineConfig;
import dev.mayfly.store.Bounds;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Rules.UnstatedLifespan;
import dev.mayfly.testing.TestCertificate;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the door is reached: sockets, certificates, and what every client may ask of it. */
@Timeout(120)
final class ListenTest {
  @TempDir Path folder;

  @Test
  void tls_certificateAndKey_encryptAndNameTheServer() throws Exception {
    TestCertificate own = TestCertificate.make(folder, "own");
    TestCertificate other = TestCertificate.make(folder, "other");
    try (TestDoor door = TestDoor.open(secure(own.certificate(), own.key()))) {
      ManagedChannel trusting = secureChannel(door, own);
      ManagedChannel doubting = secureChannel(door, other);
      try {
        assertServes(TestDoor.as("alice", KeyQuarryGrpc.newBlockingStub(trusting)));
        assertUnavailable(TestDoor.as("alice", KeyQuarryGrpc.newBlockingStub(doubting)));
        assertUnavailable(door.client("alice"));
      } finally {
        trusting.shutdownNow();
        doubting.shutdownNow();
      }
    }
  }

  @Test
  void tls_filesThatCannotBeRead_refuseTheStart() throws Exception {
    TestCertificate own = TestCertificate.make(folder, "own");
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");

    assertStartRefused(secure(nonsense, own.key()), unusable(nonsense, own.key()));
    assertStartRefused(secure(own.certificate(), nonsense), unusable(own.certificate(), nonsense));
  }

  private static String unusable(Path certificate, Path key) {
    return "certificate '%s' and key '%s' cannot be used: expected PEM files"
        .formatted(certificate, key);
  }

  @Test
  void connections_beyondTheLimit_areClosedAtOnceAndOthersServed() throws Exception {
    try (TestDoor door = TestDoor.open()) {
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < TestDoor.CONNECTIONS_MAX; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), door.port));
      }
      assertClosed(door);
      sockets.removeFirst().close();
      KeyQuarryBlockingStub client = door.client("alice").withWaitForReady();
      assertServes(client);
      assertClosed(door);
      assertThat(door.calls.refused.get()).isGreaterThanOrEqualTo(2);
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static void assertClosed(TestDoor door) throws IOException {
    try (Socket tooMany = new Socket(InetAddress.getLoopbackAddress(), door.port)) {
      tooMany.setSoTimeout(60_000);
      assertThat(endOf(tooMany)).isTrue();
    }
  }

  /** Whether the other side closed without a byte. */
  private static boolean endOf(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  @Test
  void unixSocket_served_isRemovedAtTheStop() {
    Path socket = folder.resolve("s");
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    try (TestDoor door = TestDoor.openAt(TestDoor.config(), UnixDomainSocketAddress.of(socket))) {
      ManagedChannel channel = unixChannel(socket, loop);

      assertServes(TestDoor.as("alice", KeyQuarryGrpc.newBlockingStub(channel)));

      assertThat(door.port).isEqualTo(-1);
      channel.shutdownNow();
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
    assertThat(socket).doesNotExist();
  }

  private static ManagedChannel unixChannel(Path socket, EventLoopGroup loop) {
    NettyChannelBuilder builder =
        Epoll.isAvailable()
            ? NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollDomainSocketChannel.class)
            : NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class);
    return builder.eventLoopGroup(loop).overrideAuthority("localhost").usePlaintext().build();
  }

  @Test
  void unixSocket_fileExists_isRefusedAndTheFileLeft() throws IOException {
    Path socket = Files.writeString(folder.resolve("s"), "not ours");

    assertThatThrownBy(() -> TestDoor.openAt(TestDoor.config(), UnixDomainSocketAddress.of(socket)))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage("socket file '%s' already exists".formatted(socket));

    assertThat(socket).hasContent("not ours");
  }

  @Test
  void start_portInUse_isRefused() {
    try (TestDoor door = TestDoor.open()) {
      InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port);

      assertThatThrownBy(() -> TestDoor.openAt(TestDoor.config(), taken))
          .hasCauseInstanceOf(IOException.class);

      assertServes(door.client("alice"));
    }
  }

  @Test
  void health_everyService_isServingWithoutClientId() {
    try (TestDoor door = TestDoor.open()) {
      HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(door.channel());

      for (String service :
          new String[] {
            "",
            "keyquarry.KeyQuarry",
            "keyquarry.Admin",
            "mayfly.v1.KeyValue",
            "mayfly.v1.Locks",
            "mayfly.v1.Leases"
          }) {
        HealthCheckRequest request = HealthCheckRequest.newBuilder().setService(service).build();
        assertThat(health.check(request).getStatus()).as(service).isEqualTo(ServingStatus.SERVING);
      }
      assertRefused(
          Status.Code.NOT_FOUND,
          "unknown service nobody",
          () -> health.check(HealthCheckRequest.newBuilder().setService("nobody").build()));
    }
  }

  @Test
  void reflection_bothContracts_areTold() {
    try (TestDoor door = TestDoor.open()) {
      Received<ServerReflectionResponse> told = new Received<>();
      StreamObserver<ServerReflectionRequest> ask =
          ServerReflectionGrpc.newStub(door.channel()).serverReflectionInfo(told);

      ask.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
      assertThat(told.next().getListServicesResponse().getServiceList())
          .extracting(ServiceResponse::getName)
          .contains(
              "keyquarry.KeyQuarry",
              "keyquarry.Admin",
              "mayfly.v1.KeyValue",
              "mayfly.v1.Locks",
              "grpc.health.v1.Health");
      for (String symbol : new String[] {"keyquarry.KeyQuarry", "mayfly.v1.KeyValue.Watch"}) {
        ask.onNext(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol).build());
        assertThat(told.next().getFileDescriptorResponse().getFileDescriptorProtoCount())
            .as(symbol)
            .isPositive();
      }
      ask.onCompleted();
      assertThat(told.end().isOk()).isTrue();
    }
  }

  @Test
  void message_beyondTheLimit_isRefusedAndTheConnectionLives() {
    try (TestDoor door = TestDoor.open()) {
      KeyQuarryBlockingStub client = door.client("alice");

      assertRefused(
          Status.Code.FAILED_PRECONDITION,
          "value size is greater than maximum",
          () -> client.set(value("k", (4 << 20) - 100)));
      assertRefusedAs(Status.Code.RESOURCE_EXHAUSTED, () -> client.set(value("k", 4 << 20)));

      assertServes(client);
      assertThat(door.calls.connections.get()).isEqualTo(1);
    }
  }

  @Test
  void message_beyondTheLimit_isLoggedInOneLineAtMostOnceASecond() {
    TestTime time = new TestTime();
    List<LogRecord> entries = new CopyOnWriteArrayList<>();
    Logger transport = Logger.getLogger("io.grpc.netty.NettyServerStream");
    Handler handler = new Entries(entries);
    handler.setFilter(new TransportLog(time));
    transport.addHandler(handler);
    transport.setUseParentHandlers(false);
    try (TestDoor door = TestDoor.open()) {
      KeyQuarryBlockingStub client = door.client("alice");
      for (int i = 0; i < 3; i++) {
        assertRefusedAs(Status.Code.RESOURCE_EXHAUSTED, () -> client.set(value("k", 4 << 20)));
      }
      time.advance(1_000);
      assertRefusedAs(Status.Code.RESOURCE_EXHAUSTED, () -> client.set(value("k", 4 << 20)));
    } finally {
      transport.removeHandler(handler);
      transport.setUseParentHandlers(true);
    }

    assertThat(entries).hasSize(2);
    LogRecord last = entries.getLast();
    assertThat(last.getThrown()).isNull();
    assertThat(last.getMessage()).isEqualTo("message refused");
    assertThat(last.getParameters()).startsWith("code", Status.Code.RESOURCE_EXHAUSTED);
    assertThat(String.valueOf(last.getParameters()[3])).contains("exceeds maximum size 4194304");
    assertThat(last.getParameters()).endsWith("unlogged", 2L);
  }

  @Test
  void transportLog_clientThatBreaksHttp2_isOneLineASecond() {
    TestTime time = new TestTime();
    TransportLog log = new TransportLog(time);
    LogRecord first = brokenHttp2();

    assertThat(log.isLoggable(first)).isTrue();
    assertThat(first.getThrown()).isNull();
    assertThat(first.getMessage()).isEqualTo("protocol error");
    assertThat(first.getParameters())
        .containsExactly(
            "code", Http2Error.REFUSED_STREAM, "reason", "too many streams", "unlogged", 0L);
    assertThat(log.isLoggable(brokenHttp2())).isFalse();
    time.advance(1_000);
    LogRecord later = brokenHttp2();
    assertThat(log.isLoggable(later)).isTrue();
    assertThat(later.getParameters()).endsWith("unlogged", 1L);
  }

  private static LogRecord brokenHttp2() {
    LogRecord broken = new LogRecord(Level.WARNING, "Stream Error");
    broken.setLoggerName("io.grpc.netty.NettyServerHandler");
    broken.setThrown(new Http2Exception(Http2Error.REFUSED_STREAM, "too many streams"));
    return broken;
  }

  @Test
  void transportLog_otherRecords_passAsTheyAre() {
    LogRecord bug = new LogRecord(Level.SEVERE, "bug");
    bug.setLoggerName("io.grpc.netty.NettyServerHandler");
    bug.setThrown(new IllegalStateException("bug"));

    assertThat(new TransportLog(new TestTime()).isLoggable(bug)).isTrue();

    assertThat(bug.getThrown()).isNotNull();
  }

  /** Keeps what its filter lets through. */
  private static final class Entries extends Handler {
    private final List<LogRecord> entries;

    Entries(List<LogRecord> entries) {
      this.entries = entries;
    }

    @Override
    public void publish(LogRecord entry) {
      if (isLoggable(entry)) {
        entries.add(entry);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void message_largestValue_isTakenAndGiven() {
    int largest = Bounds.VALUE_BYTES_HARD_MAX;
    Rules rules = new Rules(5000, largest, UnstatedLifespan.RENEW, false, 5, true);
    EngineConfig engine =
        EngineConfig.forTests().withBounds(new Bounds(1024, largest, 5_000, 900_000));
    try (TestDoor door = TestDoor.open(TestDoor.config(rules), engine)) {
      KeyQuarryBlockingStub client = door.client("alice").withMaxInboundMessageSize(largest + 1024);

      client.set(value("k", largest));

      assertThat(client.get(Key.newBuilder().setKey("k").build()).getValue().size())
          .isEqualTo(largest);
    }
  }

  private static KeyValue value(String key, int size) {
    return KeyValue.newBuilder().setKey(key).setValue(ByteString.copyFrom(new byte[size])).build();
  }

  private static GrpcConfig secure(Path certificate, Path key) {
    return TestDoor.config(false, TestDoor.OPERATOR, new GrpcConfig.Tls(certificate, key));
  }

  private static ManagedChannel secureChannel(TestDoor door, TestCertificate trusted)
      throws IOException {
    return NettyChannelBuilder.forAddress("127.0.0.1", door.port)
        .sslContext(
            GrpcSslContexts.forClient().trustManager(trusted.certificate().toFile()).build())
        .build();
  }

  private static void assertServes(KeyQuarryBlockingStub client) {
    client.set(value("served", 3));

    assertThat(client.get(Key.newBuilder().setKey("served").build()).getValue().size())
        .isEqualTo(3);
  }

  private static void assertUnavailable(KeyQuarryBlockingStub client) {
    assertRefusedAs(
        Status.Code.UNAVAILABLE, () -> client.get(Key.newBuilder().setKey("k").build()));
  }

  private static void assertRefusedAs(Status.Code code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused -> assertThat(refused.getStatus().getCode()).isEqualTo(code));
  }

  private static void assertStartRefused(GrpcConfig config, String message) {
    assertThatThrownBy(() -> TestDoor.open(config).close())
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(IOException.class)
        .cause()
        .hasMessage(message);
  }
}
