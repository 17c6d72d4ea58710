package dev.mayfly.server;

import static dev.mayfly.server.Option.Trait.NOT_IN_FILE;
import static dev.mayfly.server.Option.Trait.SECRET;
import static dev.mayfly.server.Option.Trait.SWITCH;
import static dev.mayfly.server.Option.Trait.ZERO_IS_DEFAULT;

import dev.mayfly.server.Option.Fallback;
import dev.mayfly.store.Bounds;
import dev.mayfly.store.ByteSize;
import dev.mayfly.store.Leases;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every option of the server, each declared once: files, environment variables, flags, the
 * reference and the typed {@link MayflyConfig} all follow from here.
 */
final class Options {
  private static final Duration LONG = Duration.ofDays(36_500);
  private static final Duration DAY = Duration.ofDays(1);
  private static final ByteSize MIB = new ByteSize(1 << 20);
  private static final ByteSize BACKLOG_MIN = new ByteSize(64 << 10);
  private static final ByteSize UNBOUNDED = new ByteSize(Long.MAX_VALUE);
  private static final ByteSize VALUE_MAX = new ByteSize(Bounds.VALUE_BYTES_HARD_MAX);

  private static final OptionList LIST = new OptionList();

  static final Option<String> CONFIG =
      LIST.add(
          "config",
          "",
          OptionType.text(4096),
          "",
          "The configuration file to read, instead of mayfly.yaml in the working folder or in the"
              + " user's configuration folder.",
          NOT_IN_FILE);
  static final Option<String> NAME =
      LIST.add(
          "name",
          "",
          OptionType.text(255),
          new Fallback(
              "user@host", surroundings -> surroundings.user() + "@" + surroundings.host()),
          "What this server is called, in logs and in status answers, and whose snapshots it"
              + " loads. Where data keeps the store of one server, its name is the default for the"
              + " latter.");

  static final Option<ListenAddress> HTTP_ADDRESS =
      address(
          "http",
          8080,
          "127.0.0.1:8080",
          "Where the http door listens: the /v1 routes, the GET-only store, the JSON cache and the"
              + " counter REST.");
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
      address("resp", 6380, "127.0.0.1:6380", "Where the RESP door listens, for Redis clients.");
  static final Option<ListenAddress> COUNTER_ADDRESS =
      address(
          "counter",
          3509,
          "127.0.0.1:3509",
          "Where the counter door listens, for datagrams and for TCP connections.");

  static final Option<Duration> STOP_TIMEOUT =
      LIST.add(
          "stop-timeout",
          "",
          OptionType.duration(Duration.ZERO, DAY),
          "30s",
          "How long a stop waits for requests that are being answered; 0 stops at once.");
  static final Option<LogLevel> LOG_LEVEL =
      LIST.add(
          "log.level",
          "",
          OptionType.choice(LogLevel.class, true),
          "NOTICE",
          "The least grave log lines that are printed.");
  static final Option<LogFormat> LOG_FORMAT =
      LIST.add(
          "log.format",
          "",
          OptionType.choice(LogFormat.class, false),
          "text",
          "How log lines look: text for people, or one JSON object a line.");
  static final Option<Boolean> METRICS =
      LIST.add(
          "metrics",
          "",
          OptionType.flag(),
          "true",
          "Whether the monitor answers /metrics.",
          SWITCH);
  static final Option<Boolean> TRACE =
      LIST.add(
          "trace",
          "",
          OptionType.flag(),
          "false",
          "Whether requests to the http and gRPC doors, snapshots, start and stop are told to a"
              + " collector of OpenTelemetry, as its own environment variables (OTEL_*) say.",
          SWITCH);

  static final Option<Long> MAX_KEY_LENGTH =
      LIST.add(
          "max-key-length",
          "",
          OptionType.number(0, Bounds.KEY_BYTES_HARD_MAX),
          "1024",
          "The longest key, in bytes.",
          ZERO_IS_DEFAULT);
  static final Option<ByteSize> MAX_VALUE_SIZE =
      LIST.add(
          "max-value-size",
          "",
          OptionType.size(new ByteSize(0), VALUE_MAX),
          "1MB",
          "The largest value. 1MB is 1,000,000 bytes.",
          ZERO_IS_DEFAULT);
  static final Option<Long> MAX_KEYS =
      LIST.add(
          "max-keys",
          "",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "How many keys there may be; 0 sets no limit besides max-bytes.");
  static final Option<ByteSize> MAX_BYTES =
      LIST.add(
          "max-bytes",
          "",
          OptionType.size(MIB, UNBOUNDED),
          new Fallback(
              "half of the memory this process may use",
              surroundings -> OptionList.shareOf(surroundings.memory(), 2).toString()),
          "How much memory keys, values, index and history may take together. The memory this"
              + " process may use is the machine's or, where that is less, its container's.");
  static final Option<Duration> MIN_LOCK_DURATION =
      LIST.add(
          "min-lock-duration",
          "",
          OptionType.duration(Duration.ZERO, LONG),
          "5s",
          "The shortest lock that a client may ask for.",
          ZERO_IS_DEFAULT);
  static final Option<Duration> MAX_LOCK_DURATION =
      LIST.add(
          "max-lock-duration",
          "",
          OptionType.duration(Duration.ZERO, LONG),
          "15m",
          "The longest lock that a client may ask for.",
          ZERO_IS_DEFAULT);
  static final Option<Duration> MIN_LIFESPAN =
      LIST.add(
          "min-lifespan",
          "",
          OptionType.duration(Duration.ZERO, LONG),
          "5s",
          "The shortest lifespan that the gRPC door accepts; the other doors accept 1ms or more.",
          ZERO_IS_DEFAULT);
  static final Option<Boolean> READONLY =
      LIST.add("readonly", "", OptionType.flag(), "false", "Starts with writes refused.", SWITCH);
  static final Option<String> PRIVILEGED_CLIENT_ID =
      LIST.add(
          "privileged-client-id",
          "",
          OptionType.text(255),
          "",
          "The client id that may ask for what only an operator may; whoever knows it may use it,"
              + " so it is treated as a secret. Empty: nobody may.",
          SECRET);
  static final Option<Boolean> REQUIRE_REGISTRATION =
      LIST.add(
          "require-registration",
          "",
          OptionType.flag(),
          "false",
          "Whether the gRPC door refuses client ids that have not registered.",
          SWITCH);
  static final Option<String> TLS_CERT =
      LIST.add(
          "tls.cert",
          "",
          OptionType.text(4096),
          "",
          "A file with the certificate chain of the gRPC and http doors, in PEM form; empty:"
              + " plaintext.");
  static final Option<String> TLS_KEY =
      LIST.add(
          "tls.key",
          "",
          OptionType.text(4096),
          "",
          "The file with the certificate's private key, PKCS #8 in PEM form.");
  static final Option<KeyMetrics> KEY_METRICS =
      LIST.add(
          "key-metrics",
          "",
          OptionType.choice(KeyMetrics.class, false),
          "door",
          "For which keys counts and times of reads, writes and locks are kept: door keeps them for"
              + " keys written through gRPC and /v1.");

  static final Option<Long> REVISION_LIMIT =
      LIST.add(
          "revision-limit",
          "",
          OptionType.number(-1, 1_000_000),
          "5",
          "How many versions of a value are kept, the current one included, for keys written"
              + " through gRPC and /v1. 0 keeps no history, -1 sets no limit besides max-bytes.");
  static final Option<Boolean> KEEP_DELETED_KEY_HISTORY =
      LIST.add(
          "keep-deleted-key-history",
          "",
          OptionType.flag(),
          "false",
          "Whether the history of a key outlives it when it is deleted, popped or expires.",
          SWITCH);
  static final Option<Duration> DELETED_KEY_HISTORY_MAX_AGE =
      LIST.add(
          "deleted-key-history-max-age",
          "",
          OptionType.duration(Duration.ofMillis(1), LONG),
          "24h",
          "How long it does, where keep-deleted-key-history is on.");

  static final Option<Duration> PRUNE_INTERVAL =
      LIST.add(
          "prune.interval",
          "",
          OptionType.duration(Duration.ZERO, LONG),
          "0s",
          "How often the number of keys is compared with prune.at; 0 never.");
  static final Option<Long> PRUNE_AT =
      LIST.add(
          "prune.at",
          "",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "The number of keys from which a scheduled prune removes some; 0 never.");
  static final Option<Long> PRUNE_TO =
      LIST.add(
          "prune.to",
          "",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "The number of keys that a scheduled prune leaves; 0 leaves nine tenths of prune.at.");
  static final Option<Long> PRUNE_EAGER_AT =
      LIST.add(
          "prune.eager-at",
          "",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "The number of keys from which creating one sets off a prune; 0 never.");
  static final Option<Long> PRUNE_EAGER_TO =
      LIST.add(
          "prune.eager-to",
          "",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "The number of keys that such a prune leaves; 0 leaves nine tenths of prune.eager-at.");

  static final Option<ByteSize> EVENTS_MAX_BYTES =
      LIST.add(
          "events.max-bytes",
          "",
          OptionType.size(MIB, new ByteSize(1L << 40)),
          "64MiB",
          "How much memory the event log may take; it takes it as it grows. Events carry values of"
              + " up to a sixteenth of it.");
  static final Option<Long> EVENTS_MAX_WATCHERS =
      LIST.add(
          "events.max-watchers",
          "",
          OptionType.number(0, 1_000_000),
          "0",
          "How many watches may be open through all doors together; 0 sets no limit.");
  static final Option<Long> LOCK_MAX_WAITERS =
      LIST.add(
          "lock.max-waiters",
          "",
          OptionType.number(0, 1_000_000),
          "10000",
          "How many clients may wait for locks.");
  static final Option<Long> LOCK_MAX_KEY_WAITERS =
      LIST.add(
          "lock.max-key-waiters",
          "",
          OptionType.number(0, 1_000_000),
          "1000",
          "How many of them may wait for the same lock.");
  static final Option<Long> LEASE_MAX_LEASES =
      LIST.add(
          "lease.max-leases",
          "",
          OptionType.number(0, 10_000_000),
          "10000",
          "How many leases there may be at a time.");
  static final Option<Long> LEASE_MAX_KEYS =
      LIST.add(
          "lease.max-keys",
          "",
          OptionType.number(1, Leases.KEYS_MAX),
          "10000",
          "How many keys may live on one lease.");
  static final Option<Duration> EVENTS_SEND_TIMEOUT =
      LIST.add(
          "events.send-timeout",
          "",
          OptionType.duration(Duration.ofMillis(1), DAY),
          "1s",
          "How long a watcher that asked to be disconnected rather than to lag may take nothing"
              + " while events wait for it.");
  static final Option<ByteSize> EVENTS_BACKLOG =
      LIST.add(
          "events.backlog",
          "",
          OptionType.size(BACKLOG_MIN, UNBOUNDED),
          "16MiB",
          "How much of what watchers of the gRPC door were told is kept for those of them that take"
              + " it later, never more than the event log may take; one further behind reads the"
              + " log by itself.");
  static final Option<Long> ENGINE_SHARDS =
      LIST.add(
          "engine.shards",
          "",
          OptionType.number(0, 4096),
          "0",
          "Into how many independent parts the keys are divided, a power of two; 0 chooses by the"
              + " number of processors.");
  static final Option<HugePages> ENGINE_HUGE_PAGES =
      LIST.add(
          "engine.huge-pages",
          "",
          OptionType.choice(HugePages.class, false),
          "auto",
          "Whether the store's memory asks the system for huge pages.");

  private Options() {}

  /** In the order of declaration. */
  static List<Option<?>> all() {
    return Stream.of(
            LIST,
            JournalOptions.LIST,
            HttpOptions.LIST,
            GrpcOptions.LIST,
            CounterOptions.LIST,
            RespOptions.LIST)
        .<Option<?>>flatMap(list -> list.all().stream())
        .toList();
  }

  private static Option<ListenAddress> address(String door, int port, String text, String doc) {
    return LIST.add(door + ".address", door, OptionType.address(port), text, doc);
  }
}
