package dev.mayfly.client;

import org.jspecify.annotations.Nullable;

/**
 * Which keys to list.
 *
 * <p>Immutable; safe for concurrent use.
 *
 * @param prefix that a key begins with; null for any
 * @param pattern a regular expression (RE2) that is found in a key; null for any
 * @param limit at most so many keys; 0 for all
 * @param reserved whether the keys that tell of the server itself are listed, too
 */
public record ListFilter(
    @Nullable String prefix, @Nullable String pattern, long limit, boolean reserved) {
  /** Every key. */
  public static final ListFilter ALL = new ListFilter(null, null, 0, false);

  /** Checks the limit. */
  public ListFilter {
    if (limit < 0) {
      throw new IllegalArgumentException("invalid limit " + limit + ": expected 0 or more");
    }
  }
}
