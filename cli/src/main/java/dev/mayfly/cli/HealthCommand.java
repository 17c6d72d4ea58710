package dev.mayfly.cli;

import dev.mayfly.client.ClientConfig;
import dev.mayfly.client.HealthProbe;
import dev.mayfly.client.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** {@code mayfly health}: for what watches over processes and has no HTTP client of its own. */
final class HealthCommand implements Command {
  private static final int MONITOR_PORT = 33_970;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Option MONITOR =
      new Option(
          List.of("-a", "--address"),
          "ADDRESS",
          "The monitor of a server or balancer, host:port. Default: MAYFLY_MONITOR_ADDRESS, else"
              + " 127.0.0.1:33970.");
  private static final Option LIVE =
      Option.flag("--live", "Ask only whether the process lives, not whether it is ready.");
  private static final Option ANSWER_TIMEOUT =
      Option.value("--timeout", "DURATION", "How long to wait for the answer. Default: 2s.");

  @Override
  public String name() {
    return "health";
  }

  @Override
  public String summary() {
    return "Tell by the exit code whether a server is ready: 0 if it is, 1 if not.";
  }

  @Override
  public Syntax syntax() {
    return new Syntax(
        List.of(
            MONITOR,
            LIVE,
            ANSWER_TIMEOUT,
            Syntax.LOG_LEVEL,
            Syntax.LOG_JSON,
            Syntax.VERBOSE,
            Syntax.QUIET,
            Syntax.HELP),
        List.of());
  }

  @Override
  public int run(Session session) throws IOException {
    Arguments arguments = session.arguments();
    String text = arguments.value(MONITOR);
    if (text == null) {
      text = session.streams().environment().getOrDefault("MAYFLY_MONITOR_ADDRESS", "");
    }
    ServerAddress address = ServerAddress.parse(text.isEmpty() ? "127.0.0.1" : text, MONITOR_PORT);
    String timeout = arguments.value(ANSWER_TIMEOUT);
    Duration patience = timeout == null ? PATIENCE : Durations.positive("answer", timeout);
    HealthProbe probe =
        HealthProbe.ask(
            ClientConfig.of(address).withConnectTimeout(patience).withReadTimeout(patience),
            arguments.has(LIVE) ? "/livez" : "/readyz");
    if (!probe.isGood()) {
      throw new CommandException(address + ": " + probe.text());
    }
    session.out().line(probe.text());
    return Program.DONE;
  }
}
