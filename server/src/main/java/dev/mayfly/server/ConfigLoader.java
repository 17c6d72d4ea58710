package dev.mayfly.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads the configuration from its sources: a flag wins over the environment, that over the file,
 * and that over the default.
 *
 * <p>Everything that is wrong is found at once and told in one {@link ConfigException}. Not safe
 * for concurrent use; made for one load.
 */
public final class ConfigLoader {
  private static final String PREFIX = "MAYFLY_";

  /** What the launcher and the other commands read. */
  private static final Set<String> NOT_OURS =
      Set.of("MAYFLY_ADDRESS", "MAYFLY_COUNTER_POOL", "MAYFLY_JAVA_HOME", "MAYFLY_JAVA_OPTS");

  /** What Kubernetes puts into every container beside a service whose name begins with mayfly. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "MAYFLY(_[A-Z0-9]+)*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_[A-Z]+(_.*)?)");

  private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

  private final Surroundings surroundings;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /** A loader for a process in these surroundings. */
  public ConfigLoader(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Reads all sources.
   *
   * @param flags each flag with its value, {@code --http} or {@code http.address} alike, the value
   *     of a switch being {@code true}
   * @throws ConfigException if any option is unknown, any value wrong, or values contradict
   */
  public LoadedConfig load(Map<String, String> flags) {
    Map<Option<?>, Setting> found = new HashMap<>();
    merge(found, fromFlags(flags));
    List<Setting> fromEnvironment = fromEnvironment();
    merge(found, fromEnvironment);
    configFile(found).ifPresent(file -> merge(found, fromFile(file)));
    List<Setting> settings = new ArrayList<>();
    for (Option<?> option : Options.all()) {
      Setting given = found.get(option);
      settings.add(given == null ? fallback(option) : given);
    }
    warnings.addAll(OldNames.warnings(surroundings));
    Values values = new Values(settings, surroundings, problems);
    Constraints.check(values, problems, warnings);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new LoadedConfig(MayflyConfig.of(values), settings, List.copyOf(warnings));
  }

  private Setting fallback(Option<?> option) {
    return new Setting(option, option.fallback().text().apply(surroundings), Setting.DEFAULT);
  }

  private static void merge(Map<Option<?>, Setting> found, List<Setting> settings) {
    settings.forEach(setting -> found.putIfAbsent(setting.option(), setting));
  }

  private List<Setting> fromFlags(Map<String, String> flags) {
    OptionNames names = OptionNames.ofFlags();
    Map<Option<?>, Setting> settings = new LinkedHashMap<>();
    flags.forEach(
        (name, text) -> {
          String flag = name.startsWith("--") ? name : Option.flag(name);
          names
              .find(flag)
              .ifPresentOrElse(
                  option -> add(settings, new Setting(option, text, "flag " + flag)),
                  () -> problems.add(names.unknown(flag)));
        });
    return List.copyOf(settings.values());
  }

  private List<Setting> fromEnvironment() {
    OptionNames names = OptionNames.ofEnvironment();
    Map<Option<?>, Setting> settings = new LinkedHashMap<>();
    new TreeMap<>(surroundings.environment())
        .forEach(
            (name, text) -> {
              if (!isOurs(name, text)) {
                return;
              }
              names
                  .find(name)
                  .ifPresentOrElse(
                      option -> add(settings, new Setting(option, text, "environment " + name)),
                      () -> problems.add(names.unknown(name) + " (environment)"));
            });
    return List.copyOf(settings.values());
  }

  private static boolean isOurs(String name, String text) {
    return name.startsWith(PREFIX) && !NOT_OURS.contains(name) && !isServiceLink(name, text);
  }

  private static boolean isServiceLink(String name, String text) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT") && SERVICE_URL.matcher(text).matches());
  }

  private List<Setting> fromFile(Path file) {
    Map<Option<?>, Setting> settings = new LinkedHashMap<>();
    new ConfigFile(file, surroundings.environment(), problems)
        .read()
        .forEach(setting -> add(settings, setting));
    return List.copyOf(settings.values());
  }

  private void add(Map<Option<?>, Setting> settings, Setting setting) {
    if (setting.text().isEmpty()) {
      return;
    }
    Setting before = settings.putIfAbsent(setting.option(), setting);
    if (before != null) {
      problems.add(
          "option '%s' is given twice: %s and %s"
              .formatted(setting.option().name(), before.source(), setting.source()));
    }
  }

  private Optional<Path> configFile(Map<Option<?>, Setting> found) {
    Setting named = found.get(Options.CONFIG);
    if (named != null) {
      Path file = surroundings.workingFolder().resolve(named.text());
      if (!Files.isRegularFile(file)) {
        problems.add("option 'config': no file '%s' (%s)".formatted(named.text(), named.source()));
        return Optional.empty();
      }
      return Optional.of(file);
    }
    List<Path> folders = surroundings.configFolders();
    for (Path folder : folders) {
      if (Files.exists(folder.resolve("mayfly.yml"))) {
        warnings.add(
            "%s is not read: its name must be mayfly.yaml".formatted(folder.resolve("mayfly.yml")));
      }
    }
    return folders.stream()
        .map(folder -> folder.resolve("mayfly.yaml"))
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
