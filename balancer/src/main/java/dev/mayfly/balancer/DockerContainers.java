package dev.mayfly.balancer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns what an engine says of its containers into backends.
 *
 * <p>Confined to one thread. A container that cannot be used is logged once.
 */
final class DockerContainers {
  private static final Logger LOG = Logger.getLogger(DockerContainers.class.getName());
  private static final String PORT_LABEL = "dev.mayfly.port";
  private static final String WEIGHT_LABEL = "dev.mayfly.weight";
  private static final String DRAIN_LABEL = "dev.mayfly.drain";
  private static final int ID_LENGTH = 12;

  private final DockerConfig config;
  private Set<String> unusable = new HashSet<>();

  DockerContainers(DockerConfig config) {
    this.config = config;
  }

  /** The ids of the containers in a list that are running and ours. */
  List<String> ids(@Nullable Object list) {
    List<String> ids = new ArrayList<>();
    for (Object container : JsonTree.elements(list)) {
      if (isOurs(container)) {
        ids.add(JsonTree.text(container, "Id"));
      }
    }
    return ids;
  }

  private boolean isOurs(@Nullable Object container) {
    return config.selects(JsonTree.member(container, "Labels"))
        && JsonTree.text(container, "State").equals("running")
        && !JsonTree.text(container, "Id").isEmpty();
  }

  /**
   * The backends in a list.
   *
   * @param unwell ids of containers that the engine, asked for each, called other than healthy
   * @param shared the networks that the balancer is in
   */
  List<Backend> backends(@Nullable Object list, Set<String> unwell, Set<String> shared) {
    List<Backend> backends = new ArrayList<>();
    Set<String> problems = new HashSet<>();
    for (Object container : JsonTree.elements(list)) {
      String id = JsonTree.text(container, "Id");
      if (!isOurs(container) || unwell.contains(id) || !isWell(container)) {
        continue;
      }
      try {
        backends.add(backend(container, id, shared));
      } catch (IllegalArgumentException e) {
        problems.add(id);
        if (!unusable.contains(id)) {
          LOG.log(
              Level.WARNING,
              "a container cannot be used",
              new Object[] {"container", name(container, id), "why", e.getMessage()});
        }
      }
    }
    unusable = problems;
    return backends;
  }

  /** Docker tells health in the status alone: {@code Up 4 seconds (healthy)}. */
  private static boolean isWell(@Nullable Object container) {
    String status = JsonTree.text(container, "Status");
    return !status.contains("(unhealthy)")
        && !status.contains("(health: starting)")
        && !status.contains("(starting)");
  }

  /** Whether an inspected container is well: one without a health check is. */
  static boolean isWellInspected(@Nullable Object inspected) {
    Object state = JsonTree.member(inspected, "State");
    String status = JsonTree.text(state, "Health", "Status");
    if (status.isEmpty()) {
      status = JsonTree.text(state, "Healthcheck", "Status");
    }
    return status.isEmpty() || status.equals("none") || status.equals("healthy");
  }

  private Backend backend(@Nullable Object container, String id, Set<String> shared) {
    Object labels = JsonTree.member(container, "Labels");
    String weight = JsonTree.text(labels, WEIGHT_LABEL);
    boolean drains = JsonTree.text(labels, DRAIN_LABEL).equals("true");
    return new Backend(
        name(container, id),
        address(container, shared),
        port(container, labels),
        weight.isEmpty() ? 1 : number(WEIGHT_LABEL, weight),
        drains);
  }

  /** Its first name; the engine's are unique, and say more than an id. */
  private static String name(@Nullable Object container, String id) {
    List<@Nullable Object> names = JsonTree.elements(JsonTree.member(container, "Names"));
    Object first = names.isEmpty() ? null : names.getFirst();
    if (first instanceof String name && name.length() > 1) {
      return name.startsWith("/") ? name.substring(1) : name;
    }
    return id.substring(0, Math.min(ID_LENGTH, id.length()));
  }

  private String address(@Nullable Object container, Set<String> shared) {
    if (JsonTree.text(container, "HostConfig", "NetworkMode").equals("host")) {
      return "127.0.0.1";
    }
    Object networks = JsonTree.member(JsonTree.member(container, "NetworkSettings"), "Networks");
    List<String> names = JsonTree.names(networks);
    String wanted = config.network();
    for (String name : names) {
      boolean fits =
          wanted != null
              ? name.equals(wanted) || name.endsWith("_" + wanted)
              : shared.isEmpty() || shared.contains(name);
      String address = fits ? address(JsonTree.member(networks, name)) : "";
      if (!address.isEmpty()) {
        return address;
      }
    }
    throw new IllegalArgumentException(
        "no address in "
            + (wanted != null ? "network " + wanted : "a network of the balancer's")
            + ": it is in "
            + names);
  }

  private static String address(@Nullable Object network) {
    String four = JsonTree.text(network, "IPAddress");
    return four.isEmpty() ? JsonTree.text(network, "GlobalIPv6Address") : four;
  }

  private int port(@Nullable Object container, @Nullable Object labels) {
    String label = JsonTree.text(labels, PORT_LABEL);
    if (!label.isEmpty()) {
      return number(PORT_LABEL, label);
    }
    if (config.port() != 0) {
      return config.port();
    }
    Set<String> exposed = new TreeSet<>();
    for (Object each : JsonTree.elements(JsonTree.member(container, "Ports"))) {
      if (JsonTree.text(each, "Type").equals("tcp")) {
        exposed.add(JsonTree.text(each, "PrivatePort"));
      }
    }
    if (exposed.size() != 1) {
      throw new IllegalArgumentException("which port? It exposes " + exposed);
    }
    return number("its port", exposed.iterator().next());
  }

  private static int number(String what, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(what + " '" + text + "': expected a number", e);
    }
  }
}
