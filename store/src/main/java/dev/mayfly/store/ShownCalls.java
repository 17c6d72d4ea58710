package dev.mayfly.store;

import org.jspecify.annotations.Nullable;

/**
 * Tells a {@link Durability} what calls have shown to their thread: all that there was, by their
 * refusals too, since whoever learns that a key is missing, or locked, has seen it. A store that
 * did not so much as look showed nothing.
 *
 * <p>Safe for concurrent use.
 */
final class ShownCalls {
  private final Durability durability;

  ShownCalls(Durability durability) {
    this.durability = durability;
  }

  /** A call of the store. */
  interface Call<R extends @Nullable Object> {
    R run();
  }

  /** Runs a call that may show anything. */
  <R extends @Nullable Object> R seeAll(Call<R> call) {
    R result;
    try {
      result = call.run();
    } catch (MayflyException e) {
      seeRefusal(e);
      throw e;
    }
    durability.seeAll();
    return result;
  }

  /** A call was refused so. */
  void seeRefusal(MayflyException refusal) {
    switch (refusal.code()) {
      case UNAVAILABLE, OVERLOADED, READ_ONLY -> {}
      default -> durability.seeAll();
    }
  }
}
