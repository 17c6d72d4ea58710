package dev.mayfly.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Keeps a number of datagrams on their way to a server and back, from one thread. What is not
 * answered for a second counts as lost. Linux only. Confined to one thread.
 *
 * <p>It sends and receives as many as it can by one system call, so that the server is what limits
 * the rate, and sees bursts as a server does that is asked by many.
 */
final class DatagramLoad implements AutoCloseable {
  private static final long SILENCE_NANOS = 1_000_000_000;
  private static final int PACKET_BYTES = 1500;
  private static final int KEY_BYTES = 12;

  private final DatagramBatches socket;
  private final int inFlight;

  /** Sends these in turn. */
  DatagramLoad(int port, int inFlight, byte[][] datagrams) throws IOException {
    this.inFlight = inFlight;
    socket = new DatagramBatches(port, inFlight, datagrams);
  }

  /** Puts of so many keys in the form of existing clients, without a secret. */
  static byte[][] packets(int keys) {
    byte[][] packets = new byte[keys][];
    for (int i = 0; i < keys; i++) {
      byte[] packet = new byte[PACKET_BYTES];
      Arrays.fill(packet, (byte) ' ');
      packet[0] = 'P';
      Arrays.fill(packet, 11, 15, (byte) 0);
      byte[] namespace = "bench".getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(namespace, 0, packet, 16, namespace.length);
      System.arraycopy(packet, 11, packet, 2, 4);
      System.arraycopy(packet, 16, packet, 6, 4);
      System.arraycopy(key(i), 0, packet, 81, KEY_BYTES);
      packets[i] = packet;
    }
    return packets;
  }

  /** Frames with hits of so many keys in turn, as many in each. */
  static byte[][] frames(int keys, int operations) {
    byte[][] frames = new byte[keys][];
    for (int i = 0; i < keys; i++) {
      byte[] name = "bench".getBytes(StandardCharsets.US_ASCII);
      ByteBuffer frame = ByteBuffer.allocate(PACKET_BYTES);
      frame.put(new byte[] {0x6D, (byte) 0xF2, 2, 0, 0, 0, (byte) (operations + 1), 0});
      frame.putInt(0);
      frame.put((byte) 1).put((byte) name.length).put(name);
      for (int operation = 0; operation < operations; operation++) {
        frame.put((byte) 2).put((byte) KEY_BYTES).put(key((i * operations + operation) % keys));
      }
      frame.put(4, (byte) frame.position()).put(5, (byte) (frame.position() >> 8));
      frames[i] = Arrays.copyOf(frame.array(), frame.position());
    }
    return frames;
  }

  private static byte[] key(int number) {
    return "key-%08d".formatted(number).getBytes(StandardCharsets.US_ASCII);
  }

  /** For so long; gives the server's processor microseconds each, the rate and the losses. */
  Map<String, Double> run(Program server, int seconds) throws IOException {
    long cpu = server.cpuNanos();
    long start = Clock.nanos();
    long end = start + seconds * 1_000_000_000L;
    long sent = 0;
    long answered = 0;
    long lost = 0;
    long heard = start;
    long now = start;
    while (now < end || sent - answered - lost > 0) {
      int room = (int) (inFlight - (sent - answered - lost));
      if (now < end && room >= inFlight / 2) {
        sent += socket.send(room);
      }
      int received = socket.receive();
      answered += received;
      now = Clock.nanos();
      if (received > 0) {
        heard = now;
      } else if (now - heard > SILENCE_NANOS) {
        lost = sent - answered;
        heard = now;
      } else {
        Thread.onSpinWait();
      }
    }
    double took = (Clock.nanos() - start) / 1e9;
    return Map.of(
        "cpu", (server.cpuNanos() - cpu) / 1e3 / answered,
        "rate", answered / took,
        "lost", (double) lost);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
