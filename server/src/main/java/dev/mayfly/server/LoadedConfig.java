package dev.mayfly.server;

import java.util.List;

/**
 * A configuration together with where each value comes from.
 *
 * <p>Immutable.
 */
public final class LoadedConfig {
  private final MayflyConfig config;
  private final List<Setting> settings;
  private final List<String> warnings;

  LoadedConfig(MayflyConfig config, List<Setting> settings, List<String> warnings) {
    this.config = config;
    this.settings = List.copyOf(settings);
    this.warnings = List.copyOf(warnings);
  }

  /** The values. */
  public MayflyConfig config() {
    return config;
  }

  /** What the person who started the server should know about the sources; one line each. */
  public List<String> warnings() {
    return warnings;
  }

  /** One for each option, in the order of the schema. */
  List<Setting> settings() {
    return settings;
  }
}
