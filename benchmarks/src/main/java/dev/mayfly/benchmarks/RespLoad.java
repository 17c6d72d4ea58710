package dev.mayfly.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Load on a server that speaks RESP: filling it, and reading it at a steady pace.
 *
 * <p>The pace does not wait for the server: the time of a command counts from when it was to be
 * sent, so that a stall is seen by every command that it holds up. Stateless.
 */
final class RespLoad {
  private static final int CONNECTIONS = 50;
  private static final int VALUE_BYTES = 64;
  private static final int BATCH = 500;
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final long PROBE_NANOS = 5_000_000;
  private static final long SPIN_NANOS = 60_000;

  /** {@code $64}, the value, and two line ends. */
  private static final int REPLY_BYTES = 5 + VALUE_BYTES + 2;

  private RespLoad() {}

  /** Asks until there is an answer. */
  static void awaitAnswer(int port) {
    long end = Clock.nanos() + PATIENCE_NANOS;
    while (!answers(port)) {
      if (Clock.nanos() > end) {
        throw new IllegalStateException("no answer on port " + port);
      }
      LockSupport.parkNanos(PROBE_NANOS);
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(ascii("PING\r\n"));
      return socket.getInputStream().read() == '+';
    } catch (IOException e) {
      return false;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The keys that redis-benchmark names. */
  private static String key(int number) {
    return String.format(Locale.ROOT, "key:%012d", number);
  }

  /** Sets so many keys, 16 bytes each, to 64 bytes for an hour. */
  static void fill(int port, int keys) throws IOException {
    String value = "\r\n$64\r\n" + "v".repeat(VALUE_BYTES) + "\r\n$2\r\nEX\r\n$4\r\n3600\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
      InputStream in = socket.getInputStream();
      for (int i = 0; i < keys; i++) {
        out.write(ascii("*5\r\n$3\r\nSET\r\n$16\r\n" + key(i) + value));
        if ((i + 1) % BATCH == 0 || i + 1 == keys) {
          out.flush();
          int sent = i % BATCH + 1;
          byte[] replies = in.readNBytes(5 * sent);
          if (!new String(replies, StandardCharsets.US_ASCII).equals("+OK\r\n".repeat(sent))) {
            throw new IOException("a key could not be set");
          }
        }
      }
    }
  }

  /** One connection of the paced load. */
  private static final class Line {
    private final SocketChannel channel;
    private final ArrayDeque<Long> due = new ArrayDeque<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
    private int read;

    Line(int port) throws IOException {
      channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
    }

    void send(ByteBuffer command, long dueNanos) throws IOException {
      due.add(dueNanos);
      while (command.hasRemaining()) {
        channel.write(command);
      }
    }

    void receive(Histogram times) throws IOException {
      if (due.isEmpty()) {
        return;
      }
      in.clear();
      int bytes = channel.read(in);
      if (bytes < 0) {
        throw new IOException("the server closed the connection");
      }
      read += bytes;
      long now = Clock.nanos();
      for (; read >= REPLY_BYTES; read -= REPLY_BYTES) {
        times.recordValue(now - due.remove());
      }
    }
  }

  /**
   * Reads keys that exist, so many a second, over 50 connections.
   *
   * @return how long each took, nanoseconds
   */
  static Histogram paced(int port, int keys, double rate, int seconds) throws IOException {
    Histogram times = new Histogram(3);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      lines.add(new Line(port));
    }
    ByteBuffer[] commands = new ByteBuffer[1 << 10];
    for (int i = 0; i < commands.length; i++) {
      String get = "*2\r\n$3\r\nGET\r\n$16\r\n" + key(i * 97 % keys) + "\r\n";
      commands[i] = ByteBuffer.allocateDirect(get.length()).put(ascii(get)).flip();
    }
    long start = Clock.nanos();
    long total = (long) (rate * seconds);
    double interval = 1e9 / rate;
    for (long sent = 0; sent < total || times.getTotalCount() < total; ) {
      long now = Clock.nanos();
      long next = start + (long) (sent * interval);
      for (; sent < total && next <= now; next = start + (long) (sent * interval)) {
        lines
            .get((int) (sent % CONNECTIONS))
            .send(commands[(int) (sent % commands.length)].duplicate(), next);
        sent++;
      }
      for (Line line : lines) {
        line.receive(times);
      }
      if (next - Clock.nanos() > SPIN_NANOS) {
        LockSupport.parkNanos(SPIN_NANOS / 2);
      }
      if (now - start > seconds * 1_000_000_000L + PATIENCE_NANOS) {
        throw new IOException("the server does not keep up");
      }
    }
    for (Line line : lines) {
      line.channel.close();
    }
    return times;
  }
}
