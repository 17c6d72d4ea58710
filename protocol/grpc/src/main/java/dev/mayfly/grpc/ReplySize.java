package dev.mayfly.grpc;

import dev.mayfly.store.Stamp;

/**
 * How much a method tells, as known before it is run. Immutable.
 *
 * @param <Q> the request
 */
@FunctionalInterface
interface ReplySize<Q> {
  /** Of a method whose reply has a few short fields. */
  ReplySize<Object> SMALL = (request, stamp) -> 0;

  /** Of a method whose reply may have any length. */
  ReplySize<Object> UNKNOWN = (request, stamp) -> Long.MAX_VALUE;

  /** What one of many short parts of a reply takes, at most or nearly. */
  long PART_BYTES = 64;

  /** How many bytes: an estimate from above, by what there is now. Returns at once. */
  long of(Q request, Stamp stamp);
}
