package dev.mayfly.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A connection with calls that begin and do not end, in plain bytes of HTTP/2: what a client that
 * keeps to the rules of gRPC never sends. Confined to one thread.
 */
final class UnfinishedCall implements AutoCloseable {
  /** What may be sent before the server says that it takes more. */
  static final int BYTES_MAX = 60_000;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_HEADERS = 4;
  private static final int FRAME_BYTES_MAX = 16 << 10;
  private static final int PREFIX_BYTES = 5;
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;
  private int stream = -1;

  UnfinishedCall(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  /** Begins another call of a method. */
  void begin(String method) throws IOException {
    stream += 2;
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    field(fields, ":method", "POST");
    field(fields, ":scheme", "http");
    field(fields, ":path", "/" + method);
    field(fields, ":authority", "localhost");
    field(fields, "te", "trailers");
    field(fields, "content-type", "application/grpc");
    frame(HEADERS, END_HEADERS, stream, fields.toByteArray());
  }

  /** Sends the first bytes of a message that is said to be longer. */
  void send(int bytes, int messageBytes) throws IOException {
    send(new byte[bytes], messageBytes);
  }

  /** Sends a message, and not that it is the last. */
  void send(byte[] message) throws IOException {
    send(message, message.length);
  }

  private void send(byte[] bytes, int messageBytes) throws IOException {
    ByteBuffer sent = ByteBuffer.allocate(PREFIX_BYTES + bytes.length);
    sent.putInt(1, messageBytes).put(PREFIX_BYTES, bytes);
    for (int at = 0; at < sent.capacity(); at += FRAME_BYTES_MAX) {
      int end = Math.min(sent.capacity(), at + FRAME_BYTES_MAX);
      frame(DATA, 0, stream, Arrays.copyOfRange(sent.array(), at, end));
    }
  }

  /** Waits until the server has answered one of the calls. */
  void awaitAnswer() throws IOException {
    int type;
    do {
      byte[] head = new byte[9];
      in.readFully(head);
      in.skipNBytes((head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff));
      type = head[3];
    } while (type != HEADERS);
  }

  private static void field(ByteArrayOutputStream fields, String name, String value) {
    fields.write(0);
    text(fields, name);
    text(fields, value);
  }

  private static void text(ByteArrayOutputStream fields, String text) {
    fields.write(text.length());
    fields.writeBytes(text.getBytes(US_ASCII));
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    out.write(frame.array());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
