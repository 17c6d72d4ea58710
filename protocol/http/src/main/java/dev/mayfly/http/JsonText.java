package dev.mayfly.http;

import io.vertx.core.buffer.Buffer;

/** A text alone as JSON, for the hottest of answers. Stateless. */
final class JsonText {
  private JsonText() {}

  /** The bytes, which are valid UTF-8, in quotes. */
  static Buffer quoted(byte[] utf8) {
    byte[] quoted = new byte[utf8.length + 2];
    for (int i = 0; i < utf8.length; i++) {
      byte b = utf8[i];
      if ((b >= 0 && b < ' ') || b == '"' || b == '\\') {
        return Json.buffer(out -> out.writeUTF8String(utf8, 0, utf8.length));
      }
      quoted[i + 1] = b;
    }
    quoted[0] = '"';
    quoted[utf8.length + 1] = '"';
    return Buffer.buffer(quoted);
  }
}
