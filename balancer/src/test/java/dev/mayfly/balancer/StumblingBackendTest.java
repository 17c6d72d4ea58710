package dev.mayfly.balancer;

import static dev.mayfly.balancer.TestBalancers.CONFIG;
import static dev.mayfly.balancer.TestBalancers.PATIENCE;
import static dev.mayfly.balancer.TestBalancers.balancer;
import static dev.mayfly.balancer.TestBalancers.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Backends that take connections and do not serve them. */
@Timeout(120)
class StumblingBackendTest {
  private static final BalancerConfig.Limits LIMITS = BalancerConfig.Limits.defaults();

  private static BackendStatus status(Balancer balancer, TestBackend backend) {
    return balancer.backends().stream()
        .filter(each -> each.id().equals(backend.backend().id()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void endBeforeTheFirstByte_asOfOneThatIsKilled_anotherServes() throws Exception {
    try (TestBackend ending = new TestBackend(socket -> socket.close());
        TestBackend good = TestBackend.named("good");
        Balancer balancer = balancer(CONFIG, ending.backend(), good.backend())) {
      for (int i = 0; i < 10; i++) {
        assertThat(TestClient.greeting(balancer)).isEqualTo("good");
      }

      assertThat(ending.accepted).hasPositiveValue();
      assertThat(status(balancer, ending).state()).isEqualTo("up");
    }
  }

  @Test
  void endBeforeTheFirstByte_ofTheOnlyBackend_isPassedOnInTheEnd() throws Exception {
    try (TestBackend ending = new TestBackend(socket -> socket.close());
        Balancer balancer =
            balancer(CONFIG.withLimits(LIMITS.withRetriesMax(1)), ending.backend())) {
      assertThat(TestClient.greeting(balancer)).isEqualTo("end");
      assertThat(ending.accepted).hasValue(2);
    }
  }

  @Test
  void breakOfEachConnection_putsTheBackendAside() throws Exception {
    BalancerConfig config = CONFIG.withLimits(LIMITS.withEjection(3, Duration.ofHours(1)));
    try (TestBackend breaking =
            new TestBackend(
                socket -> {
                  socket.setSoLinger(true, 0);
                  socket.close();
                });
        TestBackend good = TestBackend.named("good");
        Balancer balancer = balancer(config, breaking.backend(), good.backend())) {
      for (int i = 0; i < 10; i++) {
        assertThat(TestClient.greeting(balancer)).isEqualTo("good");
      }

      assertThat(status(balancer, breaking).state()).isEqualTo("ejected");
      assertThat(breaking.accepted).hasValue(3);
    }
  }

  @Test
  void drainTimeUp_connectionIsBroken_sinceAnEndWouldLookWhole() throws Exception {
    BalancerConfig config = CONFIG.withLimits(LIMITS.withDrainTime(Duration.ofMillis(50)));
    try (TestBackend one = TestBackend.named("1");
        Balancer balancer = balancer(config, one.backend());
        TestClient client = new TestClient(balancer)) {
      assertThat(client.line()).isEqualTo("1");

      balancer.drain(one.backend().id());

      assertThat(client.line()).isEqualTo("break");
    }
  }

  @Test
  void balancerClosed_connectionIsBroken() throws Exception {
    try (TestBackend one = TestBackend.named("1");
        Balancer balancer = balancer(CONFIG, one.backend());
        TestClient client = new TestClient(balancer)) {
      assertThat(client.line()).isEqualTo("1");

      end(balancer);

      assertThat(client.line()).isEqualTo("break");
    }
  }

  @Test
  void backendWithANameForAnAddress_isPassedOver() throws Exception {
    try (TestBackend one = TestBackend.named("1");
        Balancer balancer = balancer(CONFIG, Backend.of("no-address", 80), one.backend())) {
      assertThat(balancer.backends()).hasSize(1);
      assertThat(TestClient.greeting(balancer)).isEqualTo("1");
    }
  }

  @Test
  void breakBehindTheQuestion_isPassedOnAndLeavesNothingOpen() throws Exception {
    try (TestBackend stalled = new TestBackend(socket -> {});
        Balancer balancer = balancer(CONFIG, stalled.backend())) {
      try (TestClient client = new TestClient(balancer)) {
        client.send("question\n");
        await().atMost(PATIENCE).until(() -> status(balancer, stalled).bytesIn() > 0);
        assertThat(status(balancer, stalled).connections()).isOne();
        stalled.breakAll();
        assertThat(client.line()).isEqualTo("break");
      }
      await().atMost(PATIENCE).until(() -> status(balancer, stalled).connections() == 0);
      assertThat(status(balancer, stalled).errors()).isOne();
    }
  }
}
