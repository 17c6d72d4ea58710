package dev.mayfly.http;

import dev.mayfly.store.ContentTypes;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import org.jspecify.annotations.Nullable;

/** Content types on their way between header fields and entries. Stateless. */
final class MediaTypes {
  private static final int CHARS_MAX = 255;
  private static final String UNKNOWN = "application/octet-stream";

  private MediaTypes() {}

  /** What a client says that a value is; null when it says nothing. */
  static @Nullable String given(@Nullable String sent) {
    if (sent == null || sent.isEmpty()) {
      return null;
    }
    if (!isField(sent)) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "content type: expected at most %d printable ASCII characters".formatted(CHARS_MAX));
    }
    return sent;
  }

  /** What a value is: as given, else detected; empty when there is nothing to tell it by. */
  static String of(@Nullable String given, byte[] value) {
    return given == null ? ContentTypes.detect(value) : given;
  }

  /** The same for a header field, where what another door took may not be allowed. */
  static String field(@Nullable String given, byte[] value) {
    String type = of(given, value);
    return isField(type) ? type : UNKNOWN;
  }

  private static boolean isField(String type) {
    for (int i = 0; i < type.length(); i++) {
      if (type.charAt(i) < ' ' || type.charAt(i) > '~') {
        return false;
      }
    }
    return type.length() <= CHARS_MAX;
  }
}
