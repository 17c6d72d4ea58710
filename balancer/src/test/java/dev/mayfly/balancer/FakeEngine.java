package dev.mayfly.balancer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An engine's API on a unix socket that answers as the test says. Owns its connections. */
final class FakeEngine implements Closeable {
  /** By path without the query. What is missing is 404. */
  final Map<String, String> answers = new ConcurrentHashMap<>();

  final List<String> asked = new CopyOnWriteArrayList<>();
  private final String header;
  private final ServerSocketChannel listening;
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> watching = new CopyOnWriteArrayList<>();

  FakeEngine(Path socket, String header) throws IOException {
    this.header = header;
    Files.deleteIfExists(socket);
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
  }

  int watchers() {
    return watching.size();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = listening.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void serve(SocketChannel client) {
    try {
      BufferedReader in = new BufferedReader(Channels.newReader(client, UTF_8));
      String line = in.readLine();
      if (line == null) {
        return;
      }
      String asks = in.readLine();
      while (asks != null && !asks.isEmpty()) {
        asks = in.readLine();
      }
      String target = line.split(" ", -1)[1];
      asked.add(URLDecoder.decode(target, UTF_8));
      String path = target.replaceFirst("\\?.*", "");
      if (path.equals("/events")) {
        send(client, "HTTP/1.1 200 OK\r\n" + header + "Transfer-Encoding: chunked\r\n\r\n");
        watching.add(client);
        return;
      }
      String body = answers.get(path);
      String status = body == null ? "404 Not Found" : "200 OK";
      String text = body == null ? "{\"message\":\"no such thing\"}" : body;
      send(
          client,
          "HTTP/1.1 "
              + status
              + "\r\n"
              + header
              + "Content-Length: "
              + text.getBytes(UTF_8).length
              + "\r\n\r\n"
              + text);
    } catch (IOException closed) {
      return;
    }
  }

  private static void send(SocketChannel client, String text) throws IOException {
    OutputStream out = Channels.newOutputStream(client);
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  /** Tells everyone who watches a part of the stream of events. */
  void tell(String part) throws IOException {
    for (SocketChannel client : watching) {
      int length = part.getBytes(UTF_8).length;
      send(client, Integer.toHexString(length) + "\r\n" + part + "\r\n");
    }
  }

  /** Ends the streams of events, without an end. */
  void breakStreams() throws IOException {
    List<SocketChannel> broken = List.copyOf(watching);
    watching.removeAll(broken);
    for (SocketChannel client : broken) {
      client.close();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (SocketChannel client : open) {
      client.close();
    }
  }
}
