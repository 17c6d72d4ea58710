package dev.mayfly.store;

import java.util.Map;

/**
 * Decisions about how much may be done how often.
 *
 * <p>What a limit remembers belongs to a key in a namespace, for each kind of limit by itself; it
 * is neither seen nor counted by {@link Counters}. The limit comes with each take, so a change of
 * it holds from the next take on. What is not used any more is forgotten on time.
 *
 * <p>The caller says what time it is, in milliseconds since the epoch. Safe for concurrent use;
 * linearizable per key.
 */
public interface Limits {
  /** How many named limits there may be. */
  int NAMED_MAX = 10_000;

  /**
   * Decides, and uses what was asked for if that is allowed and meant.
   *
   * @throws MayflyException KEY_TOO_LONG for key or namespace, or STORE_FULL if there is no room to
   *     remember what was taken; nothing is used then
   */
  TakeResult take(TakeRequest request, long nowMillis);

  /**
   * Gives back what a take of the kind {@link Limit.Kind#CONCURRENCY} holds.
   *
   * @return false if nothing is held under this lease, any more or at all
   */
  boolean release(byte[] namespace, byte[] key, long lease, long nowMillis);

  /** The limits that have a name, in the order of their names; a copy. */
  Map<String, Limit> named();

  /**
   * The limit of this name.
   *
   * @throws MayflyException NOT_FOUND
   */
  Limit named(String name);

  /**
   * Gives a limit a name, or the name another limit.
   *
   * @throws MayflyException ARGUMENT_INVALID for an empty name or one of more than 255 UTF-16
   *     units, STORE_FULL if there are {@link #NAMED_MAX}
   */
  void name(String name, Limit limit);

  /** Forgets a name; does nothing if it has no limit. */
  void forget(String name);
}
