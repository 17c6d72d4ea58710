package dev.mayfly.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that answers each connection by the next of its scripts, right or wrong, and keeps what
 * it was asked.
 */
final class ScriptedServer implements AutoCloseable {
  /** What to do with one connection; it is closed behind the script. */
  interface Script {
    void serve(Peer peer) throws IOException, InterruptedException;
  }

  private final ServerSocketChannel listener;
  private final Thread thread;
  private final ConcurrentLinkedQueue<String> heads = new ConcurrentLinkedQueue<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);

  private ScriptedServer(ServerSocketChannel listener, List<Script> scripts) {
    this.listener = listener;
    this.thread = Thread.ofVirtual().start(() -> run(scripts));
  }

  static ScriptedServer of(Script... scripts) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new ScriptedServer(listener, List.of(scripts));
  }

  static ScriptedServer atSocket(Path path, Script... scripts) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(path));
    return new ScriptedServer(listener, List.of(scripts));
  }

  /** A server that answers every request on one connection with the replies in turn. */
  static ScriptedServer answering(String... replies) throws IOException {
    return of(
        peer -> {
          for (String reply : replies) {
            peer.readRequest();
            peer.send(reply);
          }
        });
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  static String problem(int status, String code, String detail) {
    String body =
        "{\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\"}".formatted(status, code, detail);
    return "HTTP/1.1 %d X\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, body.length(), body);
  }

  ServerAddress address() throws IOException {
    return listener.getLocalAddress() instanceof InetSocketAddress tcp
        ? new ServerAddress.Tcp("127.0.0.1", tcp.getPort())
        : new ServerAddress.Unix(((UnixDomainSocketAddress) listener.getLocalAddress()).getPath());
  }

  MayflyClient client() throws IOException {
    return new MayflyClient(ClientConfig.of(address()).withClientId("tester"));
  }

  /** The heads of the requests, in their order. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  /** How many connections were made. */
  int connections() {
    return connections.get();
  }

  private void run(List<Script> scripts) {
    try {
      for (Script script : scripts) {
        serve(script, listener.accept());
      }
    } catch (IOException | InterruptedException closed) {
      return;
    }
  }

  private void serve(Script script, SocketChannel channel) throws InterruptedException {
    connections.incrementAndGet();
    try (channel) {
      script.serve(new Peer(channel));
    } catch (IOException e) {
      broken.incrementAndGet();
    }
  }

  /** How many connections failed under their scripts. */
  int broken() {
    return broken.get();
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    listener.close();
    thread.interrupt();
  }

  /** The server's side of a connection. */
  final class Peer {
    private final InputStream in;
    private final OutputStream out;

    Peer(SocketChannel channel) {
      in = new BufferedInputStream(Channels.newInputStream(channel));
      out = Channels.newOutputStream(channel);
    }

    /** Reads a request's head and its body of known length, and returns the body. */
    byte[] readRequest() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          throw new IOException("the client has gone");
        }
        head.append((char) next);
      }
      heads.add(head.toString());
      int length =
          Arrays.stream(head.toString().split("\r\n", -1))
              .filter(line -> line.startsWith("Content-Length: "))
              .mapToInt(line -> Integer.parseInt(line.substring(16)))
              .findFirst()
              .orElse(0);
      return in.readNBytes(length);
    }

    /** Reads as much of the body as there is up to a mark. */
    String readUntil(String mark) throws IOException {
      StringBuilder text = new StringBuilder();
      while (text.indexOf(mark) < 0) {
        int next = in.read();
        if (next < 0) {
          break;
        }
        text.append((char) next);
      }
      return text.toString();
    }

    void send(String latin1) throws IOException {
      out.write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Keeps the connection open until the server is closed. */
    void hang() throws InterruptedException {
      closing.await();
    }
  }
}
