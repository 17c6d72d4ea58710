package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
  @ParameterizedTest
  @CsvSource({"0, 0s", "1, 0.001s", "50, 0.050s", "1000, 1s", "1800000, 1800s", "1500, 1.500s"})
  void duration_isSeconds(long millis, String text) {
    assertThat(Times.duration(millis)).isEqualTo(text);
  }

  @Test
  void httpDate_isInGreenwich() {
    assertThat(Times.httpDate(784_111_777_000L)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
  }

  @Test
  void write_never_isNothing() {
    String json =
        Json.buffer(
                out -> {
                  out.writeStartObject();
                  Times.write(out, "never", 0);
                  Times.write(out, "once", 1_500);
                  out.writeEndObject();
                })
            .toString();

    assertThat(json).isEqualTo("{\"once\":\"1970-01-01T00:00:01.500Z\"}");
  }
}
