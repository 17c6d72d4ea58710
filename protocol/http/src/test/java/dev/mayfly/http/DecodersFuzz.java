package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Whatever bytes come, a decoder gives a result or a refusal of the caller's kind. Run with {@code
 * make fuzz}; a plain test run tries the corpus alone.
 */
class DecodersFuzz {
  private static final int PARAMETER_BYTES = 12;
  private static final int OPERATIONS_MAX = 10;

  @FuzzTest(maxDuration = "1m")
  void batch(byte[] document) {
    attempt(
        () ->
            assertThat(BatchCodec.decode(document, OPERATIONS_MAX, TestDoor.RULES))
                .hasSizeLessThanOrEqualTo(OPERATIONS_MAX));
  }

  @FuzzTest(maxDuration = "1m")
  void cachePost(byte[] document) {
    attempt(() -> checkPost(CachePost.ofJson(document)));
  }

  @FuzzTest(maxDuration = "1m")
  void form(byte[] body) {
    attempt(
        () -> {
          FormFields fields = new FormFields();
          fields.addEncoded(body);
          checkPost(fields.post());
        });
  }

  @FuzzTest(maxDuration = "1m")
  void multipart(byte[] input) {
    int split = Math.min(input.length, PARAMETER_BYTES);
    String parameter = new String(input, 0, split, StandardCharsets.ISO_8859_1);
    String contentType = "multipart/form-data; " + parameter;
    byte[] body = Arrays.copyOfRange(input, split, input.length);
    attempt(
        () -> {
          FormFields fields = new FormFields();
          MultipartCodec.decode(contentType, body, fields);
          checkPost(fields.post());
        });
  }

  @FuzzTest(maxDuration = "1m")
  void requestTarget(byte[] bytes) {
    String target = new String(bytes, StandardCharsets.ISO_8859_1);
    QueryString query = new QueryString(target);
    byte[] value = query.bytes("k");
    assertThat(value == null).isEqualTo(query.raw("k") == null);
    assertThat(Route.of("/v1/keys/" + target)).isNotNull();
    byte[] strict = PercentCodec.decodeStrict(target);
    if (strict != null) {
      assertThat(PercentCodec.decodeLenient(target, false)).isEqualTo(strict);
    }
    assertThat(EntityTags.isKnown(target, 1)).isIn(true, false);
  }

  private static void checkPost(CachePost post) {
    byte[] data = post.data();
    if (data != null) {
      assertThat(JsonCopy.isObject(data)).isTrue();
    }
    assertThat(post.lifespan()).isNotNull();
  }

  private static void attempt(Runnable decoding) {
    try {
      decoding.run();
    } catch (MayflyException e) {
      assertThat(e.code().kind()).isEqualTo(ErrorCode.Kind.CALLER);
    }
  }
}
