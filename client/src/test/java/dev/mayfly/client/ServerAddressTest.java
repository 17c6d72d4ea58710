package dev.mayfly.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
  @ParameterizedTest
  @CsvSource({
    "db:81,db:81",
    "db,db:8080",
    ":81,127.0.0.1:81",
    "[::1]:81,[::1]:81",
    "[::1],[::1]:8080",
    "http://db:81/,db:81",
    "unix:///run/mayfly.sock,unix:///run/mayfly.sock",
  })
  void parse_ofAnAddress_understandsIt(String text, String address) {
    assertThat(ServerAddress.parse(text)).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "db:",
        "db:0",
        "db:65536",
        "db:+1",
        "db:x",
        "a/b:1",
        "https://db",
        "unix://",
        "[::1",
        "a b"
      })
  void parse_ofSomethingElse_saysWhatWasExpected(String text) {
    assertThatThrownBy(() -> ServerAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("invalid address '" + text + "': ");
  }
}
