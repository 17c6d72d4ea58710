package dev.mayfly.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** A gRPC call in plain bytes: HTTP/2 with literal header fields. */
final class RawGrpc {
  private static final int SETTINGS = 4;
  private static final int HEADERS = 1;
  private static final int END_STREAM_AND_HEADERS = 5;

  private RawGrpc() {}

  /** Calls a method without a request, waits for the answer's head, and goes away. */
  static void call(int port, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
      frame(out, SETTINGS, 0, 0, new byte[0]);
      ByteArrayOutputStream fields = new ByteArrayOutputStream();
      field(fields, ":method", "POST");
      field(fields, ":scheme", "http");
      field(fields, ":path", path);
      field(fields, ":authority", "localhost");
      field(fields, "te", "trailers");
      field(fields, "content-type", "application/grpc");
      frame(out, HEADERS, END_STREAM_AND_HEADERS, 1, fields.toByteArray());
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int type;
      do {
        type = readFrame(in);
      } while (type != HEADERS);
    }
  }

  private static int readFrame(DataInputStream in) throws IOException {
    byte[] head = new byte[9];
    in.readFully(head);
    in.skipNBytes((head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff));
    return head[3];
  }

  private static void field(ByteArrayOutputStream out, String name, String value) {
    out.write(0);
    text(out, name);
    text(out, value);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.write(text.length());
    out.writeBytes(text.getBytes(US_ASCII));
  }

  private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.write(new byte[] {0, (byte) (payload.length >> 8), (byte) payload.length});
    out.write(new byte[] {(byte) type, (byte) flags, 0, 0, 0, (byte) stream});
    out.write(payload);
  }
}
