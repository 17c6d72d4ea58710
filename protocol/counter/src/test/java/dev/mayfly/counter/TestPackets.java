package dev.mayfly.counter;

import java.nio.charset.StandardCharsets;

/** Makes packets as clients of the old kind do. */
final class TestPackets {
  private TestPackets() {}

  static byte[] packet(char command, String secret, int id, String namespace, String data) {
    byte[] packet = new byte[Packet.BYTES];
    packet[0] = (byte) command;
    Packet.writeSpaces(packet);
    FrameOutput.putFixed(packet, Packet.ID, Packet.ID_BYTES, id);
    Packet.writePadded(
        packet,
        Packet.NAMESPACE,
        Packet.NAMESPACE_BYTES,
        namespace.getBytes(StandardCharsets.UTF_8));
    Packet.writePadded(
        packet, Packet.DATA, Packet.DATA_BYTES, data.getBytes(StandardCharsets.UTF_8));
    Secret.of(secret).sign(packet);
    return packet;
  }
}
