package dev.mayfly.store;

import java.util.List;

/**
 * Counts of what happened lately: a hit is one event of a key in a namespace, and an event counts
 * from its own moment t until its namespace's window is over, in [t, t + window).
 *
 * <p>A namespace exists while one of its keys has a live event. Namespaces and keys are any bytes,
 * no bytes included; arrays handed in are not kept, and arrays handed out are the caller's.
 *
 * <p>A key with few moments is counted exactly. One with more distinct moments than its policy's
 * threshold is counted in buckets: there an event may count up to one bucket longer than its
 * window, never shorter. Sums of namespaces and of the server include an event for at most one tick
 * (4 ms), and what expiry lags behind, longer than the key's own count.
 *
 * <p>The caller says what time it is, in milliseconds since the epoch, so that a batch asks its
 * clock once. Safe for concurrent use; linearizable per key. No call blocks for longer than another
 * one on the same part of the store takes; counting costs O(1), amortised.
 */
public interface Counters {
  /** The most events of one hit. */
  long TIMES_MAX = 4_294_967_295L;

  /**
   * Counts so many events of a key at once, all of this moment.
   *
   * @param times 1..{@link #TIMES_MAX}
   * @return how many events of the key are live now, these included
   * @throws MayflyException KEY_TOO_LONG for key or namespace, ARGUMENT_INVALID for times,
   *     STORE_FULL where a limit is reached and the policy is to refuse, NUMBER_OVERFLOW
   */
  long hit(byte[] namespace, byte[] key, long times, long nowMillis);

  /** How many events of a key are live; 0 if there is no such key. Changes nothing. */
  long count(byte[] namespace, byte[] key, long nowMillis);

  /** How many events of all keys of a namespace are live. */
  long countNamespace(byte[] namespace, long nowMillis);

  /** How many events are live in the whole store. */
  long countAll(long nowMillis);

  /** All namespaces in the order of their bytes, unsigned. */
  List<byte[]> namespaces(long nowMillis);

  /**
   * The keys of a namespace that have live events and that the filter accepts, in the order of
   * their bytes, unsigned. Looks at every key of the store, in steps that others pass: it may take
   * long, and sees a key that was there throughout for certain.
   *
   * @param keysMax how many to list at most, the first ones in order; positive
   */
  List<byte[]> keys(byte[] namespace, KeyFilter filter, int keysMax, long nowMillis);

  /** The policy that holds for a namespace now, whether it exists or not. */
  CounterPolicy policy(byte[] namespace);

  /**
   * Gives a namespace a policy of its own, also for the time when it does not exist. Events that
   * are live keep their end; a key's new events end no earlier than its old ones.
   *
   * @throws MayflyException KEY_TOO_LONG, or STORE_FULL if too many namespaces have one
   */
  void policy(byte[] namespace, CounterPolicy policy);

  /** Lets the namespace follow the default policy again. */
  void clearPolicy(byte[] namespace);

  /** What the store of counters holds and did. */
  CounterStats stats();
}
