package dev.mayfly.cli;

import dev.mayfly.server.ConfigException;
import dev.mayfly.server.ConfigLoader;
import dev.mayfly.server.ConfigReport;
import dev.mayfly.server.FlagWords;
import dev.mayfly.server.LoadedConfig;
import dev.mayfly.server.Surroundings;
import java.io.IOException;

/** {@code mayfly config}. */
final class ConfigCommand implements Command {
  @Override
  public String name() {
    return "config";
  }

  @Override
  public String summary() {
    return "Print the configuration of serve, with the source of each value.";
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
    LoadedConfig loaded;
    try {
      loaded =
          new ConfigLoader(Surroundings.ofProcess())
              .load(FlagWords.parse(session.arguments().parameters()));
    } catch (ConfigException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
    session.out().text(ConfigReport.render(loaded));
    loaded.warnings().forEach(session.diagnostics()::warn);
    return Program.DONE;
  }
}
