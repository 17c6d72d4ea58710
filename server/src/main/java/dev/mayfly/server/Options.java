package dev.mayfly.server;

import static dev.mayfly.server.Option.Trait.NOT_IN_FILE;
import static dev.mayfly.server.Option.Trait.SECRET;
import static dev.mayfly.server.Option.Trait.SWITCH;
import static dev.mayfly.server.Option.Trait.ZERO_IS_DEFAULT;

import dev.mayfly.server.Option.Fallback;
import dev.mayfly.server.Option.Trait;
import dev.mayfly.store.Bounds;
import dev.mayfly.store.ByteSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Every option of the server, each declared once: files, environment variables, flags, the
 * reference and the typed {@link MayflyConfig} all follow from here.
 */
final class Options {
  private static final Duration LONG = Duration.ofDays(36_500);
  private static final Duration DAY = Duration.ofDays(1);
  private static final ByteSize MIB = new ByteSize(1 << 20);
  private static final ByteSize UNBOUNDED = new ByteSize(Long.MAX_VALUE);
  private static final ByteSize VALUE_MAX = new ByteSize(Bounds.VALUE_BYTES_HARD_MAX);

  private static final List<Option<?>> ALL = new ArrayList<>();

  static final Option<String> CONFIG =
      add(
          "config",
          OptionType.text(4096),
          "",
          "The configuration file to read, instead of mayfly.yaml in the working folder or in the"
              + " user's configuration folder.",
          NOT_IN_FILE);
  static final Option<String> NAME =
      add(
          "name",
          OptionType.text(255),
          new Fallback(
              "user@host", surroundings -> surroundings.user() + "@" + surroundings.host()),
          "What this server is called, in logs and in status answers.");

  static final Option<ListenAddress> HTTP_ADDRESS =
      address(
          "http",
          8080,
          "127.0.0.1:8080",
          "Where the http door listens: the /v1 routes, the GET-only store and the JSON cache.");
  static final Option<ListenAddress> MONITOR_ADDRESS =
      address(
          "monitor",
          33970,
          "127.0.0.1:33970",
          "Where the monitor listens: /livez, /readyz and /metrics.");
  static final Option<ListenAddress> GRPC_ADDRESS =
      address(
          "grpc",
          33969,
          "127.0.0.1:33969",
          "Where the gRPC door listens: keyquarry, mayfly.v1, health and reflection. The file of a"
              + " unix socket must not exist.");
  static final Option<ListenAddress> RESP_ADDRESS =
      address("resp", 6380, "off", "Where the RESP door listens. There is no such door yet.");
  static final Option<ListenAddress> COUNTER_ADDRESS =
      address(
          "counter",
          3509,
          "127.0.0.1:3509",
          "Where the counter door listens, for datagrams and for TCP connections.");

  static final Option<Duration> STOP_TIMEOUT =
      add(
          "stop-timeout",
          OptionType.duration(Duration.ZERO, DAY),
          "30s",
          "How long a stop waits for requests that are being answered; 0 stops at once.");
  static final Option<LogLevel> LOG_LEVEL =
      add(
          "log.level",
          OptionType.choice(LogLevel.class, true),
          "NOTICE",
          "The least grave log lines that are printed.");
  static final Option<LogFormat> LOG_FORMAT =
      add(
          "log.format",
          OptionType.choice(LogFormat.class, false),
          "text",
          "How log lines look: text for people, or one JSON object a line.");
  static final Option<Boolean> METRICS =
      add("metrics", OptionType.flag(), "true", "Whether the monitor answers /metrics.", SWITCH);

  static final Option<Long> MAX_KEY_LENGTH =
      add(
          "max-key-length",
          OptionType.number(0, Bounds.KEY_BYTES_HARD_MAX),
          "1024",
          "The longest key, in bytes.",
          ZERO_IS_DEFAULT);
  static final Option<ByteSize> MAX_VALUE_SIZE =
      add(
          "max-value-size",
          OptionType.size(new ByteSize(0), VALUE_MAX),
          "1MB",
          "The largest value. 1MB is 1,000,000 bytes.",
          ZERO_IS_DEFAULT);
  static final Option<Long> MAX_KEYS =
      add(
          "max-keys",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "How many keys there may be; 0 sets no limit besides max-bytes.");
  static final Option<ByteSize> MAX_BYTES =
      add(
          "max-bytes",
          OptionType.size(MIB, UNBOUNDED),
          new Fallback(
              "half of the memory this process may use",
              surroundings -> halfOf(surroundings.memory()).toString()),
          "How much memory keys, values, index and history may take together. The memory this"
              + " process may use is the machine's or, where that is less, its container's.");
  static final Option<Duration> MIN_LOCK_DURATION =
      add(
          "min-lock-duration",
          OptionType.duration(Duration.ZERO, LONG),
          "5s",
          "The shortest lock that a client may ask for.",
          ZERO_IS_DEFAULT);
  static final Option<Duration> MAX_LOCK_DURATION =
      add(
          "max-lock-duration",
          OptionType.duration(Duration.ZERO, LONG),
          "15m",
          "The longest lock that a client may ask for.",
          ZERO_IS_DEFAULT);
  static final Option<Duration> MIN_LIFESPAN =
      add(
          "min-lifespan",
          OptionType.duration(Duration.ZERO, LONG),
          "5s",
          "The shortest lifespan that the gRPC door accepts; the other doors accept 1ms or more.",
          ZERO_IS_DEFAULT);
  static final Option<Boolean> READONLY =
      add("readonly", "", OptionType.flag(), "false", "Starts with writes refused.", SWITCH);
  static final Option<String> PRIVILEGED_CLIENT_ID =
      add(
          "privileged-client-id",
          OptionType.text(255),
          "",
          "The client id that may ask for what only an operator may; whoever knows it may use it,"
              + " so it is treated as a secret. Empty: nobody may.",
          SECRET);
  static final Option<Boolean> REQUIRE_REGISTRATION =
      add(
          "require-registration",
          OptionType.flag(),
          "false",
          "Whether the gRPC door refuses client ids that have not registered.",
          SWITCH);
  static final Option<String> TLS_CERT =
      add(
          "tls.cert",
          OptionType.text(4096),
          "",
          "A file with the certificate chain of the gRPC and http doors, in PEM form; empty:"
              + " plaintext.");
  static final Option<String> TLS_KEY =
      add(
          "tls.key",
          OptionType.text(4096),
          "",
          "The file with the certificate's private key, PKCS #8 in PEM form.");
  static final Option<KeyMetrics> KEY_METRICS =
      add(
          "key-metrics",
          OptionType.choice(KeyMetrics.class, false),
          "door",
          "For which keys counts and times of reads, writes and locks are kept: door keeps them for"
              + " keys written through gRPC and /v1.");

  static final Option<Long> REVISION_LIMIT =
      add(
          "revision-limit",
          OptionType.number(-1, 1_000_000),
          "5",
          "How many versions of a value are kept, the current one included, for keys written"
              + " through gRPC and /v1. 0 keeps no history, -1 sets no limit besides max-bytes.");
  static final Option<Boolean> KEEP_DELETED_KEY_HISTORY =
      add(
          "keep-deleted-key-history",
          OptionType.flag(),
          "false",
          "Whether the history of a key outlives it when it is deleted, popped or expires.",
          SWITCH);
  static final Option<Duration> DELETED_KEY_HISTORY_MAX_AGE =
      add(
          "deleted-key-history-max-age",
          OptionType.duration(Duration.ofMillis(1), LONG),
          "24h",
          "How long it does, where keep-deleted-key-history is on.");

  static final Option<Duration> PRUNE_INTERVAL =
      add(
          "prune.interval",
          OptionType.duration(Duration.ZERO, LONG),
          "0s",
          "How often the number of keys is compared with prune.at; 0 never.");
  static final Option<Long> PRUNE_AT =
      add(
          "prune.at",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "The number of keys from which a scheduled prune removes some; 0 never.");
  static final Option<Long> PRUNE_TO =
      add(
          "prune.to",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "The number of keys that a scheduled prune leaves; 0 leaves nine tenths of prune.at.");
  static final Option<Long> PRUNE_EAGER_AT =
      add(
          "prune.eager-at",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "The number of keys from which creating one sets off a prune; 0 never.");
  static final Option<Long> PRUNE_EAGER_TO =
      add(
          "prune.eager-to",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "The number of keys that such a prune leaves; 0 leaves nine tenths of prune.eager-at.");

  static final Option<ByteSize> EVENTS_MAX_BYTES =
      add(
          "events.max-bytes",
          OptionType.size(MIB, new ByteSize(1L << 40)),
          "64MiB",
          "How much memory the event log may take; it takes it as it grows.");
  static final Option<Long> EVENTS_MAX_WATCHERS =
      add(
          "events.max-watchers",
          OptionType.number(0, 1_000_000),
          "0",
          "How many watches may be open through all doors together; 0 sets no limit.");
  static final Option<Long> LOCK_MAX_WAITERS =
      add(
          "lock.max-waiters",
          OptionType.number(0, 1_000_000),
          "10000",
          "How many clients may wait for locks.");
  static final Option<Long> LOCK_MAX_KEY_WAITERS =
      add(
          "lock.max-key-waiters",
          OptionType.number(0, 1_000_000),
          "1000",
          "How many of them may wait for the same lock.");
  static final Option<Duration> EVENTS_SEND_TIMEOUT =
      add(
          "events.send-timeout",
          OptionType.duration(Duration.ofMillis(1), DAY),
          "1s",
          "How long a watcher that asked to be disconnected rather than to lag may take nothing"
              + " while events wait for it.");
  static final Option<Long> ENGINE_SHARDS =
      add(
          "engine.shards",
          OptionType.number(0, 4096),
          "0",
          "Into how many independent parts the keys are divided, a power of two; 0 chooses by the"
              + " number of processors.");
  static final Option<HugePages> ENGINE_HUGE_PAGES =
      add(
          "engine.huge-pages",
          OptionType.choice(HugePages.class, false),
          "auto",
          "Whether the store's memory asks the system for huge pages.");

  static final Option<ByteSize> HTTP_MAX_BODY =
      add(
          "http.max-body",
          OptionType.size(new ByteSize(1), new ByteSize(64 << 20)),
          "8MiB",
          "The largest body of a request to the http door.");
  static final Option<ByteSize> HTTP_MAX_HEADER_SIZE =
      add(
          "http.max-header-size",
          OptionType.size(new ByteSize(1024), MIB),
          "16KiB",
          "How much a request's line may take, and how much its header fields together.");
  static final Option<Duration> HTTP_IDLE_TIMEOUT =
      add(
          "http.idle-timeout",
          OptionType.duration(Duration.ofSeconds(1), DAY),
          "1m",
          "After how long without a byte either way a connection to the http door is closed.");
  static final Option<Long> HTTP_MAX_BATCH =
      add(
          "http.max-batch",
          OptionType.number(1, 100_000),
          "1000",
          "How many operations a batch request may have, and keys a page of a listing.");
  static final Option<Long> HTTP_MAX_CONNECTIONS =
      add(
          "http.max-connections",
          OptionType.number(1, 1_000_000),
          "10000",
          "How many connections the http door keeps open; more are closed at once.");
  static final Option<ByteSize> HTTP_MAX_IN_FLIGHT =
      add(
          "http.max-in-flight",
          OptionType.size(MIB, UNBOUNDED),
          "64MiB",
          "How much memory request bodies and large values on their way out may take together; a"
              + " request that finds no room is refused as overloaded.");
  static final Option<Long> GRPC_MAX_CALLS =
      add(
          "grpc.max-calls",
          OptionType.number(1, 1_000_000),
          "2000",
          "How many calls a connection to the gRPC door may have open at a time, watches included;"
              + " more wait at the client.");
  static final Option<Long> GRPC_MAX_SCANS =
      add(
          "grpc.max-scans",
          OptionType.number(1, 100_000),
          "100",
          "How many listings, sweeps and prunes the gRPC door has under way; more are refused as"
              + " overloaded.");
  static final Option<ByteSize> GRPC_MAX_IN_FLIGHT =
      add(
          "grpc.max-in-flight",
          OptionType.size(MIB, UNBOUNDED),
          "64MiB",
          "How much memory listings of the gRPC door may take together on their way out; one that"
              + " finds no room is refused as overloaded.");
  static final Option<ListenAddress> COUNTER_TCP =
      add(
          "counter.tcp",
          OptionType.address(3509),
          "off",
          "Where the counter door takes TCP connections, if not at counter.address; off: there.");
  static final Option<String> COUNTER_SECRET =
      add(
          "counter.secret",
          OptionType.text(1000),
          "",
          "What callers of the counter door must know. Of the old packets only its first eight"
              + " bytes count, which they carry in clear; frames are signed with the whole.",
          SECRET);
  static final Option<String> COUNTER_SECRET_FILE =
      add(
          "counter.secret-file",
          OptionType.text(4096),
          "",
          "A file whose first line is that secret, instead of counter.secret.");
  static final Option<String> COUNTER_PEERS =
      add(
          "counter.peers",
          OptionType.text(10_000),
          "",
          "The other servers of an old cluster, host:port with commas between: every put is sent to"
              + " each of them. The list may contain this server.");
  static final Option<String> COUNTER_SELF =
      add(
          "counter.self",
          OptionType.text(1000),
          "",
          "This server's own host:port in counter.peers, where it cannot tell by itself.");
  static final Option<Duration> COUNTER_TTL =
      add(
          "counter.ttl",
          "ttl",
          OptionType.duration(Duration.ofMillis(1), Duration.ofDays(3660)),
          "1m",
          "How long an event counts, in namespaces without a policy of their own.");
  static final Option<ByteSize> COUNTER_MAX_BYTES =
      add(
          "counter.max-bytes",
          OptionType.size(MIB, new ByteSize(1L << 40)),
          new Fallback(
              "an eighth of the memory this process may use",
              surroundings -> shareOf(surroundings.memory(), 8).toString()),
          "How much memory counters and limits may take together.");
  static final Option<Long> COUNTER_MAX_KEYS =
      add(
          "counter.max-keys",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "How many keys counters and limits may have; 0 sets no limit besides counter.max-bytes.");
  static final Option<Long> COUNTER_MAX_NAMESPACES =
      add(
          "counter.max-namespaces",
          OptionType.number(1, 1 << 24),
          "65536",
          "How many namespaces there may be at a time.");
  static final Option<Long> COUNTER_MAX_CONNECTIONS =
      add(
          "counter.max-connections",
          OptionType.number(1, 1_000_000),
          "1000",
          "How many TCP connections the counter door keeps open; more are closed at once.");
  static final Option<Duration> COUNTER_IDLE_TIMEOUT =
      add(
          "counter.idle-timeout",
          OptionType.duration(Duration.ofSeconds(1), DAY),
          "5m",
          "After how long without a byte either way a TCP connection to the counter door is"
              + " closed.");
  static final Option<Long> GET_STORE_MAX_KEY_LENGTH =
      add(
          "get-store.max-key-length",
          OptionType.number(1, Bounds.KEY_BYTES_HARD_MAX),
          "64",
          "The longest key on the GET-only store's routes, in UTF-16 units.");
  static final Option<Long> GET_STORE_MAX_VALUE_LENGTH =
      add(
          "get-store.max-value-length",
          OptionType.number(0, Bounds.VALUE_BYTES_HARD_MAX),
          "256",
          "The longest value on the GET-only store's routes, in UTF-16 units.");

  private Options() {}

  /** In the order of declaration. */
  static List<Option<?>> all() {
    return Collections.unmodifiableList(ALL);
  }

  private static ByteSize halfOf(ByteSize memory) {
    return shareOf(memory, 2);
  }

  private static ByteSize shareOf(ByteSize memory, int parts) {
    long whole = Math.max(memory.bytes() / parts, MIB.bytes());
    return new ByteSize(whole - whole % MIB.bytes());
  }

  private static Option<ListenAddress> address(String door, int port, String text, String doc) {
    return add(door + ".address", door, OptionType.address(port), text, doc);
  }

  private static <T> Option<T> add(
      String name, OptionType<T> type, String text, String doc, Trait... traits) {
    return add(name, "", type, Fallback.of(text), doc, traits);
  }

  private static <T> Option<T> add(
      String name, OptionType<T> type, Fallback fallback, String doc, Trait... traits) {
    return add(name, "", type, fallback, doc, traits);
  }

  private static <T> Option<T> add(
      String name, String alias, OptionType<T> type, String text, String doc, Trait... traits) {
    return add(name, alias, type, Fallback.of(text), doc, traits);
  }

  private static <T> Option<T> add(
      String name,
      String alias,
      OptionType<T> type,
      Fallback fallback,
      String doc,
      Trait... traits) {
    Option<T> option = new Option<>(name, alias, type, fallback, Set.of(traits), doc);
    ALL.add(option);
    return option;
  }
}
