package dev.mayfly.server;

import static dev.mayfly.server.Option.Trait.SECRET;
import static dev.mayfly.server.Option.Trait.SWITCH;

import dev.mayfly.server.Option.Fallback;
import dev.mayfly.store.Bounds;
import dev.mayfly.store.ByteSize;
import java.time.Duration;

/** The options of single doors, each declared once; a part of {@link Options}. */
final class DoorOptions {
  static final OptionList LIST = new OptionList();

  private static final Duration DAY = Duration.ofDays(1);
  private static final ByteSize MIB = new ByteSize(1 << 20);
  private static final ByteSize UNBOUNDED = new ByteSize(Long.MAX_VALUE);

  static final Option<ByteSize> HTTP_MAX_BODY =
      LIST.add(
          "http.max-body",
          "",
          OptionType.size(new ByteSize(1), new ByteSize(64 << 20)),
          "8MiB",
          "The largest body of a request to the http door.");
  static final Option<ByteSize> HTTP_MAX_HEADER_SIZE =
      LIST.add(
          "http.max-header-size",
          "",
          OptionType.size(new ByteSize(1024), MIB),
          "16KiB",
          "How much a request's line may take, and how much its header fields together.");
  static final Option<Duration> HTTP_IDLE_TIMEOUT =
      LIST.add(
          "http.idle-timeout",
          "",
          OptionType.duration(Duration.ofSeconds(1), DAY),
          "1m",
          "After how long without a byte either way a connection to the http door is closed.");
  static final Option<Long> HTTP_MAX_BATCH =
      LIST.add(
          "http.max-batch",
          "",
          OptionType.number(1, 100_000),
          "1000",
          "How many operations a batch request may have, and keys a page of a listing.");
  static final Option<Long> HTTP_MAX_CONNECTIONS =
      LIST.add(
          "http.max-connections",
          "",
          OptionType.number(1, 1_000_000),
          "10000",
          "How many connections the http door keeps open; more are closed at once.");
  static final Option<Long> HTTP_MAX_PIPELINED =
      LIST.add(
          "http.max-pipelined",
          "",
          OptionType.number(1, 10_000_000),
          "20000",
          "How many requests to the http door may wait for the answers to earlier ones of their"
              + " connections, all connections together; the connection that adds one more is"
              + " closed.");
  static final Option<ByteSize> HTTP_MAX_IN_FLIGHT =
      LIST.add(
          "http.max-in-flight",
          "",
          OptionType.size(MIB, UNBOUNDED),
          "64MiB",
          "How much memory request bodies and large values on their way out may take together; a"
              + " request that finds no room is refused as overloaded.");
  static final Option<ByteSize> HTTP_OUTPUT_MEMORY =
      LIST.add(
          "http.output-memory",
          "",
          OptionType.size(new ByteSize(1), UNBOUNDED),
          "64MiB",
          "From how many bytes of lists, batches and event streams on that clients of the HTTP door"
              + " have not taken, all of them together, those that tell values wait for their"
              + " turn.");
  static final Option<Duration> HTTP_OUTPUT_TIMEOUT =
      LIST.add(
          "http.output-timeout",
          "",
          OptionType.duration(Duration.ofMillis(1), DAY),
          "10s",
          "How long a client of the HTTP door may take nothing of a list, a batch or an event"
              + " stream while others wait for http.output-memory; then its connection is closed.");
  static final Option<Long> GRPC_MAX_CONNECTIONS =
      LIST.add(
          "grpc.max-connections",
          "",
          OptionType.number(1, 1_000_000),
          "10000",
          "How many connections the gRPC door keeps open; more are closed at once.");
  static final Option<Long> GRPC_MAX_CALLS =
      LIST.add(
          "grpc.max-calls",
          "",
          OptionType.number(1, 1_000_000),
          "2000",
          "How many calls a connection to the gRPC door may have open at a time, watches included;"
              + " more wait at the client.");
  static final Option<Long> GRPC_MAX_OPEN_CALLS =
      LIST.add(
          "grpc.max-open-calls",
          "",
          OptionType.number(1, 10_000_000),
          "50000",
          "How many calls all connections to the gRPC door may have open together, watches"
              + " included; more are refused as overloaded.");
  static final Option<ByteSize> GRPC_MAX_INPUT =
      LIST.add(
          "grpc.max-input",
          "",
          OptionType.size(new ByteSize(0), UNBOUNDED),
          "0",
          "How many bytes requests of the gRPC door that have not wholly come may have together; a"
              + " call that would have more, and is not small, is refused as overloaded. 0 for"
              + " four times max-value-size, and at least 64 MiB.");
  static final Option<Duration> GRPC_REQUEST_TIMEOUT =
      LIST.add(
          "grpc.request-timeout",
          "",
          OptionType.duration(Duration.ofSeconds(1), DAY),
          "1m",
          "How long a request of the gRPC door may take to come as a whole, from the beginning of"
              + " its call; one that takes longer is refused.");
  static final Option<ByteSize> GRPC_OUTPUT_MEMORY =
      LIST.add(
          "grpc.output-memory",
          "",
          OptionType.size(new ByteSize(1), UNBOUNDED),
          "64MiB",
          "From how many bytes of replies and events on that clients of the gRPC door have not"
              + " taken, all of them together, calls with large replies wait for their turn, and"
              + " watches for their large events.");
  static final Option<ByteSize> GRPC_OUTPUT_PAUSE =
      LIST.add(
          "grpc.output-pause",
          "",
          OptionType.size(new ByteSize(1024), UNBOUNDED),
          "4MiB",
          "From how many bytes of replies and events on that one connection to the gRPC door has"
              + " not taken, its further calls with large replies wait.");
  static final Option<Duration> GRPC_OUTPUT_TIMEOUT =
      LIST.add(
          "grpc.output-timeout",
          "",
          OptionType.duration(Duration.ofMillis(1), DAY),
          "10s",
          "How long a client of the gRPC door may leave the reply of a call untaken, or the events"
              + " of a watch, while others wait for grpc.output-memory; then that call is ended.");
  static final Option<ByteSize> GRPC_MAX_REPLY =
      LIST.add(
          "grpc.max-reply",
          "",
          OptionType.size(new ByteSize(1024), new ByteSize(1L << 30)),
          "64MiB",
          "How many bytes of values one transaction of the gRPC door may tell, at least one value;"
              + " one that would tell more is refused.");
  static final Option<Long> GRPC_MAX_SCANS =
      LIST.add(
          "grpc.max-scans",
          "",
          OptionType.number(1, 100_000),
          "100",
          "How many listings, sweeps and prunes the gRPC door has under way; more are refused as"
              + " overloaded.");
  static final Option<ByteSize> GRPC_MAX_IN_FLIGHT =
      LIST.add(
          "grpc.max-in-flight",
          "",
          OptionType.size(MIB, UNBOUNDED),
          "64MiB",
          "How much memory listings of the gRPC door may take together on their way out; one that"
              + " finds no room is refused as overloaded.");
  static final Option<ListenAddress> COUNTER_TCP =
      LIST.add(
          "counter.tcp",
          "",
          OptionType.address(3509),
          "off",
          "Where the counter door takes TCP connections, if not at counter.address; off: there.");
  static final Option<ListenAddress> COUNTER_HTTP =
      LIST.add(
          "counter.http",
          "",
          OptionType.address(3510),
          "off",
          "Where the counter REST has a listener of its own, for clients that expect nothing else"
              + " there; the http door answers its routes as well.");
  static final Option<String> COUNTER_SECRET =
      LIST.add(
          "counter.secret",
          "",
          OptionType.text(1000),
          "",
          "What callers of the counter door must know. Of the old packets only its first"
              + " eight bytes"
              + " count, which they carry in clear; frames are signed with the whole.",
          SECRET);
  static final Option<String> COUNTER_SECRET_FILE =
      LIST.add(
          "counter.secret-file",
          "",
          OptionType.text(4096),
          "",
          "A file whose first line is that secret, instead of counter.secret.");
  static final Option<String> COUNTER_PEERS =
      LIST.add(
          "counter.peers",
          "",
          OptionType.text(10_000),
          "",
          "The other servers of an old cluster, host:port with commas between: every put is sent to"
              + " each of them. The list may contain this server.");
  static final Option<String> COUNTER_SELF =
      LIST.add(
          "counter.self",
          "",
          OptionType.text(1000),
          "",
          "This server's own host:port in counter.peers, where it cannot tell by itself.");
  static final Option<Duration> COUNTER_TTL =
      LIST.add(
          "counter.ttl",
          "ttl",
          OptionType.duration(Duration.ofMillis(1), Duration.ofDays(3660)),
          "1m",
          "How long an event counts, in namespaces without a policy of their own.");
  static final Option<ByteSize> COUNTER_MAX_BYTES =
      LIST.add(
          "counter.max-bytes",
          "",
          OptionType.size(MIB, new ByteSize(1L << 40)),
          new Fallback(
              "an eighth of the memory this process may use",
              surroundings -> OptionList.shareOf(surroundings.memory(), 8).toString()),
          "How much memory counters and limits may take together.");
  static final Option<Long> COUNTER_MAX_KEYS =
      LIST.add(
          "counter.max-keys",
          "",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "How many keys counters and limits may have; 0 sets no limit besides counter.max-bytes.");
  static final Option<Long> COUNTER_MAX_NAMESPACES =
      LIST.add(
          "counter.max-namespaces",
          "",
          OptionType.number(1, 1 << 24),
          "65536",
          "How many namespaces there may be at a time.");
  static final Option<Long> COUNTER_MAX_CONNECTIONS =
      LIST.add(
          "counter.max-connections",
          "",
          OptionType.number(1, 1_000_000),
          "1000",
          "How many TCP connections the counter door keeps open; more are closed at once.");
  static final Option<Duration> COUNTER_IDLE_TIMEOUT =
      LIST.add(
          "counter.idle-timeout",
          "",
          OptionType.duration(Duration.ofSeconds(1), DAY),
          "5m",
          "After how long without a byte either way a TCP connection to the counter door"
              + " is closed.");
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
  static final Option<Long> RESP_MAX_CONNECTIONS =
      LIST.add(
          "resp.max-connections",
          "",
          OptionType.number(1, 1_000_000),
          "10000",
          "How many clients the RESP door serves at a time; one more is told so and closed.");
  static final Option<Long> RESP_MAX_ARGUMENTS =
      LIST.add(
          "resp.max-arguments",
          "",
          OptionType.number(4, 1_048_576),
          "1048576",
          "How many arguments a command of the RESP door may have.");
  static final Option<ByteSize> RESP_MAX_COMMAND =
      LIST.add(
          "resp.max-command",
          "",
          OptionType.size(new ByteSize(64 << 10), new ByteSize(1L << 30)),
          "64MiB",
          "How many bytes one command of the RESP door may have, all its arguments together;"
              + " a larger one is refused.");
  static final Option<ByteSize> RESP_MAX_QUEUED =
      LIST.add(
          "resp.max-queued",
          "",
          OptionType.size(new ByteSize(1), UNBOUNDED),
          "64MiB",
          "How many bytes the commands that a client queues with MULTI may have together.");
  static final Option<ByteSize> RESP_MAX_INPUT =
      LIST.add(
          "resp.max-input",
          "",
          OptionType.size(new ByteSize(0), UNBOUNDED),
          "0",
          "How many bytes of commands that wait to be run all clients of the RESP door together may"
              + " have: commands that have not arrived as a whole, that come faster than replies"
              + " are taken, or that are queued with MULTI. A client that needs more is told so and"
              + " cut. 0 for three times resp.max-command, the most that one command takes while"
              + " it arrives, and at least 192 MiB.");
  static final Option<ByteSize> RESP_OUTPUT_PAUSE =
      LIST.add(
          "resp.output-pause",
          "",
          OptionType.size(new ByteSize(1024), new ByteSize(1L << 30)),
          "1MiB",
          "From how many bytes of replies on that a client does not take, the RESP door runs no"
              + " more of its commands.");
  static final Option<ByteSize> RESP_OUTPUT_MAX =
      LIST.add(
          "resp.output-max",
          "",
          OptionType.size(new ByteSize(1024), UNBOUNDED),
          "32MiB",
          "A subscriber of the RESP door for whom more messages than this wait is cut. At least"
              + " resp.output-pause.");
  static final Option<ByteSize> RESP_OUTPUT_MEMORY =
      LIST.add(
          "resp.output-memory",
          "",
          OptionType.size(new ByteSize(1), UNBOUNDED),
          "96MiB",
          "From how many bytes of replies and messages on that clients of the RESP door have not"
              + " taken, all clients together, large replies wait for their turn, and nothing more"
              + " is run for who has not taken its own. From twice as much on, a client that still"
              + " adds to it is cut.");
  static final Option<Duration> RESP_OUTPUT_TIMEOUT =
      LIST.add(
          "resp.output-timeout",
          "",
          OptionType.duration(Duration.ofMillis(1), DAY),
          "10s",
          "How long a client of the RESP door may take nothing of what it is sent, no 256 KiB of a"
              + " large reply, while others wait for resp.output-memory; then it is cut.");
  static final Option<Long> RESP_MAX_SUBSCRIPTIONS =
      LIST.add(
          "resp.max-subscriptions",
          "",
          OptionType.number(1, 1_000_000),
          "10000",
          "How many channels, patterns and watches one client of the RESP door may have.");
  static final Option<ByteSize> RESP_MAX_REPLY =
      LIST.add(
          "resp.max-reply",
          "",
          OptionType.size(new ByteSize(1024), new ByteSize(1L << 30)),
          "64MiB",
          "How many bytes one reply of the RESP door may have; a larger one becomes an error. At"
              + " least resp.output-pause.");
  static final Option<Long> RESP_MAX_WATCHED_KEYS =
      LIST.add(
          "resp.max-watched-keys",
          "",
          OptionType.number(1, 1_000_000),
          "1000",
          "How many keys one client of the RESP door may WATCH for a transaction.");
  static final Option<Long> RESP_MAX_TRACKED_READS =
      LIST.add(
          "resp.max-tracked-reads",
          "",
          OptionType.number(1, 100_000_000),
          "1000000",
          "How many keys the RESP door remembers to have been read by clients that keep a cache,"
              + " each key once for each of them; beyond, their caches are invalidated.");
  static final Option<ByteSize> RESP_MAX_REMEMBERED =
      LIST.add(
          "resp.max-remembered",
          "",
          OptionType.size(new ByteSize(64 << 10), UNBOUNDED),
          "64MiB",
          "How many bytes all clients of the RESP door together may have it remember of channels,"
              + " patterns, watches, prefixes and keys to watch; more is refused. As many again of"
              + " what clients that keep a cache have read; beyond, their caches are invalidated.");
  static final Option<Boolean> RESP_DEBUG =
      LIST.add(
          "resp.debug",
          "",
          OptionType.flag(),
          "false",
          "Whether DEBUG SLEEP does as asked, which holds up other clients.");
  static final Option<Long> RESP_EVENT_LOOPS =
      LIST.add(
          "resp.event-loops",
          "",
          OptionType.number(0, 1024),
          "0",
          "How many threads run the commands of the RESP door; 0 for one to each two processors. On"
              + " a machine that does nothing else, one to each processor serves more.");
  static final Option<ByteSize> RESP_HELP_FROM =
      LIST.add(
          "resp.help-from",
          "",
          OptionType.size(new ByteSize(0), new ByteSize(1L << 30)),
          "16KiB",
          "From how many bytes of commands on, of all clients that an event loop of the RESP door"
              + " serves in one turn, a second thread may help to run them, and does where such"
              + " turns have ended sooner with it lately; 0 for never. Nor does one where each"
              + " processor has an event loop.");
  static final Option<Long> GET_STORE_MAX_KEY_LENGTH =
      LIST.add(
          "get-store.max-key-length",
          "",
          OptionType.number(1, Bounds.KEY_BYTES_HARD_MAX),
          "64",
          "The longest key on the GET-only store's routes, in UTF-16 units.");
  static final Option<Long> GET_STORE_MAX_VALUE_LENGTH =
      LIST.add(
          "get-store.max-value-length",
          "",
          OptionType.number(0, Bounds.VALUE_BYTES_HARD_MAX),
          "256",
          "The longest value on the GET-only store's routes, in UTF-16 units.");

  private DoorOptions() {}
}
