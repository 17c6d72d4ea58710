package dev.mayfly.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request. The first of repeated parameters wins. Immutable.
 *
 * @param raw as it was sent, without the question mark; one character a byte
 */
record QueryString(String raw) {
  static final QueryString EMPTY = new QueryString("");

  /** A parameter's value as it was sent; null when there is none of this name. */
  @Nullable String raw(String name) {
    int start = 0;
    int length = raw.length();
    while (start < length) {
      int end = raw.indexOf('&', start);
      if (end < 0) {
        end = length;
      }
      int equals = raw.indexOf('=', start);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      if (isNamed(name, start, nameEnd)) {
        return nameEnd == end ? "" : raw.substring(nameEnd + 1, end);
      }
      start = end + 1;
    }
    return null;
  }

  /** A parameter's bytes; null when there is none of this name. */
  byte @Nullable [] bytes(String name) {
    String value = raw(name);
    return value == null ? null : PercentCodec.decodeLenient(value, true);
  }

  /** The bytes of every parameter of this name, in their order. */
  List<byte[]> all(String name) {
    List<byte[]> values = new ArrayList<>();
    for (String part : raw.split("&", -1)) {
      byte[] value = new QueryString(part).bytes(name);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** A parameter's text; null when there is none of this name. */
  @Nullable String text(String name) {
    byte[] value = bytes(name);
    return value == null ? null : Utf8.text(value);
  }

  private boolean isNamed(String name, int start, int end) {
    if (end - start == name.length()) {
      return raw.startsWith(name, start);
    }
    int escape = raw.indexOf('%', start);
    if (end - start < name.length() || escape < 0 || escape >= end) {
      return false;
    }
    byte[] decoded = PercentCodec.decodeLenient(raw.substring(start, end), true);
    return new String(decoded, StandardCharsets.ISO_8859_1).equals(name);
  }
}
