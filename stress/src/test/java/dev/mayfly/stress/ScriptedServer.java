package dev.mayfly.stress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.mayfly.client.ServerAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/**
 * A server that reads a request on each connection, answers it with the next text, and hangs up.
 */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listener;
  private final ByteArrayOutputStream asked = new ByteArrayOutputStream();
  private final Thread thread;

  ScriptedServer(String... replies) throws IOException {
    listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    thread = Thread.ofVirtual().start(() -> serve(List.of(replies)));
  }

  private void serve(List<String> replies) {
    for (String reply : replies) {
      try (Socket socket = listener.accept()) {
        InputStream in = socket.getInputStream();
        byte[] chunk = new byte[1 << 16];
        int count = in.read(chunk);
        synchronized (asked) {
          asked.write(chunk, 0, Math.max(0, count));
        }
        socket.getOutputStream().write(reply.getBytes(ISO_8859_1));
        socket.shutdownOutput();
        in.skip(Long.MAX_VALUE);
      } catch (IOException ended) {
        return;
      }
    }
  }

  ServerAddress.Tcp address() {
    return new ServerAddress.Tcp("127.0.0.1", listener.getLocalPort());
  }

  String asked() {
    synchronized (asked) {
      return asked.toString(ISO_8859_1);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    thread.interrupt();
  }
}
