package dev.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpConfigTest {
  private static HttpConfig config(
      int loops, int body, int header, Duration idle, int connections, int batch, long bodies) {
    return new HttpConfig(
        "1",
        loops,
        body,
        header,
        idle,
        connections,
        batch,
        new HttpConfig.Input(1, 1, bodies, Duration.ofMillis(1)),
        new HttpConfig.Output(1, Duration.ofMillis(1)),
        64,
        256,
        TestDoor.RULES,
        TestDoor.RULES,
        TestDoor.RULES,
        "",
        null);
  }

  private static void assertRefused(
      int loops, int body, int header, Duration idle, int connections, int batch, long bodies) {
    assertThatThrownBy(() -> config(loops, body, header, idle, connections, batch, bodies))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void values_leastOnes_areTaken() {
    assertThat(config(1, 1, 1024, Duration.ofMillis(1), 1, 1, 1).bodyBytesMax()).isEqualTo(1);
  }

  @Test
  void values_outOfRange_areRefused() {
    Duration second = Duration.ofSeconds(1);
    assertRefused(0, 1, 1024, second, 1, 1, 1);
    assertRefused(1, 0, 1024, second, 1, 1, 1);
    assertRefused(1, 1, 1023, second, 1, 1, 1);
    assertRefused(1, 1, 1024, Duration.ZERO, 1, 1, 1);
    assertRefused(1, 1, 1024, second, 0, 1, 1);
    assertRefused(1, 1, 1024, second, 1, 0, 1);
    assertRefused(1, 2, 1024, second, 1, 1, 1);
  }
}
