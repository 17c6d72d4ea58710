package dev.mayfly.benchmarks;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Sends each datagram back, on a blocking socket and one thread: the peer of the counter door. */
public final class DatagramEcho {
  private static final int BYTES_MAX = 2048;
  private static final int SOCKET_BUFFER_BYTES = 4 << 20;

  private DatagramEcho() {}

  /** Argument: the port on loopback. Runs until it is killed. */
  public static void main(String[] args) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    try (DatagramSocket socket = new DatagramSocket(address)) {
      socket.setReceiveBufferSize(SOCKET_BUFFER_BYTES);
      DatagramPacket packet = new DatagramPacket(new byte[BYTES_MAX], BYTES_MAX);
      while (!Thread.currentThread().isInterrupted()) {
        packet.setLength(BYTES_MAX);
        socket.receive(packet);
        socket.send(packet);
      }
    }
  }
}
