package dev.mayfly.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The names under which the programs that mayfly replaces were configured. None is read; where one
 * is present, a warning says what replaces it.
 */
final class OldNames {
  private static final String PREFIX = "KEYQUARRY_";
  private static final String LATER = "";
  private static final String GUIDE = "docs/migrating/keyquarry.md";

  /** By the part after the prefix; {@link #LATER} for what this version does not have. */
  private static final Map<String, String> REPLACEMENTS =
      Map.ofEntries(
          Map.entry("LISTEN_ADDRESS", "grpc.address"),
          Map.entry("NAME", "name"),
          Map.entry("GRACEFUL_STOP_TIMEOUT", "stop-timeout"),
          Map.entry("LOG_LEVEL", "log.level"),
          Map.entry("LOG_JSON", "log.format"),
          Map.entry("LOG_EVENTS", LATER),
          Map.entry("MAX_KEY_LENGTH", "max-key-length"),
          Map.entry("MAX_VALUE_SIZE", "max-value-size"),
          Map.entry("MAX_KEYS", "max-keys"),
          Map.entry("MIN_LOCK_DURATION", "min-lock-duration"),
          Map.entry("MAX_LOCK_DURATION", "max-lock-duration"),
          Map.entry("MIN_LIFESPAN", "min-lifespan"),
          Map.entry("REVISION_LIMIT", "revision-limit"),
          Map.entry("KEEP_DELETED_KEY_HISTORY", "keep-deleted-key-history"),
          Map.entry("DELETED_KEY_HISTORY_MAX_AGE", "deleted-key-history-max-age"),
          Map.entry("SNAPSHOT_ENABLED", "durability"),
          Map.entry("SNAPSHOT_INTERVAL", "snapshot.interval"),
          Map.entry("SNAPSHOT_DATABASE", "database"),
          Map.entry("START_FRESH", "fresh"),
          Map.entry("PRUNE_INTERVAL", "prune.interval"),
          Map.entry("PRUNE_AT", "prune.at"),
          Map.entry("PRUNE_TO", "prune.to"),
          Map.entry("PRUNE_THRESHOLD", "prune.at"),
          Map.entry("PRUNE_TARGET", "prune.to"),
          Map.entry("EAGER_PRUNE", "prune.eager-at"),
          Map.entry("EAGER_PRUNE_AT", "prune.eager-at"),
          Map.entry("EAGER_PRUNE_TO", "prune.eager-to"),
          Map.entry("EVENT_STREAM_BUFFER_SIZE", "events.max-bytes"),
          Map.entry("PRIVILEGED_CLIENT_ID", "privileged-client-id"),
          Map.entry("READONLY", "readonly"),
          Map.entry("MONITOR_ADDRESS", "monitor.address"),
          Map.entry("PROMETHEUS", "metrics"),
          Map.entry("METRICS", "metrics"));

  private OldNames() {}

  static List<String> warnings(Surroundings surroundings) {
    List<String> warnings = new ArrayList<>();
    new TreeMap<>(surroundings.environment())
        .keySet()
        .forEach(
            name -> {
              if (name.startsWith(PREFIX)) {
                warnings.add(keyquarry(name));
              }
            });
    Map<String, String> environment = surroundings.environment();
    if (environment.containsKey("DRACULA_SECRET")) {
      warnings.add(
          "DRACULA_SECRET is not read: MAYFLY_COUNTER_SECRET replaces it"
              + " (docs/migrating/dracula.md)");
    }
    if (environment.containsKey("MESH_NETWORK_URL")) {
      warnings.add(
          "MESH_NETWORK_URL is not read: this version runs as one node (docs/migrating/nkvd.md)");
    }
    if (environment.containsKey("UPLINK_NODE")) {
      warnings.add(
          "UPLINK_NODE is not read: this version runs as one node (docs/migrating/smache.md)");
    }
    for (Path file : oldFiles(surroundings)) {
      warnings.add("%s is not read: mayfly.yaml replaces it (%s)".formatted(file, GUIDE));
    }
    return warnings;
  }

  /** The options that replace something. */
  static Set<String> replacements() {
    Set<String> names = new TreeSet<>(REPLACEMENTS.values());
    names.remove(LATER);
    return names;
  }

  private static String keyquarry(String variable) {
    String option =
        REPLACEMENTS.getOrDefault(
            variable.substring(PREFIX.length()).toUpperCase(Locale.ROOT), LATER);
    return option.isEmpty()
        ? "%s is not read, and nothing replaces it in this version (%s)".formatted(variable, GUIDE)
        : "%s is not read: %s replaces it (%s)".formatted(variable, Option.variable(option), GUIDE);
  }

  private static List<Path> oldFiles(Surroundings surroundings) {
    return surroundings.configFolders().stream()
        .map(
            folder ->
                folder.equals(surroundings.workingFolder())
                    ? folder.resolve("keyquarry.yaml")
                    : folder.resolveSibling("keyquarry/keyquarry.yaml"))
        .filter(Files::isRegularFile)
        .toList();
  }
}
