package dev.mayfly.stress;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A connection with a buffer each way: what is put is sent by {@link #flush}, lines and bytes are
 * read one after the other. Owns the connection; confined to one thread.
 */
final class Wire implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int LINE_BYTES_MAX = 64 * 1024;

  private final Closeable connection;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] input = new byte[BUFFER_BYTES];
  private byte[] output = new byte[BUFFER_BYTES];
  private byte[] line = new byte[256];
  private int inputAt;
  private int inputEnd;
  private int outputEnd;

  Wire(InputStream in, OutputStream out, Closeable connection) {
    this.in = in;
    this.out = out;
    this.connection = connection;
  }

  Wire put(byte[] bytes) {
    if (output.length - outputEnd < bytes.length) {
      output = Arrays.copyOf(output, Math.max(2 * output.length, outputEnd + bytes.length));
    }
    System.arraycopy(bytes, 0, output, outputEnd, bytes.length);
    outputEnd += bytes.length;
    return this;
  }

  Wire put(String ascii) {
    return put(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  Wire put(int decimal) {
    return put(Integer.toString(decimal));
  }

  void flush() throws IOException {
    out.write(output, 0, outputEnd);
    outputEnd = 0;
    if (output.length > LINE_BYTES_MAX) {
      output = new byte[BUFFER_BYTES];
    }
  }

  private int read() throws IOException {
    if (inputAt == inputEnd) {
      inputAt = 0;
      inputEnd = Math.max(0, in.read(input));
      if (inputEnd == 0) {
        throw new EOFException("the server closed the connection");
      }
    }
    return input[inputAt++];
  }

  /** A line without its end. */
  String line() throws IOException {
    int length = 0;
    for (int next = read(); next != '\n'; next = read()) {
      if (length == line.length) {
        if (length >= LINE_BYTES_MAX) {
          throw new IOException("a line of more than " + LINE_BYTES_MAX + " bytes");
        }
        line = Arrays.copyOf(line, 2 * length);
      }
      line[length++] = (byte) next;
    }
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    return new String(line, 0, end, StandardCharsets.ISO_8859_1);
  }

  /** Passes over bytes, but for the first ones, which it answers. */
  byte[] bytes(long length, int kept) throws IOException {
    byte[] first = new byte[(int) Math.min(kept, length)];
    long done = 0;
    while (done < length) {
      if (inputAt == inputEnd) {
        byte one = (byte) read();
        inputAt--;
        input[inputAt] = one;
      }
      int step = (int) Math.min(inputEnd - inputAt, length - done);
      if (done < first.length) {
        System.arraycopy(
            input, inputAt, first, (int) done, (int) Math.min(step, first.length - done));
      }
      inputAt += step;
      done += step;
    }
    return first;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      // Nothing waits for it any more.
      return;
    }
  }
}
