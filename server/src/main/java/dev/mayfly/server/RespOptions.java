package dev.mayfly.server;

import dev.mayfly.store.ByteSize;
import java.time.Duration;

/** The options of the resp door, each declared once; a part of {@link Options}. */
final class RespOptions {
  static final OptionList LIST = new OptionList();

  private static final Duration DAY = Duration.ofDays(1);
  private static final ByteSize UNBOUNDED = new ByteSize(Long.MAX_VALUE);

  static final Option<Long> MAX_CONNECTIONS =
      LIST.add(
          "resp.max-connections",
          "",
          OptionType.number(1, 1_000_000),
          "10000",
          "How many clients the RESP door serves at a time; one more is told so and closed.");
  static final Option<Long> MAX_ARGUMENTS =
      LIST.add(
          "resp.max-arguments",
          "",
          OptionType.number(4, 1_048_576),
          "1048576",
          "How many arguments a command of the RESP door may have.");
  static final Option<ByteSize> MAX_COMMAND =
      LIST.add(
          "resp.max-command",
          "",
          OptionType.size(new ByteSize(64 << 10), new ByteSize(1L << 30)),
          "64MiB",
          "How many bytes one command of the RESP door may have, all its arguments together;"
              + " a larger one is refused.");
  static final Option<ByteSize> MAX_QUEUED =
      LIST.add(
          "resp.max-queued",
          "",
          OptionType.size(new ByteSize(1), UNBOUNDED),
          "64MiB",
          "How many bytes the commands that a client queues with MULTI may have together.");
  static final Option<ByteSize> MAX_INPUT =
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
  static final Option<ByteSize> OUTPUT_PAUSE =
      LIST.add(
          "resp.output-pause",
          "",
          OptionType.size(new ByteSize(1024), new ByteSize(1L << 30)),
          "1MiB",
          "From how many bytes of replies on that a client does not take, the RESP door runs no"
              + " more of its commands.");
  static final Option<ByteSize> OUTPUT_MAX =
      LIST.add(
          "resp.output-max",
          "",
          OptionType.size(new ByteSize(1024), UNBOUNDED),
          "32MiB",
          "A subscriber of the RESP door for whom more messages than this wait is cut. At least"
              + " resp.output-pause.");
  static final Option<ByteSize> OUTPUT_MEMORY =
      LIST.add(
          "resp.output-memory",
          "",
          OptionType.size(new ByteSize(1), UNBOUNDED),
          "96MiB",
          "From how many bytes of replies and messages on that clients of the RESP door have not"
              + " taken, all clients together, large replies wait for their turn, and nothing more"
              + " is run for who has not taken its own. From twice as much on, a client that still"
              + " adds to it is cut.");
  static final Option<Duration> OUTPUT_TIMEOUT =
      LIST.add(
          "resp.output-timeout",
          "",
          OptionType.duration(Duration.ofMillis(1), DAY),
          "10s",
          "How long a client of the RESP door may take nothing of what it is sent, no 256 KiB of a"
              + " large reply, while others wait for resp.output-memory; then it is cut.");
  static final Option<Long> MAX_SUBSCRIPTIONS =
      LIST.add(
          "resp.max-subscriptions",
          "",
          OptionType.number(1, 1_000_000),
          "10000",
          "How many channels, patterns and watches one client of the RESP door may have.");
  static final Option<ByteSize> MAX_REPLY =
      LIST.add(
          "resp.max-reply",
          "",
          OptionType.size(new ByteSize(1024), new ByteSize(1L << 30)),
          "64MiB",
          "How many bytes one reply of the RESP door may have; a larger one becomes an error. At"
              + " least resp.output-pause.");
  static final Option<Long> MAX_WATCHED_KEYS =
      LIST.add(
          "resp.max-watched-keys",
          "",
          OptionType.number(1, 1_000_000),
          "1000",
          "How many keys one client of the RESP door may WATCH for a transaction.");
  static final Option<Long> MAX_TRACKED_READS =
      LIST.add(
          "resp.max-tracked-reads",
          "",
          OptionType.number(1, 100_000_000),
          "1000000",
          "How many keys the RESP door remembers to have been read by clients that keep a cache,"
              + " each key once for each of them; beyond, their caches are invalidated.");
  static final Option<ByteSize> MAX_REMEMBERED =
      LIST.add(
          "resp.max-remembered",
          "",
          OptionType.size(new ByteSize(64 << 10), UNBOUNDED),
          "64MiB",
          "How many bytes all clients of the RESP door together may have it remember of channels,"
              + " patterns, watches, prefixes and keys to watch; more is refused. As many again of"
              + " what clients that keep a cache have read; beyond, their caches are invalidated.");
  static final Option<Boolean> DEBUG =
      LIST.add(
          "resp.debug",
          "",
          OptionType.flag(),
          "false",
          "Whether DEBUG SLEEP does as asked, which holds up other clients.");
  static final Option<Long> EVENT_LOOPS =
      LIST.add(
          "resp.event-loops",
          "",
          OptionType.number(0, 1024),
          "0",
          "How many threads run the commands of the RESP door; 0 for one to each two processors. On"
              + " a machine that does nothing else, one to each processor serves more.");
  static final Option<ByteSize> HELP_FROM =
      LIST.add(
          "resp.help-from",
          "",
          OptionType.size(new ByteSize(0), new ByteSize(1L << 30)),
          "16KiB",
          "From how many bytes of commands on, of all clients that an event loop of the RESP door"
              + " serves in one turn, a second thread may help to run them, and does where such"
              + " turns have ended sooner with it lately; 0 for never. Nor does one where each"
              + " processor has an event loop.");

  private RespOptions() {}
}
