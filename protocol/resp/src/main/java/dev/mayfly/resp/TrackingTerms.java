package dev.mayfly.resp;

import java.util.Set;

/**
 * How a client has its cache kept true. Immutable.
 *
 * @param broadcast whether it is told of every key with one of the prefixes, read or not
 * @param prefixes for broadcasts, one at least: that of every key is empty; else none
 * @param optIn whether it caches only what it reads after CLIENT CACHING YES
 * @param optOut whether it caches what it reads but after CLIENT CACHING NO
 * @param ownSpared whether it is not told of its own writes
 * @param redirect the client that is told in its place; 0: itself
 */
record TrackingTerms(
    boolean broadcast,
    Set<ByteKey> prefixes,
    boolean optIn,
    boolean optOut,
    boolean ownSpared,
    long redirect) {
  /** What the prefixes take of what is kept of a client. */
  long prefixBytes() {
    return prefixes.stream()
        .mapToLong(prefix -> prefix.bytes().length + (long) KeptBytes.OVERHEAD)
        .sum();
  }
}
