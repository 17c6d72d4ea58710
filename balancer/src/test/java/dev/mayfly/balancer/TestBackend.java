package dev.mayfly.balancer;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on loopback that treats each connection as the test says, on a thread of its own. Owns
 * its connections.
 */
final class TestBackend implements Closeable {
  /** What a connection does. */
  interface Behaviour {
    void serve(Socket socket) throws IOException;
  }

  final AtomicInteger accepted = new AtomicInteger();
  private final ServerSocket listening;
  private final Behaviour behaviour;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  TestBackend(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** One that sends back what it receives, and ends when the client does. */
  static TestBackend echo() throws IOException {
    return new TestBackend(
        socket -> {
          socket.getInputStream().transferTo(socket.getOutputStream());
          socket.shutdownOutput();
        });
  }

  /** One that tells its name and then does as {@link #echo()}. */
  static TestBackend named(String name) throws IOException {
    return new TestBackend(
        socket -> {
          socket.getOutputStream().write((name + "\n").getBytes(StandardCharsets.US_ASCII));
          socket.getInputStream().transferTo(socket.getOutputStream());
          socket.shutdownOutput();
        });
  }

  Backend backend() {
    return Backend.of("127.0.0.1", listening.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        accepted.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void serve(Socket socket) {
    try {
      behaviour.serve(socket);
    } catch (SocketException closed) {
      return;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Breaks every connection that it has. */
  void breakAll() throws IOException {
    for (Socket socket : open) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
