package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import dev.mayfly.client.MayflyConnectionException;
import dev.mayfly.client.MayflyRefusedException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code mayfly version}. */
final class VersionCommand implements Command {
  private static final Option ALL =
      Option.flag("--all", "Include Java, the system, and the server if one answers.");

  @Override
  public String name() {
    return "version";
  }

  @Override
  public String summary() {
    return "Print the version of this program.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of(ALL));
  }

  @Override
  public int run(Session session) throws IOException {
    JsonObject answer = JsonObject.empty().with("version", Version.text());
    if (session.arguments().has(ALL)) {
      answer =
          answer
              .with("java", System.getProperty("java.vm.version"))
              .with("java_vendor", System.getProperty("java.vendor"))
              .with("os", System.getProperty("os.name"))
              .with("arch", System.getProperty("os.arch"))
              .with("server", server(session));
    }
    session.print(answer);
    return Program.DONE;
  }

  /** What the server says of itself; null if there is none, which is no failure here. */
  private static @Nullable JsonObject server(Session session) {
    try {
      return session.client().version();
    } catch (MayflyConnectionException | MayflyRefusedException e) {
      session.diagnostics().notice(String.valueOf(e.getMessage()));
      return null;
    }
  }
}
