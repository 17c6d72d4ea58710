package dev.mayfly.client;

import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The status line and the header fields of a reply (RFC 9112).
 *
 * <p>Immutable; safe for concurrent use.
 *
 * @param status 200 to 599
 * @param fields by lower-case name; values of a repeated field are joined by commas
 */
record ReplyHead(int status, boolean isHttp11, Map<String, String> fields) {
  /** A head with more than this is refused, whatever the sum of its lines is made of. */
  static final int HEAD_BYTES_MAX = 64 * 1024;

  /** A wait of a day for a lock shows every ten seconds that it is alive. */
  private static final int INTERIM_MAX = 10_000;

  /** Reads a head; interim replies (1xx) before it are passed over. */
  static ReplyHead read(WireInput in) throws IOException {
    for (int i = 0; i < INTERIM_MAX; i++) {
      ReplyHead head = readOne(in);
      if (head.status >= 200) {
        return head;
      }
    }
    throw new MalformedReplyException("more than " + INTERIM_MAX + " interim replies");
  }

  private static ReplyHead readOne(WireInput in) throws IOException {
    String start = in.line(HEAD_BYTES_MAX);
    int status = status(start);
    int left = HEAD_BYTES_MAX - start.length();
    Map<String, String> fields = new HashMap<>();
    for (String line = in.line(left); !line.isEmpty(); line = in.line(left)) {
      left = Math.max(0, left - line.length() - 2);
      int colon = line.indexOf(':');
      if (colon <= 0 || line.charAt(0) <= ' ' || line.charAt(colon - 1) <= ' ') {
        throw new MalformedReplyException("a header line of the reply is malformed");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      String earlier = fields.get(name);
      fields.put(name, earlier == null ? value : earlier + "," + value);
    }
    return new ReplyHead(status, start.startsWith("HTTP/1.1"), fields);
  }

  private static int status(String line) throws MalformedReplyException {
    if (line.length() >= 12
        && line.startsWith("HTTP/1.")
        && line.charAt(8) == ' '
        && (line.length() == 12 || line.charAt(12) == ' ')) {
      try {
        int status = Integer.parseInt(line, 9, 12, 10);
        if (status >= 100 && status < 600) {
          return status;
        }
      } catch (NumberFormatException e) {
        throw new MalformedReplyException("the reply is not HTTP/1.1", e);
      }
    }
    throw new MalformedReplyException("the reply is not HTTP/1.1");
  }

  @Nullable String field(String lowerCaseName) {
    return fields.get(lowerCaseName);
  }

  /** Whether the connection may serve another exchange after this reply's body. */
  boolean keepsAlive() {
    String connection = fields.get("connection");
    return isHttp11
        ? connection == null || !connection.equalsIgnoreCase("close")
        : connection != null && connection.equalsIgnoreCase("keep-alive");
  }

  /** Whether the body comes in chunks; other transfer codings are refused. */
  boolean isChunked() throws MalformedReplyException {
    String coding = fields.get("transfer-encoding");
    if (coding == null) {
      return false;
    }
    if (!coding.equalsIgnoreCase("chunked") || fields.containsKey("content-length")) {
      throw new MalformedReplyException("the reply's length is given in a way we do not know");
    }
    return true;
  }

  /** The body's length, or -1 if the head does not give it. */
  long contentLength() throws MalformedReplyException {
    String length = fields.get("content-length");
    if (length == null) {
      return -1;
    }
    for (int i = 0; i < length.length(); i++) {
      if (length.charAt(i) < '0' || length.charAt(i) > '9') {
        throw new MalformedReplyException("the reply's content-length is not a number");
      }
    }
    try {
      return Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw new MalformedReplyException("the reply's content-length is not a number", e);
    }
  }
}
