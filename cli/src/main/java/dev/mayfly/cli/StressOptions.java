package dev.mayfly.cli;

import java.util.List;

/** The options of {@code mayfly stress}. Stateless. */
final class StressOptions {
  private static final OptionTable TABLE = new OptionTable();

  static final Option DOOR =
      TABLE.value(
          "--door",
          "DOOR",
          "What to speak: http (the GET-only store, default), json (the JSON cache), grpc, resp"
              + " (any Redis, too), counter, or counter-packet: the packets of 1500 bytes.");
  static final Option ADDRESS =
      TABLE.add(
          new Option(
              List.of("-a", "--address"),
              "ADDRESS",
              "The server: host:port, or unix:///path but for counters. Default: SERVICE_URL or"
                  + " MAYFLY_ADDRESS for http and json, else this machine with the door's own"
                  + " port."));
  static final Option SECRET =
      TABLE.value(
          "--secret",
          "SECRET",
          "What counter servers expect callers to know. Default: MAYFLY_COUNTER_SECRET.");
  static final Option AMOUNT =
      TABLE.value(
          "--amount",
          "NUMBER",
          "How many operations. Default: STRESS_AMOUNT, else 100000, or no bound with --duration.");
  static final Option DURATION =
      TABLE.value("--duration", "DURATION", "For how long, at most. Default: no bound.");
  static final Option WARMUP =
      TABLE.value(
          "--warmup", "DURATION", "For how long to send before operations count. Default: 0s.");
  static final Option CLUSTERS =
      TABLE.value(
          "--clusters", "NUMBER", "How many groups of loops. Default: STRESS_CLUSTERS, else 50.");
  static final Option WORKERS =
      TABLE.value(
          "--workers",
          "NUMBER",
          "How many loops a group has, each with a connection of its own. Default: STRESS_WORKERS,"
              + " or STERSS_WORKERS, else 10.");
  static final Option CONNECTIONS =
      TABLE.value("--connections", "NUMBER", "How many loops, in place of groups of them.");
  static final Option PIPELINE =
      TABLE.value(
          "--pipeline",
          "NUMBER",
          "How many operations a loop sends before it reads their answers. Default: 1.");
  static final Option RATE =
      TABLE.value(
          "--rate",
          "NUMBER",
          "Send so many operations a second, whether the server keeps up or not, and count each"
              + " one's time from when it was due. Default: each loop sends when it has its"
              + " answers.");
  static final Option READS =
      TABLE.value("--reads", "PERCENT", "How many of a hundred operations read. Default: 0.");
  static final Option PREFIX =
      TABLE.value("--prefix", "TEXT", "What every key begins with. Default: stress:");
  static final Option KEYS =
      TABLE.value("--keys", "NUMBER", "How many keys there are. Default: the amount, else 100000.");
  static final Option DISTRIBUTION =
      TABLE.value(
          "--distribution",
          "WHICH",
          "Which key an operation is about: sequential (default), uniform, zipf or zipf:EXPONENT"
              + " (0.99), hot or hot:PERCENT (90): one key in so many of a hundred.");
  static final Option VALUE_SIZE =
      TABLE.value(
          "--value-size",
          "SIZE",
          "How long values are: 64, 1KiB, or 10-1KiB: any length between. Default: value: and the"
              + " key's number.");
  static final Option LIFESPAN =
      TABLE.value(
          "--lifespan",
          "DURATION",
          "How long written keys live, with grpc, resp and json. Default: for ever.");
  static final Option SEED =
      TABLE.value(
          "--seed", "NUMBER", "Do the same operations as a run with this seed. Default: any.");
  static final Option TIMEOUT =
      TABLE.value(
          "--timeout", "DURATION", "How long to wait for a connection or an answer. Default: 5s.");
  static final Option OBJECTIVE =
      TABLE.value(
          "--objective",
          "TERMS",
          "Exit with 1 unless all of them hold, such as 'p99<5ms,errors<0.1%,rate>=10000'; also"
              + " mean, min, max, missing, and reads. or writes. before a percentile.");
  static final Option JSON =
      TABLE.value(
          "--json", "FILE", "Write the report there as JSON; - prints it in place of the text.");
  static final Option HTML =
      TABLE.value("--html", "FILE", "Write the report there as a page with plots.");

  static final List<Option> ALL =
      TABLE.and(
          Syntax.TLS,
          Syntax.INSECURE,
          Syntax.CA_CERTFILE,
          Syntax.INDENT,
          Syntax.LOG_LEVEL,
          Syntax.LOG_JSON,
          Syntax.VERBOSE,
          Syntax.QUIET,
          Syntax.HELP);

  private StressOptions() {}
}
