package dev.mayfly.cli;

import dev.mayfly.server.ConfigException;
import dev.mayfly.server.ConfigLoader;
import dev.mayfly.server.ConfigReport;
import dev.mayfly.server.LoadedConfig;
import dev.mayfly.server.Surroundings;
import java.io.IOException;
import java.util.List;

/** {@code mayfly config}. */
final class ConfigCommand implements Command {
  @Override
  public String name() {
    return "config";
  }

  @Override
  public String summary() {
    return "Print the configuration that serve would use, with the source of each value.";
  }

  @Override
  public Syntax syntax() {
    return ServerFlags.syntax();
  }

  @Override
  public boolean takesRawWords() {
    return true;
  }

  @Override
  public int run(Session session) throws IOException {
    LoadedConfig loaded = load(session);
    session.out().text(ConfigReport.render(loaded));
    loaded.warnings().forEach(session.diagnostics()::warn);
    return Program.DONE;
  }

  /** The configuration of the words and of this process. */
  static LoadedConfig load(Session session) {
    List<String> words = session.arguments().parameters();
    try {
      return new ConfigLoader(Surroundings.ofProcess()).load(ServerFlags.read(words));
    } catch (ConfigException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }
}
