package dev.mayfly.resp;

import dev.mayfly.store.EventKind;
import dev.mayfly.store.StoreStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What INFO tells, in the sections and under the names that monitoring tools read. A figure that
 * has no meaning here is left out. Stateless.
 */
final class InfoText {
  private static final List<String> EVERYTHING = List.of("all", "everything", "default");

  private final RespDoor door;

  InfoText(RespDoor door) {
    this.door = door;
  }

  /** The sections of these names; all of them when none is named. */
  String of(List<String> wanted) {
    StoreStats stats = door.store().keyspace().stats();
    StringBuilder text = new StringBuilder();
    sections(stats)
        .forEach(
            (name, fields) -> {
              if (isWanted(name, wanted)) {
                text.append(text.isEmpty() ? "" : "\r\n").append("# ").append(name).append("\r\n");
                fields.forEach((k, v) -> text.append(k).append(':').append(v).append("\r\n"));
              }
            });
    return text.toString();
  }

  private static boolean isWanted(String section, List<String> wanted) {
    return wanted.isEmpty()
        || wanted.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .anyMatch(
                name -> EVERYTHING.contains(name) || name.equals(section.toLowerCase(Locale.ROOT)));
  }

  private Map<String, Map<String, Object>> sections(StoreStats stats) {
    Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
    sections.put("Server", server());
    sections.put("Clients", clients());
    sections.put("Memory", memory(stats));
    sections.put("Persistence", Map.of("loading", 0));
    sections.put("Stats", stats(stats));
    sections.put("Replication", replication());
    sections.put("CPU", cpu());
    sections.put("Keyspace", keyspace(stats));
    return sections;
  }

  private Map<String, Object> server() {
    long up = (door.store().time().millis() - door.startedMillis()) / 1000;
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("server_name", "mayfly");
    fields.put("mayfly_version", door.config().version());
    // Tools take what the server can do from this one.
    fields.put("redis_version", "7.0.0");
    fields.put("redis_mode", "standalone");
    fields.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    fields.put("process_id", ProcessHandle.current().pid());
    fields.put("tcp_port", Math.max(0, door.port()));
    fields.put("uptime_in_seconds", up);
    fields.put("uptime_in_days", up / 86_400);
    return fields;
  }

  private Map<String, Object> clients() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("connected_clients", door.sessions().size());
    fields.put("maxclients", door.config().connectionsMax());
    fields.put("blocked_clients", 0);
    fields.put("tracking_clients", door.tracking().clients());
    fields.put("pubsub_clients", door.sessions().stream().filter(s -> s.subscribed() > 0).count());
    return fields;
  }

  private Map<String, Object> memory(StoreStats stats) {
    Runtime runtime = Runtime.getRuntime();
    long heap = runtime.totalMemory() - runtime.freeMemory();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("used_memory", stats.usedBytes() + heap);
    fields.put("used_memory_dataset", stats.usedBytes());
    fields.put("maxmemory", stats.usedBytesMax());
    fields.put("maxmemory_policy", door.config().maxmemoryPolicy());
    return fields;
  }

  private Map<String, Object> stats(StoreStats stats) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("total_connections_received", door.connections());
    fields.put("total_commands_processed", door.commands().sum());
    fields.put("expired_keys", stats.events(EventKind.EXPIRED));
    fields.put("evicted_keys", stats.events(EventKind.EXPUNGED));
    fields.put("pubsub_channels", door.channels().channels(new Glob(new byte[] {'*'})).size());
    fields.put("pubsub_patterns", door.channels().patterns());
    fields.put("tracking_total_items", door.tracking().reads());
    return fields;
  }

  private static Map<String, Object> replication() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", "master");
    fields.put("connected_slaves", 0);
    return fields;
  }

  private static Map<String, Object> cpu() {
    double seconds =
        ProcessHandle.current()
            .info()
            .totalCpuDuration()
            .map(used -> used.toNanos() / 1e9)
            .orElse(0.0);
    return Map.of("used_cpu_user", String.format(Locale.ROOT, "%.6f", seconds));
  }

  private static Map<String, Object> keyspace(StoreStats stats) {
    return stats.keys() == 0
        ? Map.of()
        : Map.of("db0", "keys=%d,expires=%d,avg_ttl=0".formatted(stats.keys(), stats.lifespans()));
  }
}
