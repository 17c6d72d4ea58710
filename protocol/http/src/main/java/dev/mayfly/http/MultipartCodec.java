package dev.mayfly.http;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a body of the type {@code multipart/form-data} (RFC 7578). Parts that are
 * files are passed over. Stateless.
 */
final class MultipartCodec {
  private static final int BOUNDARY_CHARS_MAX = 70;
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  private MultipartCodec() {}

  /**
   * Adds the fields of a body.
   *
   * @throws MayflyException ARGUMENT_INVALID when the body is not of the form
   */
  static void decode(String contentType, byte[] body, FormFields into) {
    byte[] delimiter = latin1("--" + boundary(contentType));
    int at = indexOf(body, delimiter, 0);
    while (at >= 0) {
      int start = at + delimiter.length;
      if (isAt(body, start, latin1("--"))) {
        return;
      }
      int head = indexOf(body, LINE_END, start);
      int next = head < 0 ? -1 : indexOf(body, concat(LINE_END, delimiter), head);
      if (next < 0) {
        break;
      }
      decodePart(body, head + LINE_END.length, next, into);
      at = next + LINE_END.length;
    }
    throw invalid();
  }

  private static void decodePart(byte[] body, int start, int end, FormFields into) {
    int headEnd = indexOf(body, HEAD_END, start);
    if (headEnd < 0 || headEnd > end) {
      throw invalid();
    }
    String name = name(new String(body, start, headEnd - start, StandardCharsets.ISO_8859_1));
    if (name != null) {
      int from = Math.min(end, headEnd + HEAD_END.length);
      into.add(
          Utf8.decode("form", latin1(name)),
          Utf8.decode("form", Arrays.copyOfRange(body, from, end)));
    }
  }

  /** The field that a part is about; null for a file. */
  private static @Nullable String name(String head) {
    for (String line : head.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
        return parameter(line, "filename") == null ? parameter(line, "name") : null;
      }
    }
    return null;
  }

  private static String boundary(String contentType) {
    String boundary = parameter(contentType, "boundary");
    if (boundary == null || boundary.isEmpty() || boundary.length() > BOUNDARY_CHARS_MAX) {
      throw invalid();
    }
    return boundary;
  }

  /** A parameter behind a semicolon, in quotes or without. */
  private static @Nullable String parameter(String field, String name) {
    for (String part : field.split(";", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0 && part.substring(0, equals).strip().equalsIgnoreCase(name)) {
        String value = part.substring(equals + 1).strip();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
      }
    }
    return null;
  }

  private static int indexOf(byte[] bytes, byte[] wanted, int from) {
    for (int at = from; at <= bytes.length - wanted.length; at++) {
      if (isAt(bytes, at, wanted)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean isAt(byte[] bytes, int at, byte[] wanted) {
    return at + wanted.length <= bytes.length
        && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static MayflyException invalid() {
    return new MayflyException(ErrorCode.ARGUMENT_INVALID, "body is not valid multipart/form-data");
  }
}
