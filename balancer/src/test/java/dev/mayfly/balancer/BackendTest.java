package dev.mayfly.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendTest {
  @Test
  void parse_allWords_areTaken() {
    Backend backend = Backend.parse("[fd00::7]:8080 weight=5, drain");

    assertThat(backend).isEqualTo(new Backend("[fd00::7]:8080", "fd00::7", 8080, 5, true));
  }

  @Test
  void parse_hostAndPort_hasWeightOne() {
    assertThat(Backend.parse("db-1:80")).isEqualTo(new Backend("db-1:80", "db-1", 80, 1, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "db",
        "db:",
        ":80",
        "db:0",
        "db:65536",
        "db:8o",
        "fd00::7:80",
        "db:80 weight=0",
        "db:80 weight=1001",
        "db:80 weight=x",
        "db:80 heavy",
        "http://db:80",
        "a b:80"
      })
  void parse_malformed_isRefused(String text) {
    assertThatThrownBy(() -> Backend.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
