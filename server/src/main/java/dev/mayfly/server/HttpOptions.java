package dev.mayfly.server;

import dev.mayfly.store.Bounds;
import dev.mayfly.store.ByteSize;
import java.time.Duration;

/**
 * The options of the http door and of its surfaces, each declared once; a part of {@link Options}.
 */
final class HttpOptions {
  static final OptionList LIST = new OptionList();

  private static final Duration DAY = Duration.ofDays(1);
  private static final ByteSize MIB = new ByteSize(1 << 20);
  private static final ByteSize UNBOUNDED = new ByteSize(Long.MAX_VALUE);

  static final Option<ByteSize> MAX_BODY =
      LIST.add(
          "http.max-body",
          "",
          OptionType.size(new ByteSize(1), new ByteSize(64 << 20)),
          "8MiB",
          "The largest body of a request to the http door.");
  static final Option<ByteSize> MAX_HEADER_SIZE =
      LIST.add(
          "http.max-header-size",
          "",
          OptionType.size(new ByteSize(1024), MIB),
          "16KiB",
          "How much a request's line may take, and how much its header fields together.");
  static final Option<Duration> IDLE_TIMEOUT =
      LIST.add(
          "http.idle-timeout",
          "",
          OptionType.duration(Duration.ofSeconds(1), DAY),
          "1m",
          "After how long without a byte either way a connection to the http door is closed.");
  static final Option<Long> MAX_BATCH =
      LIST.add(
          "http.max-batch",
          "",
          OptionType.number(1, 100_000),
          "1000",
          "How many operations a batch request may have, and keys a page of a listing.");
  static final Option<Long> MAX_CONNECTIONS =
      LIST.add(
          "http.max-connections",
          "",
          OptionType.number(1, 1_000_000),
          "10000",
          "How many connections the http door keeps open; more are closed at once.");
  static final Option<Long> MAX_PIPELINED =
      LIST.add(
          "http.max-pipelined",
          "",
          OptionType.number(1, 10_000_000),
          "20000",
          "How many requests to the http door may wait for the answers to earlier ones of their"
              + " connections, all connections together; the connection that adds one more is"
              + " closed.");
  static final Option<ByteSize> MAX_HEADS =
      LIST.add(
          "http.max-heads",
          "",
          OptionType.size(MIB, UNBOUNDED),
          "32MiB",
          "How much memory the heads of requests to the HTTP door may take together until they are"
              + " answered, beyond 4 KiB for each connection; a request that finds no room is"
              + " refused, and its connection closed.");
  static final Option<Duration> REQUEST_TIMEOUT =
      LIST.add(
          "http.request-timeout",
          "",
          OptionType.duration(Duration.ofSeconds(1), DAY),
          "1m",
          "How long the head of a request to the HTTP door may take to come, and its body after"
              + " it, but for snapshots; one that takes longer is refused.");
  static final Option<ByteSize> MAX_IN_FLIGHT =
      LIST.add(
          "http.max-in-flight",
          "",
          OptionType.size(MIB, UNBOUNDED),
          "64MiB",
          "How much memory request bodies may take together while they arrive; a request"
              + " that finds no room is refused as overloaded, unless it is small.");
  static final Option<ByteSize> OUTPUT_MEMORY =
      LIST.add(
          "http.output-memory",
          "",
          OptionType.size(new ByteSize(1), UNBOUNDED),
          "64MiB",
          "From how many bytes of answers on that clients of the HTTP door have not taken, all of"
              + " them together, those that may be large wait for their turn.");
  static final Option<Duration> OUTPUT_TIMEOUT =
      LIST.add(
          "http.output-timeout",
          "",
          OptionType.duration(Duration.ofMillis(1), DAY),
          "10s",
          "How long a client of the HTTP door may take nothing of what it is sent while others wait"
              + " for http.output-memory; then its connection is closed.");
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

  private HttpOptions() {}
}
