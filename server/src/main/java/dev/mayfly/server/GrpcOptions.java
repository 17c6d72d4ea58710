package dev.mayfly.server;

import static dev.mayfly.server.Option.Trait.SWITCH;

import dev.mayfly.store.ByteSize;
import java.time.Duration;

/**
 * The options of the grpc door and of the rate limits that it serves, each declared once; a part of
 * {@link Options}.
 */
final class GrpcOptions {
  static final OptionList LIST = new OptionList();

  private static final Duration DAY = Duration.ofDays(1);
  private static final ByteSize MIB = new ByteSize(1 << 20);
  private static final ByteSize UNBOUNDED = new ByteSize(Long.MAX_VALUE);

  static final Option<Long> MAX_CONNECTIONS =
      LIST.add(
          "grpc.max-connections",
          "",
          OptionType.number(1, 1_000_000),
          "10000",
          "How many connections the gRPC door keeps open; more are closed at once.");
  static final Option<Long> MAX_CALLS =
      LIST.add(
          "grpc.max-calls",
          "",
          OptionType.number(1, 1_000_000),
          "2000",
          "How many calls a connection to the gRPC door may have open at a time, watches included;"
              + " more wait at the client.");
  static final Option<Long> MAX_OPEN_CALLS =
      LIST.add(
          "grpc.max-open-calls",
          "",
          OptionType.number(1, 10_000_000),
          "50000",
          "How many calls all connections to the gRPC door may have open together, watches"
              + " included; more are refused as overloaded.");
  static final Option<ByteSize> MAX_INPUT =
      LIST.add(
          "grpc.max-input",
          "",
          OptionType.size(new ByteSize(0), UNBOUNDED),
          "0",
          "How many bytes requests of the gRPC door that have not wholly come may have together; a"
              + " call that would have more, and is not small, is refused as overloaded. 0 for"
              + " four times max-value-size, and at least 64 MiB.");
  static final Option<Duration> REQUEST_TIMEOUT =
      LIST.add(
          "grpc.request-timeout",
          "",
          OptionType.duration(Duration.ofSeconds(1), DAY),
          "1m",
          "How long a request of the gRPC door may take to come as a whole, from the beginning of"
              + " its call; one that takes longer is refused.");
  static final Option<ByteSize> OUTPUT_MEMORY =
      LIST.add(
          "grpc.output-memory",
          "",
          OptionType.size(new ByteSize(1), UNBOUNDED),
          "64MiB",
          "From how many bytes of replies and events on that clients of the gRPC door have not"
              + " taken, all of them together, calls with large replies wait for their turn, and"
              + " watches for their large events. From twice that on so do all calls whose replies"
              + " may have more than 1 KiB.");
  static final Option<ByteSize> OUTPUT_PAUSE =
      LIST.add(
          "grpc.output-pause",
          "",
          OptionType.size(new ByteSize(1024), UNBOUNDED),
          "4MiB",
          "From how many bytes of replies and events on that one connection to the gRPC door has"
              + " not taken, its further calls with large replies wait.");
  static final Option<Duration> OUTPUT_TIMEOUT =
      LIST.add(
          "grpc.output-timeout",
          "",
          OptionType.duration(Duration.ofMillis(1), DAY),
          "10s",
          "How long a client of the gRPC door may leave the reply of a call untaken, or the events"
              + " of a watch, while others wait for grpc.output-memory; then that call is ended.");
  static final Option<ByteSize> MAX_REPLY =
      LIST.add(
          "grpc.max-reply",
          "",
          OptionType.size(new ByteSize(1024), new ByteSize(1L << 30)),
          "64MiB",
          "How many bytes of values one transaction of the gRPC door may tell, at least one value;"
              + " one that would tell more is refused.");
  static final Option<Long> MAX_SCANS =
      LIST.add(
          "grpc.max-scans",
          "",
          OptionType.number(1, 100_000),
          "100",
          "How many listings, sweeps and prunes the gRPC door has under way; more are refused as"
              + " overloaded.");
  static final Option<ByteSize> MAX_IN_FLIGHT =
      LIST.add(
          "grpc.max-in-flight",
          "",
          OptionType.size(MIB, UNBOUNDED),
          "64MiB",
          "How much memory listings of the gRPC door may take together on their way out; one that"
              + " finds no room is refused as overloaded.");
  static final Option<String> RATE_LIMIT_RULES =
      LIST.add(
          "ratelimit.rules",
          "",
          OptionType.text(4096),
          "",
          "The file with the rules of Envoy's rate limit service, which the gRPC door serves; it is"
              + " read again when it changes. Empty: no rules.");
  static final Option<Boolean> RATE_LIMIT_SHADOW =
      LIST.add(
          "ratelimit.shadow",
          "",
          OptionType.flag(),
          "false",
          "Whether these rules are only tried out: requests over a limit go on, and are counted.",
          SWITCH);

  private GrpcOptions() {}
}
