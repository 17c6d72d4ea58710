package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HttpTrafficTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final HttpTraffic traffic = new HttpTraffic();

  @Test
  void refresh_requests_areToldByRouteAndStatus() {
    traffic.bindTo(registry);
    traffic.onRequest("/get", 200, 3_000_000);
    traffic.refresh();
    traffic.onRequest("/get", 200, 5_000_000);
    traffic.onRequest("/get", 404, 1_000_000);
    traffic.refresh();

    var ok = registry.get("mayfly.http.requests").tags("route", "/get", "status", "200");
    assertThat(ok.functionTimer().count()).isEqualTo(2);
    assertThat(ok.functionTimer().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(8);
    var missing = registry.get("mayfly.http.requests").tags("status", "404");
    assertThat(missing.functionTimer().count()).isEqualTo(1);
  }

  @Test
  void onRequest_endlessOutcomes_areBounded() {
    traffic.bindTo(registry);
    for (int i = 0; i < 5000; i++) {
      traffic.onRequest("/made-up/" + i, 200, 1);
    }
    traffic.refresh();

    assertThat(registry.find("mayfly.http.requests").functionTimers()).hasSize(2000);
  }

  @Test
  void connections_openedAndClosed_areCounted() {
    traffic.bindTo(registry);
    traffic.onConnectionOpened();
    traffic.onConnectionOpened();
    traffic.onConnectionClosed();
    traffic.onConnectionRefused();

    assertThat(registry.get("mayfly.http.connections").gauge().value()).isEqualTo(1);
    assertThat(registry.get("mayfly.http.connections.opened").functionCounter().count())
        .isEqualTo(2);
    assertThat(registry.get("mayfly.http.connections.refused").functionCounter().count())
        .isEqualTo(1);
  }
}
