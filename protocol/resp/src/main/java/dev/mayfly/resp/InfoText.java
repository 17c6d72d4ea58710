package dev.mayfly.resp;

import dev.mayfly.store.EventKind;
import dev.mayfly.store.StoreStats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What INFO tells, in the sections and under the names that monitoring tools read. A figure that
 * has no meaning here is left out. Stateless.
 */
final class InfoText {
  private static final List<String> ALL = List.of("all", "everything");
  private static final String DEFAULT = "default";

  /** What only INFO ALL tells, or INFO with the name. */
  private static final String COMMANDS = "Commandstats";

  private static final long KIBIBYTE = 1024;

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
    if (wanted.isEmpty()) {
      return !section.equals(COMMANDS);
    }
    return wanted.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .anyMatch(
            name ->
                ALL.contains(name)
                    || (name.equals(DEFAULT) && !section.equals(COMMANDS))
                    || name.equals(section.toLowerCase(Locale.ROOT)));
  }

  private Map<String, Map<String, Object>> sections(StoreStats stats) {
    RespStats done = door.recentStats();
    Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
    sections.put("Server", server());
    sections.put("Clients", clients());
    sections.put("Memory", memory(stats));
    sections.put("Persistence", persistence());
    sections.put("Stats", stats(stats, done));
    sections.put("Replication", replication());
    sections.put("CPU", cpu());
    sections.put(COMMANDS, commands(done));
    sections.put("Errorstats", errors());
    sections.put("Cluster", Map.of("cluster_enabled", 0));
    sections.put("Keyspace", keyspace(stats));
    return sections;
  }

  private Map<String, Object> server() {
    long up = (door.store().time().millis() - door.startedMillis()) / 1000;
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("server_name", "mayfly");
    fields.put("mayfly_version", door.config().version());
    fields.put("redis_version", Original.VERSION);
    fields.put("redis_mode", "standalone");
    fields.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    fields.put("arch_bits", 64);
    fields.put("process_id", ProcessHandle.current().pid());
    fields.put("tcp_port", Math.max(0, door.port()));
    fields.put("server_time_usec", door.store().time().millis() * 1000);
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
    fields.put("used_memory_human", shown(stats.usedBytes() + heap));
    residentBytes().ifPresent(bytes -> fields.put("used_memory_rss", bytes));
    fields.put("used_memory_dataset", stats.usedBytes());
    fields.put("maxmemory", stats.usedBytesMax());
    fields.put("maxmemory_human", shown(stats.usedBytesMax()));
    fields.put("maxmemory_policy", door.config().maxmemoryPolicy());
    return fields;
  }

  private static String shown(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= KIBIBYTE && unit < "BKMGT".length() - 1) {
      amount /= KIBIBYTE;
      unit++;
    }
    return unit == 0
        ? bytes + "B"
        : String.format(Locale.ROOT, "%.2f%c", amount, "BKMGT".charAt(unit));
  }

  /** What the system says that the process takes; empty where it says nothing. */
  private static OptionalLong residentBytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.US_ASCII).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> KIBIBYTE * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static Map<String, Object> persistence() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("loading", 0);
    fields.put("async_loading", 0);
    fields.put("aof_enabled", 0);
    return fields;
  }

  /** How often each command was sent; its time by those calls that were timed. */
  private static Map<String, Object> commands(RespStats done) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (CommandCount each : done.commands()) {
      if (each.calls() > 0) {
        long micros = each.estimatedMicros();
        fields.put(
            "cmdstat_" + each.command(),
            String.format(
                Locale.ROOT,
                "calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=0,failed_calls=%d",
                each.calls(),
                micros,
                (double) micros / each.calls(),
                each.errors()));
      }
    }
    return fields;
  }

  private Map<String, Object> errors() {
    Map<String, Object> fields = new LinkedHashMap<>();
    door.errors().all().forEach((kind, count) -> fields.put("errorstat_" + kind, "count=" + count));
    return fields;
  }

  private Map<String, Object> stats(StoreStats stats, RespStats done) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("total_connections_received", door.connections());
    fields.put("total_commands_processed", done.calls());
    fields.put("total_net_input_bytes", done.receivedBytes());
    fields.put("total_net_output_bytes", done.sentBytes());
    fields.put("rejected_connections", door.connectionsRefused());
    fields.put("expired_keys", stats.events(EventKind.EXPIRED));
    fields.put("evicted_keys", stats.events(EventKind.EXPUNGED));
    fields.put("keyspace_hits", done.hits());
    fields.put("keyspace_misses", done.misses());
    fields.put("total_error_replies", done.errors());
    fields.put("pubsub_channels", door.channels().channels(new Glob(new byte[] {'*'})).size());
    fields.put("pubsub_patterns", door.channels().patterns());
    fields.put("tracking_total_keys", door.tracking().keys());
    fields.put("tracking_total_items", door.tracking().reads());
    fields.put("tracking_total_prefixes", door.tracking().prefixes());
    return fields;
  }

  private static Map<String, Object> replication() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", "master");
    fields.put("connected_slaves", 0);
    fields.put("master_repl_offset", 0);
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
