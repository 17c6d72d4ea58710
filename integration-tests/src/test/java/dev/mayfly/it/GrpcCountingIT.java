package dev.mayfly.it;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Counters, limits and Envoy's rate limit service, as clients in another language see them. */
@Timeout(180)
class GrpcCountingIT {
  private static final String RULES =
      """
      domain: edge
      headers: { limit: X-Limit, remaining: X-Remaining, reset: X-Reset }
      descriptors:
        - key: ip
          rate_limit: { name: few, unit: hour, requests_per_unit: 2 }
      """;

  @TempDir Path folder;

  @Test
  void countersLimitsAndEnvoy_areServed() throws Exception {
    Path rules = Files.writeString(folder.resolve("rules.yaml"), RULES);
    try (ServerFixture server = ServerFixture.start(folder, "--ratelimit-rules=" + rules)) {
      InetSocketAddress monitor = server.monitor();
      NodeProcess.test(
          "counting.mjs",
          server.grpc(),
          Map.of(
              "RULES",
              rules.toString(),
              "MONITOR",
              monitor.getHostString() + ":" + monitor.getPort()));
    }
  }
}
