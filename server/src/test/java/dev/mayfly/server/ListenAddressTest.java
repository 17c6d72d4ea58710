package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:80, 127.0.0.1:80, true",
    "127.9.9.9, 127.9.9.9:8080, true",
    "localhost:0, localhost:0, true",
    ":80, :80, false",
    "0.0.0.0:80, 0.0.0.0:80, false",
    "my-host.example:65535, my-host.example:65535, false",
    "[::1]:80, [::1]:80, true",
    "[::1], [::1]:8080, true",
    "[::]:80, [::]:80, false",
    "unix:///run/mayfly.sock, unix:///run/mayfly.sock, true",
    "off, off, true",
  })
  void parse_address_isKeptAndReadBack(String text, String form, boolean loopback) {
    ListenAddress address = ListenAddress.parse(text, 8080);

    assertThat(address).hasToString(form);
    assertThat(ListenAddress.parse(form, 1)).isEqualTo(address);
    assertThat(address.isLoopback()).isEqualTo(loopback);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'expected host:port, :port, unix:///path or off'",
    "8080, a port alone is written as ':8080'",
    "':', a port is a number from 0 to 65535",
    "host:, a port is a number from 0 to 65535",
    "host:65536, a port is a number from 0 to 65535",
    "host:-1, a port is a number from 0 to 65535",
    "host:http, a port is a number from 0 to 65535",
    "::1, an IPv6 address is written as [::1]:8080",
    "[::1, an IPv6 address is written as [::1]:8080",
    "[host]:80, an IPv6 address is written as [::1]:8080",
    "[::1]80, after ']' only ':port' may follow",
    "300.1.1.1:80, not an IPv4 address",
    "1.2.3:80, not an IPv4 address",
    "1.2.3.4.5:80, not an IPv4 address",
    "1.2.3.:80, not an IPv4 address",
    "1..3.4:80, not an IPv4 address",
    "1.2.3.0004:80, not an IPv4 address",
    "*:80, not a host name or an address",
    "a b:80, not a host name or an address",
    "http://host, an address is not a URL",
    "unix:/run/x, expected unix:///path",
    "unix:///, expected unix:///path",
    "unix://run/x, expected unix:///path",
  })
  void parse_otherText_saysWhatIsWrong(String text, String why) {
    assertThatThrownBy(() -> ListenAddress.parse(text, 8080))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "' is not a")
        .hasMessageEndingWith(why);
  }
}
