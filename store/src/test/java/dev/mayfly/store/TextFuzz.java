package dev.mayfly.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * The decoders of this room against any bytes: they answer, or refuse in their own words, and what
 * they encode they decode again. Run with {@code make fuzz}; a plain test run tries the corpus
 * alone.
 */
class TextFuzz {
  @FuzzTest(maxDuration = "1m")
  void duration_anyText_isReadOrRefused(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Duration duration;
    try {
      duration = DurationCodec.decode(text);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("invalid duration");
      return;
    }
    assertThat(DurationCodec.decode(DurationCodec.encode(duration))).isEqualTo(duration);
  }

  @FuzzTest(maxDuration = "1m")
  void byteSize_anyText_isReadOrRefused(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    ByteSize size;
    try {
      size = ByteSize.parse(text);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(ByteSize.parse(size.toString())).isEqualTo(size);
  }

  @FuzzTest(maxDuration = "1m")
  void resumeToken_anyText_isReadOrRefused(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    ResumeToken token;
    try {
      token = ResumeToken.decode(text);
    } catch (MayflyException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.ARGUMENT_INVALID);
      return;
    }
    assertThat(ResumeToken.decode(token.encode())).isEqualTo(token);
  }

  @FuzzTest(maxDuration = "1m")
  void pattern_anyText_compilesOrIsRefused(byte[] input) {
    int half = input.length / 2;
    String text = new String(input, 0, half, StandardCharsets.UTF_8);
    try {
      KeyFilter filter = KeyFilter.pattern(new byte[0], text);
      filter.accepts(Arrays.copyOfRange(input, half, input.length));
    } catch (MayflyException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.PATTERN_INVALID);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void contentType_anyBytes_hasOne(byte[] input) {
    assertThat(ContentTypes.detect(input).isEmpty()).isEqualTo(input.length == 0);
  }
}
