package dev.mayfly.balancer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which containers of a Docker or Podman engine are backends, and how its API is reached.
 * Immutable.
 *
 * @param api {@code unix:///path}, a path, or an {@code http}, {@code https} or {@code tcp} URL
 * @param certificates a folder with {@code ca.pem} and, if the engine wants to know its client,
 *     {@code cert.pem} and {@code key.pem}; null for what Java believes
 * @param label whose value has to be {@code service}
 * @param port the containers' port; 0 for the only one that a container exposes. The container's
 *     label {@code dev.mayfly.port} goes before it
 * @param network whose addresses are used; null for one that the balancer's own container is in
 *     too, or else the first by name
 * @param self the balancer's own container, by id or name; null if it is in none
 * @param interval how often all containers are listed even if no event tells of a change
 */
public record DockerConfig(
    String api,
    @Nullable Path certificates,
    String label,
    String service,
    int port,
    @Nullable String network,
    @Nullable String self,
    Duration interval) {
  /** Where an engine listens unless told otherwise. */
  public static final String DEFAULT_API = "/var/run/docker.sock";

  /** The label by which Compose names a service. */
  public static final String DEFAULT_LABEL = "com.docker.compose.service";

  /** Checks the ranges. */
  public DockerConfig {
    if (service.isEmpty() || label.isEmpty()) {
      throw new IllegalArgumentException("a service and a label: expected some text");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + ": expected 1 to 65535");
    }
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("listing interval: expected more than 0");
    }
  }

  /** The containers of a Compose service, listed every five seconds. */
  public static DockerConfig of(String api, String service, int port) {
    return new DockerConfig(
        api, null, DEFAULT_LABEL, service, port, null, null, Duration.ofSeconds(5));
  }

  boolean selects(@Nullable Object labels) {
    return labels instanceof Map<?, ?> map && service.equals(map.get(label));
  }
}
