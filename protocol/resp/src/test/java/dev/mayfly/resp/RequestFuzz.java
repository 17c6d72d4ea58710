package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.jspecify.annotations.Nullable;

/**
 * The parser against any bytes: it gives commands, waits for more, or refuses; however the bytes
 * are cut into pieces, it gives the same commands. Run with {@code make fuzz}.
 */
class RequestFuzz {
  private static final int ARGUMENTS_MAX = 64;
  private static final int BULK_BYTES_MAX = 4096;
  private static final int COMMAND_BYTES_MAX = 8192;

  @FuzzTest(maxDuration = "1m")
  void request_anyBytes_areParsedTheSameInPieces(byte[] input) {
    String whole = parse(input, input.length == 0 ? 1 : input.length);

    assertThat(parse(input, 1)).isEqualTo(whole);
  }

  /** The commands in the input, of which so many bytes more are seen each time. */
  private static String parse(byte[] input, int step) {
    RequestParser parser = new RequestParser(ARGUMENTS_MAX, BULK_BYTES_MAX, COMMAND_BYTES_MAX);
    StringBuilder found = new StringBuilder();
    int at = 0;
    try {
      for (int limit = Math.min(step, input.length); limit <= input.length; limit += step) {
        @Nullable Arguments next = parser.next(input, at, limit);
        while (next != null) {
          at = parser.position();
          found.append(next.count()).append(' ').append(next.name().length).append(';');
          next = parser.next(input, at, limit);
        }
        at = parser.position();
        assertThat(parser.bytesNeeded()).isPositive();
      }
    } catch (RespException e) {
      found.append('!');
    }
    return found.toString();
  }
}
