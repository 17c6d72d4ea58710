package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryStringTest {
  @ParameterizedTest
  @CsvSource({
    "k=a, a",
    "k=, ''",
    "k, ''",
    "k&x=1, ''",
    "x=1&k=a, a",
    "k=a&k=b, a",
    "kk=1&k=a, a",
    "x=k=1&k=a, a",
    "&&k=a&, a",
    "k=a=b, a=b",
    "%6B=a, a",
    "k=a+b%20c%2B, a b c+",
    "k=%, %",
    "k=%4, %4",
    "k=%zz%41, %zzA",
    "k=a?b#c, a?b#c",
  })
  void text_first(String raw, String expected) {
    assertThat(new QueryString(raw).text("k")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"''", "x=1", "kk=1", "K=1", "x=k", "&", "%=1", "%6=1", "%6Bk=1"})
  void text_absent(String raw) {
    assertThat(new QueryString(raw).text("k")).isNull();
    assertThat(new QueryString(raw).bytes("k")).isNull();
    assertThat(new QueryString(raw).raw("k")).isNull();
  }

  @Test
  void bytes_unescapedBytes_areTakenAsTheyAre() {
    assertThat(new QueryString("k=\u00e2\u009c\u0093%ff").bytes("k"))
        .containsExactly(0xe2, 0x9c, 0x93, 0xff);
  }

  @Test
  void decodeStrict_incompleteEscape_isNone() {
    assertThat(PercentCodec.decodeStrict("a%41+")).containsExactly('a', 'A', '+');
    assertThat(PercentCodec.decodeStrict("%4")).isNull();
    assertThat(PercentCodec.decodeStrict("%")).isNull();
    assertThat(PercentCodec.decodeStrict("%g1")).isNull();
    assertThat(PercentCodec.decodeStrict("")).isEmpty();
  }
}
