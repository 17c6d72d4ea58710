package dev.mayfly.testing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a recorded history of concurrent calls: is there an order of them that respects which
 * ended before which began, and in which every result is what a sequential object would have
 * answered? The search of Wing and Gong with the memory of Lowe ("Testing for linearizability",
 * 2017): exact, exponential at worst, fast for histories of a few dozen calls by a few threads.
 */
public final class Linearizability {
  /** No history is longer. */
  public static final int CALLS_MAX = 62;

  private Linearizability() {}

  /**
   * One call.
   *
   * @param invoked a ticket drawn before the call; tickets rise
   * @param returned a ticket drawn after it
   */
  public record Call<O, R>(O operation, R result, long invoked, long returned) {}

  /** The object as it would be without concurrency. */
  @FunctionalInterface
  public interface Sequential<S, O, R> {
    /** The state after the operation; null when it would not have answered so in this state. */
    @Nullable S after(S state, O operation, R result);
  }

  /**
   * Whether the history can be explained.
   *
   * @param initial the state before it; states are compared by {@code equals}
   */
  public static <S, O, R> boolean holds(
      S initial, List<Call<O, R>> calls, Sequential<S, O, R> sequential) {
    if (calls.size() > CALLS_MAX) {
      throw new IllegalArgumentException(
          "%d calls: expected at most %d".formatted(calls.size(), CALLS_MAX));
    }
    return new Search<>(calls, sequential).isPossible(0, initial);
  }

  private record Seen(long done, Object state) {}

  private record Search<S, O, R>(
      List<Call<O, R>> calls, Sequential<S, O, R> sequential, Set<Seen> dead) {
    Search(List<Call<O, R>> calls, Sequential<S, O, R> sequential) {
      this(calls, sequential, new HashSet<>());
    }

    boolean isPossible(long done, S state) {
      if (Long.bitCount(done) == calls.size()) {
        return true;
      }
      Seen seen = new Seen(done, state);
      if (dead.contains(seen)) {
        return false;
      }
      long firstReturn = firstReturn(done);
      for (int i = 0; i < calls.size(); i++) {
        Call<O, R> call = calls.get(i);
        if ((done >>> i & 1) != 0 || call.invoked() > firstReturn) {
          continue;
        }
        S next = sequential.after(state, call.operation(), call.result());
        if (next != null && isPossible(done | 1L << i, next)) {
          return true;
        }
      }
      dead.add(seen);
      return false;
    }

    /** What began after this cannot be next: another call ended before. */
    private long firstReturn(long done) {
      long first = Long.MAX_VALUE;
      for (int i = 0; i < calls.size(); i++) {
        if ((done >>> i & 1) == 0) {
          first = Math.min(first, calls.get(i).returned());
        }
      }
      return first;
    }
  }
}
