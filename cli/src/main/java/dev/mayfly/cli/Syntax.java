package dev.mayfly.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * What may be written behind a command's name; parsing, help, completion and reference follow from
 * it.
 *
 * <p>Immutable.
 *
 * @param options those of the command and those that it shares with others
 * @param parameters in their order; only the last may be repeated
 */
record Syntax(List<Option> options, List<Parameter> parameters) {
  static final Option HELP =
      new Option(List.of("-h", "--help"), null, "Show this help and do nothing else.");

  static final Option ADDRESS =
      new Option(
          List.of("-a", "--address"),
          "ADDRESS",
          "The server: host:port or unix:///path. Default: MAYFLY_ADDRESS, else 127.0.0.1:8080.");
  static final Option CLIENT_ID =
      Option.value(
          "--client-id", "ID", "Who asks: owns locks, is named in events. Default: user@host.");
  static final Option TLS =
      Option.flag("--tls", "Speak TLS, to servers that the Java runtime believes.");
  static final Option NO_TLS = Option.flag("--no-tls", "Speak plaintext, which is the default.");
  static final Option INSECURE =
      Option.flag("--insecure", "Speak TLS, and believe any server; for tests only.");
  static final Option CA_CERTFILE =
      Option.value(
          "--ca-certfile",
          "FILE",
          "Speak TLS, to servers with a certificate signed by one of these.");
  static final Option DIAL_TIMEOUT =
      Option.value(
          "--dial-timeout", "DURATION", "How long to wait for a connection. Default: 10s.");
  static final Option INDENT = Option.flag("--indent", "Print JSON over several lines.");
  static final Option LOG_LEVEL =
      Option.value(
          "--log-level",
          "LEVEL",
          "What to say on standard error: DEBUG, INFO, NOTICE, WARN (default) or ERROR.");
  static final Option LOG_JSON =
      Option.flag("--log-json", "Write each message on standard error as a line of JSON.");
  static final Option VERBOSE =
      new Option(List.of("-v", "--verbose"), null, "The same as --log-level DEBUG.");
  static final Option QUIET =
      Option.flag("--quiet", "Say nothing on standard error but errors; no progress bar.");

  /** What every command takes that talks to a server; also before the command's name. */
  static final List<Option> SHARED =
      List.of(
          ADDRESS,
          CLIENT_ID,
          TLS,
          NO_TLS,
          INSECURE,
          CA_CERTFILE,
          DIAL_TIMEOUT,
          INDENT,
          LOG_LEVEL,
          LOG_JSON,
          VERBOSE,
          QUIET);

  /** The syntax of a command that talks to a server. */
  static Syntax ofClient(List<Option> options, Parameter... parameters) {
    List<Option> all = new ArrayList<>(options);
    all.addAll(SHARED);
    all.add(HELP);
    return new Syntax(all, List.of(parameters));
  }

  /** How many parameters there must be. */
  int parametersMin() {
    int sum = 0;
    for (Parameter parameter : parameters) {
      sum += parameter.min();
    }
    return sum;
  }

  /** How many parameters there may be. */
  int parametersMax() {
    int sum = 0;
    for (Parameter parameter : parameters) {
      if (parameter.max() == Integer.MAX_VALUE) {
        return Integer.MAX_VALUE;
      }
      sum += parameter.max();
    }
    return sum;
  }
}
