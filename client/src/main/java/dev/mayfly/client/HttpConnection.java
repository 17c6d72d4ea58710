package dev.mayfly.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One kept-alive connection: an exchange at a time (HTTP/1.1, RFC 9112).
 *
 * <p>Confined to one thread at a time. Owns its wire.
 */
final class HttpConnection implements Closeable {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Wire wire;
  private final WireInput in;
  private final String authority;
  private final String clientId;

  private HttpConnection(Wire wire, ClientConfig config) {
    this.wire = wire;
    this.in = new WireInput(wire);
    this.authority = config.address().authority();
    this.clientId = config.clientId();
  }

  static HttpConnection open(ClientConfig config) throws IOException {
    return new HttpConnection(Wire.connect(config), config);
  }

  /** Whether an idle connection is still quiet: neither closed nor spoken on by the server. */
  boolean isFresh() {
    try {
      return !in.hasBuffered() && !wire.isReadable();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a byte of the last request's reply has arrived. */
  boolean hasReplyBegun() {
    return in.hasBegun();
  }

  /** What an exchange got: the head, the body to be read, and whether all was sent. */
  record Exchange(ReplyHead head, ReplyBody body, boolean sentWhole) {}

  /**
   * Sends a request and reads the head of its reply.
   *
   * <p>A server may answer, and hang up, before it has read the whole body: its answer counts.
   */
  Exchange exchange(HttpRequest request) throws IOException {
    in.expectReply();
    boolean sentWhole;
    @Nullable IOException failure = null;
    try {
      sentWhole = send(request);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      sentWhole = false;
      failure = e;
    }
    try {
      ReplyHead head = ReplyHead.read(in);
      boolean hasNoBody =
          request.method.equals("HEAD") || head.status() == 204 || head.status() == 304;
      return new Exchange(head, ReplyBody.of(head, hasNoBody, in), sentWhole);
    } catch (IOException e) {
      if (failure == null) {
        throw e;
      }
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private boolean send(HttpRequest request) throws IOException {
    byte[] head = request.head(authority, clientId);
    byte[] bytes = request.bytes();
    InputStream stream = request.stream();
    if (stream != null) {
      return wire.write(ByteBuffer.wrap(head)) && sendChunks(stream);
    }
    if (bytes == null) {
      return wire.write(ByteBuffer.wrap(head));
    }
    if (bytes.length > CHUNK_BYTES) {
      return wire.write(ByteBuffer.wrap(head)) && wire.write(ByteBuffer.wrap(bytes));
    }
    ByteBuffer whole = ByteBuffer.allocate(head.length + bytes.length).put(head).put(bytes);
    return wire.write(whole.flip());
  }

  private boolean sendChunks(InputStream stream) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    while (true) {
      int length = source(stream, chunk);
      if (wire.isReadable()) {
        return false;
      }
      if (length == 0) {
        return wire.write(ByteBuffer.wrap(LAST_CHUNK));
      }
      byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      ByteBuffer out = ByteBuffer.allocate(size.length + length + 2);
      out.put(size).put(chunk, 0, length).put((byte) '\r').put((byte) '\n');
      if (!wire.write(out.flip())) {
        return false;
      }
    }
  }

  /** A failure of the value's own source is not the connection's: it is thrown as such. */
  private static int source(InputStream stream, byte[] chunk) {
    try {
      return stream.readNBytes(chunk, 0, chunk.length);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the value: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
