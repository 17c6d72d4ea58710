package dev.mayfly.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the store, behind every door.
 *
 * <p>Calls are synchronous and return at once, unless {@link #mayBlock} says otherwise or the
 * method's doc does. Refusals are {@link MayflyException}s without a stack trace; a missing key is
 * a value. Keys and values are bytes, and arrays passed in belong to the store from then on.
 *
 * <p>Safe for concurrent use; linearizable per key. A mutation's event is in the {@link EventLog}
 * when its call returns.
 */
public interface Keyspace {
  /**
   * Reads a key.
   *
   * @return null when it does not exist
   * @throws MayflyException LOCKED, where the request obeys locks
   */
  @Nullable Entry read(ReadRequest request, Stamp stamp);

  /**
   * Says that these keys are asked for next, all of them, so that what finds them in memory can be
   * fetched together rather than by one wait after the other. Changes nothing and counts as no
   * access; it does nothing where that is of no use.
   */
  default void expect(List<byte[]> keys) {}

  /**
   * Changes a key.
   *
   * @throws MayflyException what the request's checks and its transition refuse; STORE_FULL when a
   *     key or its bytes find no room
   */
  <R extends @Nullable Object> R apply(KeyMutation<R> request, Stamp stamp);

  /**
   * Reads one version of a value.
   *
   * @throws MayflyException VERSIONING_OFF, NOT_FOUND, VERSION_NOT_FOUND, LOCKED
   */
  PastValue history(HistoryRequest request, Stamp stamp);

  /**
   * Goes one step through the keys. A key that exists throughout a scan is found exactly once; one
   * that comes or goes meanwhile, at most once. No lock is held between steps.
   */
  ScanPage scan(ScanRequest request, Stamp stamp);

  /**
   * Goes one step in removing keys or history; locked keys stay unless forced.
   *
   * @throws MayflyException READ_ONLY, or VERSIONING_OFF for history where none is kept
   */
  SweepPage sweep(SweepRequest request, Stamp stamp);

  /** How many keys the filter accepts. Without prefix and pattern O(1), else a scan in steps. */
  long count(KeyFilter filter, Stamp stamp);

  /**
   * Removes the least used keys, in steps, beside the traffic. Returns when it is done: not for an
   * event loop.
   *
   * @return how many keys were removed
   */
  long prune(PruneRequest request, Stamp stamp);

  /** Some key, each about as likely; null when there is none. */
  byte @Nullable [] randomKey(Stamp stamp);

  /** Whether writes are refused. */
  boolean isReadOnly();

  /** Refuses writes from here on, or takes them again. */
  void readOnly(boolean readOnly);

  /**
   * Makes a client known.
   *
   * @return whether it was not known before
   * @throws MayflyException STORE_FULL when too many are
   */
  boolean register(String client);

  /** Whether a client is known. */
  boolean isRegistered(String client);

  /** What the store holds and did. O(shards). */
  StoreStats stats();

  /** The limits that requests are checked against. */
  Bounds bounds();

  /** Whether calls may wait for other nodes. */
  boolean mayBlock();
}
