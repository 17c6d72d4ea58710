package dev.mayfly.resp;

import dev.mayfly.store.Rules;

/**
 * What the resp door is built with. Immutable.
 *
 * @param version of the server, as INFO and HELLO tell it
 * @param eventLoops how many event loops the door has, at least 1
 * @param helpFromBytes from how many bytes of commands in one turn on an event loop is helped, at
 *     least 0; 0: never
 * @param connectionsMax how many clients may be connected, at least 1; one more is refused
 * @param argumentsMax how many arguments a command may have, its name included, at least 4
 * @param commandBytesMax how many bytes one command may have, at least 64 KiB; a larger one is
 *     refused
 * @param queuedBytesMax how many bytes the commands queued by MULTI may have together, at least 1
 * @param inputBytesMax how many bytes of commands that wait to be run all clients together may
 *     have, at least 1; a client that needs more is told so and cut
 * @param outputPauseBytes from how many bytes of replies on that a client does not take, nothing
 *     more is read from it, at least 1024
 * @param outputBytesMax a subscriber is cut when more messages than this wait for it, at least
 *     {@code outputPauseBytes}
 * @param outputMemoryBytesMax from how many bytes on of replies and messages that clients have not
 *     taken, all clients together, large replies wait, at least 1
 * @param outputTimeoutMillis how long a client may take nothing while others wait for that memory,
 *     at least 1
 * @param replyBytesMax how many bytes one reply may have, at least {@code outputPauseBytes}
 * @param subscriptionsMax how many channels, patterns and watches one client may have, at least 1
 * @param watchedKeysMax how many keys one client may WATCH, at least 1
 * @param trackedReadsMax how many reads are remembered for clients that keep a cache, at least 1
 * @param keptBytesMax how many bytes of names of channels, patterns, prefixes, watches and keys to
 *     watch all clients together may have remembered, and as many for their reads, at least 1
 * @param evicting whether keys make room for others at the store's limits
 * @param sleepAllowed whether DEBUG SLEEP does as asked
 * @param rules what writes through this door mean
 */
public record RespConfig(
    String version,
    int eventLoops,
    int helpFromBytes,
    int connectionsMax,
    int argumentsMax,
    long commandBytesMax,
    long queuedBytesMax,
    long inputBytesMax,
    int outputPauseBytes,
    long outputBytesMax,
    long outputMemoryBytesMax,
    long outputTimeoutMillis,
    int replyBytesMax,
    int subscriptionsMax,
    int watchedKeysMax,
    int trackedReadsMax,
    long keptBytesMax,
    boolean evicting,
    boolean sleepAllowed,
    Rules rules) {
  private static final int COMMAND_BYTES_MIN = 64 << 10;

  /** Checks the ranges. */
  public RespConfig {
    requireAtLeast("event loops", eventLoops, 1);
    requireAtLeast("help from bytes", helpFromBytes, 0);
    requireAtLeast("connections max", connectionsMax, 1);
    requireAtLeast("arguments max", argumentsMax, 4);
    requireAtLeast("command bytes max", commandBytesMax, COMMAND_BYTES_MIN);
    requireAtLeast("queued bytes max", queuedBytesMax, 1);
    requireAtLeast("input bytes max", inputBytesMax, 1);
    requireAtLeast("output pause bytes", outputPauseBytes, 1024);
    requireAtLeast("output bytes max", outputBytesMax, outputPauseBytes);
    requireAtLeast("output memory bytes max", outputMemoryBytesMax, 1);
    requireAtLeast("output timeout millis", outputTimeoutMillis, 1);
    requireAtLeast("reply bytes max", replyBytesMax, outputPauseBytes);
    requireAtLeast("subscriptions max", subscriptionsMax, 1);
    requireAtLeast("watched keys max", watchedKeysMax, 1);
    requireAtLeast("tracked reads max", trackedReadsMax, 1);
    requireAtLeast("kept bytes max", keptBytesMax, 1);
  }

  private static void requireAtLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s %d: expected at least %d".formatted(what, value, least));
    }
  }

  /** What the original calls it: mayfly removes the keys that were used least and longest ago. */
  String maxmemoryPolicy() {
    return evicting ? "allkeys-lru" : "noeviction";
  }
}
