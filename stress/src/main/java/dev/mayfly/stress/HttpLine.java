package dev.mayfly.stress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** HTTP/1.1 over a connection that is kept, several requests at once where that is asked for. */
final class HttpLine implements Line {
  private static final int HEADERS_MAX = 100;
  private static final int SWITCHING_MAX = 10;
  private static final int FINAL_STATUS = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final Wire wire;
  private final HttpForm form;
  private boolean isUsable = true;

  HttpLine(Wire wire, HttpForm form) {
    this.wire = wire;
    this.form = form;
  }

  private record Head(int status, long length, boolean isChunked, boolean ends) {}

  @Override
  public boolean isUsable() {
    return isUsable;
  }

  @Override
  public void exchange(List<Operation> batch, Answers answers) throws IOException {
    for (Operation operation : batch) {
      form.put(operation, wire);
    }
    wire.flush();
    for (int i = 0; i < batch.size(); i++) {
      Head head = finalHead();
      byte[] body = body(head);
      switch (form.meaning(batch.get(i), head.status(), body)) {
        case DONE -> answers.onDone(i);
        case MISSING -> answers.onMissing(i);
        case REFUSED -> answers.onRefused(i, "status " + head.status());
      }
      if (head.ends()) {
        isUsable = false;
        if (i + 1 < batch.size()) {
          throw new IOException("the server closed the connection");
        }
      }
    }
  }

  private Head finalHead() throws IOException {
    for (int i = 0; i < SWITCHING_MAX; i++) {
      Head head = head();
      if (head.status() >= FINAL_STATUS) {
        return head;
      }
    }
    throw new IOException("the reply never comes to its end");
  }

  private Head head() throws IOException {
    String first = wire.line();
    if (!first.startsWith("HTTP/1.") || first.length() < 12) {
      throw new IOException("the reply is not HTTP/1.1");
    }
    int status = (int) number(first.substring(9, 12));
    boolean ends = first.startsWith("HTTP/1.0");
    long length = -1;
    boolean isChunked = false;
    for (int i = 0; i < HEADERS_MAX; i++) {
      String line = wire.line();
      if (line.isEmpty()) {
        boolean isEmpty = status < FINAL_STATUS || status == NO_CONTENT || status == NOT_MODIFIED;
        return new Head(status, isEmpty ? 0 : length, isChunked && !isEmpty, ends);
      }
      int colon = line.indexOf(':');
      String name = line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      switch (name) {
        case "content-length" -> length = number(value);
        case "transfer-encoding" -> isChunked = value.equalsIgnoreCase("chunked");
        case "connection" -> ends = value.equalsIgnoreCase("close") || (ends && !isKept(value));
        default -> {}
      }
    }
    throw new IOException("the reply has more than " + HEADERS_MAX + " headers");
  }

  private static boolean isKept(String connection) {
    return connection.equalsIgnoreCase("keep-alive");
  }

  private byte[] body(Head head) throws IOException {
    if (!head.isChunked()) {
      if (head.length() < 0) {
        throw new IOException("the reply does not say how long it is");
      }
      return wire.bytes(head.length(), HttpForm.BODY_BYTES_READ);
    }
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    while (true) {
      String size = wire.line();
      int end = size.indexOf(';');
      long length = chunkLength(end < 0 ? size : size.substring(0, end));
      if (length == 0) {
        passTrailers();
        return first.toByteArray();
      }
      first.writeBytes(wire.bytes(length, HttpForm.BODY_BYTES_READ - first.size()));
      if (!wire.line().isEmpty()) {
        throw new IOException("a chunk of the reply is longer than it says");
      }
    }
  }

  /** What stands behind the last chunk says nothing that matters here. */
  private void passTrailers() throws IOException {
    int left = HEADERS_MAX;
    while (!wire.line().isEmpty()) {
      if (--left == 0) {
        throw new IOException("the reply has more than " + HEADERS_MAX + " trailers");
      }
    }
  }

  private static long number(String text) throws IOException {
    return unsigned(text.strip(), 10);
  }

  private static long chunkLength(String text) throws IOException {
    return unsigned(text.strip(), 16);
  }

  private static long unsigned(String text, int radix) throws IOException {
    try {
      long number = Long.parseLong(text, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("the reply has '" + text + "' where a number belongs", e);
    }
    throw new IOException("the reply has '" + text + "' where a number belongs");
  }

  @Override
  public void close() {
    wire.close();
  }
}
