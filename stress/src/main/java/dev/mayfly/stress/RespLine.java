package dev.mayfly.stress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** {@code SET} and {@code GET} in RESP2: mayfly, Redis and whatever else speaks it. */
final class RespLine implements Line {
  private static final String END = "\r\n";

  private final Wire wire;
  private final byte[] expiry;

  RespLine(Wire wire, Workload workload) {
    this.wire = wire;
    Duration lifespan = workload.lifespan();
    if (lifespan == null) {
      expiry = new byte[0];
    } else {
      String millis = Long.toString(Math.max(1, lifespan.toMillis()));
      expiry =
          ("$2\r\nPX\r\n$" + millis.length() + END + millis + END)
              .getBytes(StandardCharsets.US_ASCII);
    }
  }

  @Override
  public void exchange(List<Operation> batch, Answers answers) throws IOException {
    for (Operation operation : batch) {
      put(operation);
    }
    wire.flush();
    for (int i = 0; i < batch.size(); i++) {
      read(i, answers);
    }
  }

  private void put(Operation operation) {
    if (operation.isRead()) {
      wire.put("*2\r\n$3\r\nGET\r\n");
      putBulk(operation.key());
      return;
    }
    wire.put(expiry.length == 0 ? "*3\r\n$3\r\nSET\r\n" : "*5\r\n$3\r\nSET\r\n");
    putBulk(operation.key());
    putBulk(operation.value());
    wire.put(expiry);
  }

  private void putBulk(byte[] bytes) {
    wire.put("$").put(bytes.length).put(END).put(bytes).put(END);
  }

  private void read(int index, Answers answers) throws IOException {
    String line = wire.line();
    char kind = line.isEmpty() ? 0 : line.charAt(0);
    switch (kind) {
      case '+', ':' -> answers.onDone(index);
      case '-' -> answers.onRefused(index, line.substring(1));
      case '$' -> {
        long length = length(line);
        if (length < 0) {
          answers.onMissing(index);
        } else {
          wire.bytes(length + END.length(), 0);
          answers.onDone(index);
        }
      }
      default -> throw new IOException("the reply is not RESP");
    }
  }

  private static long length(String line) throws IOException {
    try {
      return Long.parseLong(line, 1, line.length(), 10);
    } catch (NumberFormatException e) {
      throw new IOException("the reply is not RESP", e);
    }
  }

  @Override
  public void close() {
    wire.close();
  }
}
