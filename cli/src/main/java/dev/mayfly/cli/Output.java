package dev.mayfly.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output: bytes as they are, text as UTF-8 whatever the locale says.
 *
 * <p>Confined to one thread at a time. Borrows the stream.
 */
final class Output extends OutputStream {
  private final OutputStream stream;

  Output(OutputStream stream) {
    this.stream = stream;
  }

  void text(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  void line(String line) throws IOException {
    text(line);
    write('\n');
  }

  @Override
  public void write(int b) throws IOException {
    try {
      stream.write(b);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      stream.write(bytes, offset, length);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      stream.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(IOException e) throws OutputClosedException {
    String message = String.valueOf(e.getMessage());
    if (message.contains("Broken pipe")) {
      throw new OutputClosedException(e);
    }
    return new CommandException("cannot write to standard output: " + message, e);
  }
}
