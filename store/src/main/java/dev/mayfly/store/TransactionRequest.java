package dev.mayfly.store;

import java.util.List;

/**
 * Compare, then or else.
 *
 * @param compares all must hold; none: they do
 * @param then done when they hold
 * @param otherwise done when they do not
 * @param onRefusal what a refused operation means for the others
 */
public record TransactionRequest(
    List<Compare> compares, List<Operation> then, List<Operation> otherwise, OnRefusal onRefusal) {
  /** The most compares, and the most operations in a list. */
  public static final int PARTS_MAX = 10_000;

  /** What a refused operation means for the others. */
  public enum OnRefusal {
    /** It is the result in its place; the others are done. */
    GO_ON,
    /** Nothing is done at all. Each key may then be written by one operation of a list only. */
    NOTHING_DONE
  }

  /** Copies the lists and checks their sizes. */
  public TransactionRequest {
    compares = List.copyOf(compares);
    then = List.copyOf(then);
    otherwise = List.copyOf(otherwise);
    int most = Math.max(compares.size(), Math.max(then.size(), otherwise.size()));
    if (most > PARTS_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "%d parts in a transaction: expected at most %d".formatted(most, PARTS_MAX));
    }
  }
}
