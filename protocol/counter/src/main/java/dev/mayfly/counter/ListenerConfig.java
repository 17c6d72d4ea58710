package dev.mayfly.counter;

import java.time.Duration;

/**
 * What the counter door takes.
 *
 * @param secret what callers must know
 * @param connectionsMax how many TCP connections it keeps open; more are closed at once
 * @param idleTimeout after how long without a byte a TCP connection is closed
 * @param inputBytesMax how many bytes of messages over TCP that are not whole all callers together
 *     may have sent, but for the first 4 KiB of each; who would have more is cut
 * @param outputBytesMax from how many bytes of answers on that callers over TCP have not taken, all
 *     of them together, listings wait for their turn
 * @param outputTimeout how long a caller over TCP may take nothing while others wait for that
 * @param eventLoops how many threads serve TCP; datagrams have one of their own
 */
public record ListenerConfig(
    Secret secret,
    int connectionsMax,
    Duration idleTimeout,
    long inputBytesMax,
    long outputBytesMax,
    Duration outputTimeout,
    int eventLoops) {}
