package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * What a transition sees of a key that exists: its metadata at once, its value only when asked.
 *
 * <p>Valid only during the call it was passed to, and confined to that call's thread.
 */
public interface EntryView {
  /** The store's revision of the last mutation of this entry; above 0. */
  long revision();

  /** How often the value changed since the key was created, counted from 1. */
  long version();

  /** When the key was created, milliseconds since the epoch. */
  long createdMillis();

  /** When the value last changed after the creation; 0 when it never did. */
  long updatedMillis();

  /** The first millisecond at which the key exists no more; 0 when it has no lifespan. */
  long deadlineMillis();

  /** The length of its lifespan in milliseconds; 0 when it has none. */
  long lifespanMillis();

  /** When the lifespan began; 0 when it has none. */
  long lifespanSetMillis();

  /** The lease that the lifespan is that of; 0 when it has one of its own, or none. */
  long lease();

  /** The number of bytes in the value. */
  int valueLength();

  /** A copy of the value. Costs its length. */
  byte[] value();

  /** Whether the value is this one, without a copy. */
  boolean valueEquals(byte[] other);

  /** The content type a client gave; null when it is to be detected from the value. */
  @Nullable String contentType();

  /** The lock, when one is held. */
  @Nullable Lock lock();

  /** Whether a door that keeps history has written this key. */
  boolean keepsHistory();

  /** Whether key metrics are kept for this key. */
  boolean keepsMetrics();
}
