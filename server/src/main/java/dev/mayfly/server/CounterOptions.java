package dev.mayfly.server;

import static dev.mayfly.server.Option.Trait.SECRET;

import dev.mayfly.server.Option.Fallback;
import dev.mayfly.store.ByteSize;
import java.time.Duration;

/** The options of counters and of their door, each declared once; a part of {@link Options}. */
final class CounterOptions {
  static final OptionList LIST = new OptionList();

  private static final Duration DAY = Duration.ofDays(1);
  private static final ByteSize MIB = new ByteSize(1 << 20);

  static final Option<ListenAddress> TCP =
      LIST.add(
          "counter.tcp",
          "",
          OptionType.address(3509),
          "off",
          "Where the counter door takes TCP connections, if not at counter.address; off: there.");
  static final Option<ListenAddress> HTTP =
      LIST.add(
          "counter.http",
          "",
          OptionType.address(3510),
          "off",
          "Where the counter REST has a listener of its own, for clients that expect nothing else"
              + " there; the http door answers its routes as well.");
  static final Option<String> SHARED_SECRET =
      LIST.add(
          "counter.secret",
          "",
          OptionType.text(1000),
          "",
          "What callers of the counter door must know. Of the old packets only its first"
              + " eight bytes"
              + " count, which they carry in clear; frames are signed with the whole.",
          SECRET);
  static final Option<String> SECRET_FILE =
      LIST.add(
          "counter.secret-file",
          "",
          OptionType.text(4096),
          "",
          "A file whose first line is that secret, instead of counter.secret.");
  static final Option<String> PEERS =
      LIST.add(
          "counter.peers",
          "",
          OptionType.text(10_000),
          "",
          "The other servers of an old cluster, host:port with commas between: every put is sent to"
              + " each of them. The list may contain this server.");
  static final Option<String> SELF =
      LIST.add(
          "counter.self",
          "",
          OptionType.text(1000),
          "",
          "This server's own host:port in counter.peers, where it cannot tell by itself.");
  static final Option<Duration> TTL =
      LIST.add(
          "counter.ttl",
          "ttl",
          OptionType.duration(Duration.ofMillis(1), Duration.ofDays(3660)),
          "1m",
          "How long an event counts, in namespaces without a policy of their own.");
  static final Option<ByteSize> MAX_BYTES =
      LIST.add(
          "counter.max-bytes",
          "",
          OptionType.size(MIB, new ByteSize(1L << 40)),
          new Fallback(
              "an eighth of the memory this process may use",
              surroundings -> OptionList.shareOf(surroundings.memory(), 8).toString()),
          "How much memory counters and limits may take together.");
  static final Option<Long> MAX_KEYS =
      LIST.add(
          "counter.max-keys",
          "",
          OptionType.number(0, Long.MAX_VALUE),
          "0",
          "How many keys counters and limits may have; 0 sets no limit besides counter.max-bytes.");
  static final Option<Long> MAX_NAMESPACES =
      LIST.add(
          "counter.max-namespaces",
          "",
          OptionType.number(1, 1 << 24),
          "65536",
          "How many namespaces there may be at a time.");
  static final Option<Long> MAX_CONNECTIONS =
      LIST.add(
          "counter.max-connections",
          "",
          OptionType.number(1, 1_000_000),
          "1000",
          "How many TCP connections the counter door keeps open; more are closed at once.");
  static final Option<Duration> IDLE_TIMEOUT =
      LIST.add(
          "counter.idle-timeout",
          "",
          OptionType.duration(Duration.ofSeconds(1), DAY),
          "5m",
          "After how long without a byte either way a TCP connection to the counter door"
              + " is closed.");

  static final Option<ByteSize> MAX_INPUT =
      LIST.add(
          "counter.max-input",
          "",
          OptionType.size(new ByteSize(256 << 10), new ByteSize(1L << 40)),
          "32MiB",
          "How many bytes of messages that are not whole clients of the counter door may together"
              + " have sent over TCP, beyond 4 KiB each; a client that needs more is cut.");
  static final Option<ByteSize> OUTPUT_MEMORY =
      LIST.add(
          "counter.output-memory",
          "",
          OptionType.size(new ByteSize(1), new ByteSize(1L << 40)),
          "32MiB",
          "From how many bytes of answers on that clients of the counter door have not taken over"
              + " TCP, all of them together, listings wait for their turn.");
  static final Option<Duration> OUTPUT_TIMEOUT =
      LIST.add(
          "counter.output-timeout",
          "",
          OptionType.duration(Duration.ofMillis(1), DAY),
          "10s",
          "How long a client of the counter door may take nothing of what it is sent over TCP while"
              + " others wait for counter.output-memory; then its connection is closed.");

  private CounterOptions() {}
}
