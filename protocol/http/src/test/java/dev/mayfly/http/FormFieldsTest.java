package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.store.MayflyException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormFieldsTest {
  private static String data(String form) {
    FormFields fields = new FormFields();
    fields.addEncoded(form);
    byte[] data = Objects.requireNonNull(fields.post().data());
    return new String(data, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data[a]=1|{\"a\":\"1\"}",
        "data[a]=1&data[a]=2|{\"a\":\"2\"}",
        "data[a]|{\"a\":\"\"}",
        "data%5Ba%5D=%22|{\"a\":\"\\\"\"}",
        "data[a][b][c]=1&data[a][b][d]=2|{\"a\":{\"b\":{\"c\":\"1\",\"d\":\"2\"}}}",
        "data[a][]=1&data[a][]=2|{\"a\":[\"1\",\"2\"]}",
        "data[a][][x]=1&data[a][][x]=2|{\"a\":[{\"x\":\"1\"},{\"x\":\"2\"}]}",
        "data[a]=1&data[a][b]=2|{\"a\":{\"b\":\"2\"}}",
        "data[a][b]=1&data[a][]=2|{\"a\":[\"2\"]}",
        "data[]]=1|{\"]\":\"1\"}",
        "data=1&data[a]=2|{\"a\":\"2\"}",
      })
  void addEncoded_brackets_makeObjects(String form, String json) {
    assertThat(data(form)).isEqualTo(json);
  }

  @Test
  void post_withoutBrackets_isText() {
    FormFields fields = new FormFields();
    fields.addEncoded("key=a%2Bb&data=x&ttl=5&[x]=1&other[=2".getBytes(StandardCharsets.UTF_8));

    CachePost post = fields.post();

    assertThat(post.key()).isEqualTo("a+b");
    assertThat(post.dataGiven()).isTrue();
    assertThat(post.data()).isNull();
    assertThat(post.ttl()).isEqualTo("5");
  }

  @Test
  void add_tooDeep_isRefused() {
    data("data" + "[a]".repeat(31) + "=1");

    assertThatThrownBy(() -> data("data" + "[a]".repeat(32) + "=1"))
        .isInstanceOf(MayflyException.class)
        .hasMessageContaining("levels");
  }

  @Test
  void add_tooMany_isRefused() {
    data("data[a]=1&".repeat(10_000));

    assertThatThrownBy(() -> data("data[a]=1&".repeat(10_001)))
        .isInstanceOf(MayflyException.class)
        .hasMessageContaining("fields");
  }

  @Test
  void add_tooManyNames_isRefused() {
    String field = "data" + "[a]".repeat(31) + "=1&";
    data(field.repeat(40_000 / 32));

    assertThatThrownBy(() -> data(field.repeat(40_000 / 32 + 1)))
        .isInstanceOf(MayflyException.class)
        .hasMessageContaining("expected at most 40000 names");
  }
}
