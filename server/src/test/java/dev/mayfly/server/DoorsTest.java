package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DoorsTest {
  private final List<String> stopped = new ArrayList<>();
  private final Doors doors = new Doors();

  private void open(String name, Future<Void> closing) {
    doors.begin(
        new ListenAddress.Tcp("127.0.0.1", 0),
        new Door(
            name,
            address -> Future.succeededFuture(1),
            drain -> {
              stopped.add(name);
              return closing;
            }));
    doors.awaitOpen();
  }

  @Test
  void close_all_closeInTurnTheLastOneFirst() {
    open("one", Future.succeededFuture());
    open("two", Future.succeededFuture());

    assertThat(doors.close(() -> Duration.ZERO)).isTrue();
    assertThat(stopped).containsExactly("two", "one");
  }

  @Test
  void close_oneThatDoesNotEnd_isToldAndTheOthersCloseAllTheSame() {
    open("one", Future.succeededFuture());
    open("stuck", Promise.<Void>promise().future());

    assertThat(doors.close(() -> Duration.ZERO)).isFalse();
    assertThat(stopped).containsExactly("stuck", "one");
  }

  @Test
  void close_oneThatFails_isTold() {
    open("broken", Future.failedFuture(new IOException("a fault of the test")));

    assertThat(doors.close(() -> Duration.ZERO)).isFalse();
  }
}
