package dev.mayfly.store;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * A place in the event log of one incarnation of the store: the events after it are still to come.
 * Opaque to clients; its text is URL-safe.
 *
 * @param incarnation which life of the store
 * @param position the log's own measure of the place
 */
public record ResumeToken(long incarnation, long position) {
  private static final int BYTES = 16;

  /** The text that clients keep. */
  public String encode() {
    byte[] bytes = ByteBuffer.allocate(BYTES).putLong(incarnation).putLong(position).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * The token of a text.
   *
   * @throws MayflyException ARGUMENT_INVALID when it is none
   */
  public static ResumeToken decode(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (bytes.remaining() == BYTES) {
        return new ResumeToken(bytes.getLong(), bytes.getLong());
      }
    } catch (IllegalArgumentException e) {
      throw invalid(text, e);
    }
    throw invalid(text, null);
  }

  private static MayflyException invalid(
      String text, @org.jspecify.annotations.Nullable Throwable cause) {
    return new MayflyException(
        ErrorCode.ARGUMENT_INVALID,
        "resume token '%s': expected one of ours".formatted(text),
        cause);
  }
}
