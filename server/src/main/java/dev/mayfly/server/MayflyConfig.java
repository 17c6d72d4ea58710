package dev.mayfly.server;

import dev.mayfly.store.ByteSize;
import java.time.Duration;
import java.util.Map;

/**
 * The configuration of one server, checked and complete.
 *
 * <p>Immutable. {@code docs/reference/configuration.md} says what each value means.
 *
 * @param name what the server is called
 * @param addresses where its doors listen
 * @param stopTimeout how long a stop waits; zero means at once
 * @param log what is logged, and how
 * @param limits what the store may hold and clients may ask for
 * @param history which old versions of values are kept
 * @param prune when keys are removed to make room
 * @param events how much of the past the event log holds, and how it may be watched
 * @param lockWaiting how many may wait for locks
 * @param leases how many leases there may be
 * @param engine how the store's memory is laid out
 * @param http what the http door takes
 * @param grpc what the grpc door takes
 * @param counter what counters hold, and what their door takes
 * @param rateLimits the rules of Envoy's rate limit service
 * @param resp what the resp door takes
 * @param getStore what the GET-only store's routes take
 * @param keyMetrics for which keys metrics are kept
 * @param journal where the store is kept beyond this process
 * @param metrics whether the monitor answers {@code /metrics}
 * @param isTracing whether spans are sent to a collector
 * @param isReadOnly whether the server starts with writes refused
 * @param privilegedClientId who may do an operator's work; empty: nobody. Secret
 */
public record MayflyConfig(
    String name,
    Addresses addresses,
    Duration stopTimeout,
    Log log,
    Limits limits,
    History history,
    Prune prune,
    Events events,
    LockWaiting lockWaiting,
    Leases leases,
    Engine engine,
    Http http,
    Grpc grpc,
    Counter counter,
    RateLimits rateLimits,
    Resp resp,
    GetStore getStore,
    KeyMetrics keyMetrics,
    Journal journal,
    boolean metrics,
    boolean isTracing,
    boolean isReadOnly,
    String privilegedClientId) {

  /** Where each door listens. */
  public record Addresses(
      ListenAddress http,
      ListenAddress monitor,
      ListenAddress grpc,
      ListenAddress resp,
      ListenAddress counter) {}

  /**
   * Where the store is kept.
   *
   * @param data a folder; empty, as {@code database}: in memory only
   * @param database a URL, maybe with a password in it: secret
   * @param isNamed whether the server's name was given
   */
  public record Journal(
      String data,
      String database,
      boolean isNamed,
      JournalMode mode,
      Duration interval,
      long logBytesMax,
      int keep,
      boolean fresh) {
    /** Whether the store is kept at all. */
    public boolean isOn() {
      return !data.isEmpty() || !database.isEmpty();
    }

    @Override
    public String toString() {
      return "Journal[" + mode + "]";
    }
  }

  /** What is logged, and how. */
  public record Log(LogLevel level, LogFormat format) {}

  /** What the store may hold, and what clients may ask for; {@code keysMax} 0 means no limit. */
  public record Limits(
      int keyBytesMax,
      int valueBytesMax,
      long keysMax,
      ByteSize memoryMax,
      Duration lockMin,
      Duration lockMax,
      Duration lifespanMin) {}

  /** Which old versions are kept; {@code versionsMax} -1 means all, 0 none. */
  public record History(int versionsMax, boolean keepDeleted, Duration deletedAgeMax) {}

  /** When keys are removed to make room; zero for {@code interval} or an {@code at} means never. */
  public record Prune(Duration interval, long at, long to, long eagerAt, long eagerTo) {}

  /** How much of the past the event log holds; {@code watchersMax} 0 means no limit. */
  public record Events(
      ByteSize memoryMax, int watchersMax, Duration sendTimeout, ByteSize backlog) {}

  /** How many may wait for locks, in all and for each. */
  public record LockWaiting(int waitersMax, int keyWaitersMax) {}

  /** How many leases there may be, and how many keys each may have. */
  public record Leases(int leasesMax, int keysMax) {}

  /** How the store's memory is laid out; {@code shards} 0 leaves the choice to the engine. */
  public record Engine(int shards, HugePages hugePages) {}

  /** What the http door takes. */
  public record Http(
      ByteSize bodyMax,
      ByteSize headerMax,
      Duration idleTimeout,
      int batchMax,
      int connectionsMax,
      int pipelinedMax,
      ByteSize headsMax,
      Duration requestTimeout,
      ByteSize inFlightMax,
      ByteSize outputMemory,
      Duration outputTimeout) {}

  /**
   * What the grpc door takes.
   *
   * @param callsMax for each connection
   * @param inputMax 0: what suits the largest value
   * @param certificate a PEM file; empty, as {@code key}: plaintext
   */
  public record Grpc(
      int connectionsMax,
      int callsMax,
      int openCallsMax,
      ByteSize inputMax,
      Duration requestTimeout,
      ByteSize outputMemory,
      ByteSize outputPause,
      Duration outputTimeout,
      ByteSize replyMax,
      int scansMax,
      ByteSize inFlightMax,
      boolean registrationRequired,
      String certificate,
      String key) {}

  /**
   * What counters hold, and what their door takes; {@code keysMax} 0 means no limit.
   *
   * @param tcp where TCP connections are taken; off: where datagrams are
   * @param http where the counter REST has a listener of its own
   * @param secret secret; empty: none
   * @param peers addresses with commas between
   */
  public record Counter(
      ListenAddress tcp,
      ListenAddress http,
      String secret,
      String secretFile,
      String peers,
      String self,
      Duration window,
      ByteSize memoryMax,
      long keysMax,
      int namespacesMax,
      int connectionsMax,
      Duration idleTimeout,
      ByteSize inputMax,
      ByteSize outputMemory,
      Duration outputTimeout) {
    @Override
    public String toString() {
      return "Counter[" + tcp + "]";
    }
  }

  /** The file of the rules of Envoy's rate limit service, empty: none; and whether to try only. */
  public record RateLimits(String rules, boolean shadow) {}

  /** What the resp door takes; 0 event loops: as many as suit the machine. */
  public record Resp(
      int connectionsMax,
      int argumentsMax,
      ByteSize commandMax,
      ByteSize queuedMax,
      ByteSize inputMax,
      ByteSize outputPause,
      ByteSize outputMax,
      ByteSize outputMemory,
      Duration outputTimeout,
      ByteSize replyMax,
      int subscriptionsMax,
      int watchedKeysMax,
      int trackedReadsMax,
      ByteSize rememberedMax,
      int eventLoops,
      ByteSize helpFrom,
      boolean sleepAllowed) {}

  /** What the GET-only store's routes take, in UTF-16 units. */
  public record GetStore(int keyLengthMax, int valueLengthMax) {}

  /**
   * A configuration for an embedded server, from option names and values; what is absent has its
   * default. Reads neither files nor the environment.
   *
   * @throws ConfigException as {@link ConfigLoader#load} does
   */
  public static MayflyConfig of(Map<String, String> options) {
    return new ConfigLoader(Surroundings.ofProcess().withoutSources()).load(options).config();
  }

  @Override
  public String toString() {
    return "MayflyConfig[" + name + "]";
  }

  static MayflyConfig of(Values values) {
    return new MayflyConfig(
        values.get(Options.NAME),
        new Addresses(
            values.get(Options.HTTP_ADDRESS),
            values.get(Options.MONITOR_ADDRESS),
            values.get(Options.GRPC_ADDRESS),
            values.get(Options.RESP_ADDRESS),
            values.get(Options.COUNTER_ADDRESS)),
        values.get(Options.STOP_TIMEOUT),
        new Log(values.get(Options.LOG_LEVEL), values.get(Options.LOG_FORMAT)),
        limits(values),
        new History(
            values.get(Options.REVISION_LIMIT).intValue(),
            values.get(Options.KEEP_DELETED_KEY_HISTORY),
            values.get(Options.DELETED_KEY_HISTORY_MAX_AGE)),
        prune(values),
        new Events(
            values.get(Options.EVENTS_MAX_BYTES),
            values.get(Options.EVENTS_MAX_WATCHERS).intValue(),
            values.get(Options.EVENTS_SEND_TIMEOUT),
            values.get(Options.EVENTS_BACKLOG)),
        new LockWaiting(
            values.get(Options.LOCK_MAX_WAITERS).intValue(),
            values.get(Options.LOCK_MAX_KEY_WAITERS).intValue()),
        new Leases(
            values.get(Options.LEASE_MAX_LEASES).intValue(),
            values.get(Options.LEASE_MAX_KEYS).intValue()),
        new Engine(
            values.get(Options.ENGINE_SHARDS).intValue(), values.get(Options.ENGINE_HUGE_PAGES)),
        http(values),
        grpc(values),
        counter(values),
        new RateLimits(
            values.get(GrpcOptions.RATE_LIMIT_RULES), values.get(GrpcOptions.RATE_LIMIT_SHADOW)),
        new Resp(
            values.get(RespOptions.MAX_CONNECTIONS).intValue(),
            values.get(RespOptions.MAX_ARGUMENTS).intValue(),
            values.get(RespOptions.MAX_COMMAND),
            values.get(RespOptions.MAX_QUEUED),
            values.get(RespOptions.MAX_INPUT),
            values.get(RespOptions.OUTPUT_PAUSE),
            values.get(RespOptions.OUTPUT_MAX),
            values.get(RespOptions.OUTPUT_MEMORY),
            values.get(RespOptions.OUTPUT_TIMEOUT),
            values.get(RespOptions.MAX_REPLY),
            values.get(RespOptions.MAX_SUBSCRIPTIONS).intValue(),
            values.get(RespOptions.MAX_WATCHED_KEYS).intValue(),
            values.get(RespOptions.MAX_TRACKED_READS).intValue(),
            values.get(RespOptions.MAX_REMEMBERED),
            values.get(RespOptions.EVENT_LOOPS).intValue(),
            values.get(RespOptions.HELP_FROM),
            values.get(RespOptions.DEBUG)),
        new GetStore(
            values.get(HttpOptions.GET_STORE_MAX_KEY_LENGTH).intValue(),
            values.get(HttpOptions.GET_STORE_MAX_VALUE_LENGTH).intValue()),
        values.get(Options.KEY_METRICS),
        JournalOptions.config(values),
        values.get(Options.METRICS),
        values.get(Options.TRACE),
        values.get(Options.READONLY),
        values.get(Options.PRIVILEGED_CLIENT_ID));
  }

  private static Grpc grpc(Values values) {
    return new Grpc(
        values.get(GrpcOptions.MAX_CONNECTIONS).intValue(),
        values.get(GrpcOptions.MAX_CALLS).intValue(),
        values.get(GrpcOptions.MAX_OPEN_CALLS).intValue(),
        values.get(GrpcOptions.MAX_INPUT),
        values.get(GrpcOptions.REQUEST_TIMEOUT),
        values.get(GrpcOptions.OUTPUT_MEMORY),
        values.get(GrpcOptions.OUTPUT_PAUSE),
        values.get(GrpcOptions.OUTPUT_TIMEOUT),
        values.get(GrpcOptions.MAX_REPLY),
        values.get(GrpcOptions.MAX_SCANS).intValue(),
        values.get(GrpcOptions.MAX_IN_FLIGHT),
        values.get(Options.REQUIRE_REGISTRATION),
        values.get(Options.TLS_CERT),
        values.get(Options.TLS_KEY));
  }

  private static Http http(Values values) {
    return new Http(
        values.get(HttpOptions.MAX_BODY),
        values.get(HttpOptions.MAX_HEADER_SIZE),
        values.get(HttpOptions.IDLE_TIMEOUT),
        values.get(HttpOptions.MAX_BATCH).intValue(),
        values.get(HttpOptions.MAX_CONNECTIONS).intValue(),
        values.get(HttpOptions.MAX_PIPELINED).intValue(),
        values.get(HttpOptions.MAX_HEADS),
        values.get(HttpOptions.REQUEST_TIMEOUT),
        values.get(HttpOptions.MAX_IN_FLIGHT),
        values.get(HttpOptions.OUTPUT_MEMORY),
        values.get(HttpOptions.OUTPUT_TIMEOUT));
  }

  private static Limits limits(Values values) {
    return new Limits(
        values.get(Options.MAX_KEY_LENGTH).intValue(),
        values.get(Options.MAX_VALUE_SIZE).clampedToInt(),
        values.get(Options.MAX_KEYS),
        values.get(Options.MAX_BYTES),
        values.get(Options.MIN_LOCK_DURATION),
        values.get(Options.MAX_LOCK_DURATION),
        values.get(Options.MIN_LIFESPAN));
  }

  private static Counter counter(Values values) {
    return new Counter(
        values.get(CounterOptions.TCP),
        values.get(CounterOptions.HTTP),
        values.get(CounterOptions.SHARED_SECRET),
        values.get(CounterOptions.SECRET_FILE),
        values.get(CounterOptions.PEERS),
        values.get(CounterOptions.SELF),
        values.get(CounterOptions.TTL),
        values.get(CounterOptions.MAX_BYTES),
        values.get(CounterOptions.MAX_KEYS),
        values.get(CounterOptions.MAX_NAMESPACES).intValue(),
        values.get(CounterOptions.MAX_CONNECTIONS).intValue(),
        values.get(CounterOptions.IDLE_TIMEOUT),
        values.get(CounterOptions.MAX_INPUT),
        values.get(CounterOptions.OUTPUT_MEMORY),
        values.get(CounterOptions.OUTPUT_TIMEOUT));
  }

  private static Prune prune(Values values) {
    return new Prune(
        values.get(Options.PRUNE_INTERVAL),
        values.get(Options.PRUNE_AT),
        orNineTenths(values.get(Options.PRUNE_TO), values.get(Options.PRUNE_AT)),
        values.get(Options.PRUNE_EAGER_AT),
        orNineTenths(values.get(Options.PRUNE_EAGER_TO), values.get(Options.PRUNE_EAGER_AT)));
  }

  private static long orNineTenths(long to, long at) {
    return to > 0 ? to : at / 10 * 9 + at % 10 * 9 / 10;
  }
}
