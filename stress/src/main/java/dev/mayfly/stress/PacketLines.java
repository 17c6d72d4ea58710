package dev.mayfly.stress;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Puts and counts in the counter protocol's packets of 1500 bytes, which the servers that it was
 * made for speak as well. Immutable; safe for concurrent use.
 */
final class PacketLines implements Lines {
  private static final int BYTES = 1500;
  private static final int AUTH = 2;
  private static final int AUTH_BYTES = 8;
  private static final int ID = 11;
  private static final int NAMESPACE = 16;
  private static final int DATA = 81;
  private static final byte[] NAME = "stress".getBytes(StandardCharsets.US_ASCII);

  private final StressPlan plan;

  PacketLines(StressPlan plan) {
    this.plan = plan;
  }

  @Override
  public Line open() throws IOException {
    InetSocketAddress target = new InetSocketAddress(plan.tcp().host(), plan.tcp().port());
    if (target.isUnresolved()) {
      throw new IOException("no address is known for '" + plan.tcp().host() + "'");
    }
    DatagramSocket socket = new DatagramSocket();
    try {
      socket.connect(target);
      socket.setSoTimeout((int) plan.timeout().toMillis());
      return new PacketLine(socket, plan.secret().getBytes(StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void close() {
    // Each line closes its own socket.
  }

  private static final class PacketLine implements Line {
    private final DatagramSocket socket;
    private final byte[] secret;
    private final ByteBuffer packet = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int firstId = 1;

    PacketLine(DatagramSocket socket, byte[] secret) {
      this.socket = socket;
      this.secret = secret;
    }

    @Override
    public void exchange(List<Operation> batch, Answers answers) throws IOException {
      firstId += batch.size();
      for (int i = 0; i < batch.size(); i++) {
        fill(batch.get(i), firstId + i);
        socket.send(new DatagramPacket(packet.array(), BYTES));
      }
      boolean[] answered = new boolean[batch.size()];
      for (int left = batch.size(); left > 0; ) {
        int index = receive(batch.size());
        if (index >= 0 && !answered[index]) {
          answered[index] = true;
          left--;
          tell(index, batch.get(index), answers);
        }
      }
    }

    private void fill(Operation operation, int id) throws IOException {
      byte[] bytes = packet.array();
      if (operation.key().length > BYTES - DATA) {
        throw new IOException("the key is too long for a packet");
      }
      Arrays.fill(bytes, (byte) ' ');
      bytes[0] = (byte) (operation.isRead() ? 'C' : 'P');
      packet.putInt(ID, id);
      System.arraycopy(NAME, 0, bytes, NAMESPACE, NAME.length);
      System.arraycopy(operation.key(), 0, bytes, DATA, operation.key().length);
      for (int i = 0; i < AUTH_BYTES; i++) {
        int behind = i - secret.length;
        bytes[AUTH + i] =
            behind < 0
                ? secret[i]
                : behind < Integer.BYTES
                    ? bytes[ID + behind]
                    : bytes[NAMESPACE + behind - Integer.BYTES];
      }
    }

    /** Which of the batch the next packet answers; negative: none, it is late. */
    private int receive(int count) throws IOException {
      DatagramPacket reply = new DatagramPacket(packet.array(), BYTES);
      try {
        socket.receive(reply);
      } catch (SocketTimeoutException e) {
        throw new SocketTimeoutException("no answer in time");
      }
      int index = packet.getInt(ID) - firstId;
      return reply.getLength() < BYTES || index >= count ? -1 : index;
    }

    private void tell(int index, Operation operation, Answers answers) {
      byte[] bytes = packet.array();
      if (bytes[0] == 'E') {
        String text = new String(bytes, DATA, BYTES - DATA, StandardCharsets.UTF_8);
        answers.onRefused(index, text.strip());
      } else if (operation.isRead() && packet.getInt(DATA) == 0) {
        answers.onMissing(index);
      } else {
        answers.onDone(index);
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
