package dev.mayfly.cli;

import dev.mayfly.client.CounterConnection;
import dev.mayfly.client.CounterException;
import dev.mayfly.client.CounterOperation;
import dev.mayfly.client.JsonObject;
import dev.mayfly.client.ServerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A command that speaks to the counter door: of a pool of servers, to the first that answers a
 * health check.
 */
abstract class CounterCommand implements Command {
  static final Parameter NAMESPACE = Parameter.required("NAMESPACE", "The namespace.");
  static final Parameter KEY = Parameter.required("KEY", "The key.");

  private static final int PORT_DEFAULT = 3509;
  private static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(2);

  private static final Option POOL =
      new Option(
          List.of("-a", "--address"),
          "ADDRESSES",
          "The counter servers, host:port with commas between; the first that answers is asked."
              + " Default: MAYFLY_COUNTER_POOL, else 127.0.0.1:3509.");
  private static final Option SECRET =
      Option.value(
          "--secret",
          "SECRET",
          "What the servers expect callers to know. Default: MAYFLY_COUNTER_SECRET.");
  private static final Option TIMEOUT =
      Option.value(
          "--dial-timeout",
          "DURATION",
          "How long to wait for a server, and for each answer. Default: 2s.");

  /** The syntax of a command that speaks to the counter door. */
  static Syntax syntaxOf(List<Option> own, Parameter... parameters) {
    List<Option> all = new ArrayList<>(own);
    all.addAll(
        List.of(
            POOL,
            SECRET,
            TIMEOUT,
            Syntax.INDENT,
            Syntax.LOG_LEVEL,
            Syntax.LOG_JSON,
            Syntax.VERBOSE,
            Syntax.QUIET,
            Syntax.HELP));
    return new Syntax(all, List.of(parameters));
  }

  /** Does it over a connection; gives the exit code. */
  abstract int run(Session session, CounterConnection server) throws IOException;

  /** Checks the arguments before there is a connection. */
  void check(Arguments arguments) {}

  @Override
  public final int run(Session session) throws IOException {
    Arguments arguments = session.arguments();
    check(arguments);
    String timeout = arguments.value(TIMEOUT);
    Duration patience =
        timeout == null ? TIMEOUT_DEFAULT : Durations.positive("connection", timeout);
    try (CounterConnection server =
        CounterConnection.open(pool(session), secret(session), patience)) {
      session.diagnostics().debug("counter server " + server.address());
      return run(session, server);
    } catch (CounterException e) {
      boolean unreachable = e.reason() == CounterException.Reason.UNREACHABLE;
      String hint = unreachable ? " (is 'mayfly serve' running there?)" : "";
      throw new CommandException(e.getMessage() + hint, e);
    }
  }

  private static List<ServerAddress.Tcp> pool(Session session) {
    String text = session.arguments().value(POOL);
    if (text == null) {
      text = session.streams().environment().getOrDefault("MAYFLY_COUNTER_POOL", "");
    }
    List<ServerAddress.Tcp> pool = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      if (!one.isBlank()) {
        if (!(ServerAddress.parse(one.strip(), PORT_DEFAULT) instanceof ServerAddress.Tcp tcp)) {
          throw new UsageException("invalid address '" + one + "': expected host:port");
        }
        pool.add(tcp);
      }
    }
    return pool.isEmpty() ? List.of(new ServerAddress.Tcp("127.0.0.1", PORT_DEFAULT)) : pool;
  }

  private static String secret(Session session) {
    String secret = session.arguments().value(SECRET);
    return secret != null
        ? secret
        : session.streams().environment().getOrDefault("MAYFLY_COUNTER_SECRET", "");
  }

  /** Asks for a number and prints it. */
  static int count(Session session, CounterConnection server, CounterOperation<Long> operation)
      throws IOException {
    session.print(JsonObject.empty().with("count", server.ask(operation)));
    return Program.DONE;
  }

  /** Prints names, a line each, whatever bytes they are. */
  static int list(Session session, List<byte[]> names) throws IOException {
    for (byte[] name : names) {
      session.out().write(name);
      session.out().write('\n');
    }
    return Program.DONE;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
