package dev.mayfly.store;

import java.util.List;

/**
 * Compare, then or else.
 *
 * @param compares all must hold; none: they do
 * @param absences none may be broken, each of this store; as if they were compares
 * @param then done when they hold
 * @param otherwise done when they do not
 * @param onRefusal what a refused operation means for the others
 */
public record TransactionRequest(
    List<Compare> compares,
    List<Absence> absences,
    List<Operation> then,
    List<Operation> otherwise,
    OnRefusal onRefusal) {
  /** The most compares, and the most operations in a list. */
  public static final int PARTS_MAX = 10_000;

  /** What a refused operation means for the others. */
  public enum OnRefusal {
    /** It is the result in its place; the others are done. */
    GO_ON,
    /** Nothing is done at all. Each key may then be written by one operation of a list only. */
    NOTHING_DONE
  }

  /** One that depends on no key's absence. */
  public TransactionRequest(
      List<Compare> compares,
      List<Operation> then,
      List<Operation> otherwise,
      OnRefusal onRefusal) {
    this(compares, List.of(), then, otherwise, onRefusal);
  }

  /** Copies the lists and checks their sizes. */
  public TransactionRequest {
    compares = List.copyOf(compares);
    absences = List.copyOf(absences);
    then = List.copyOf(then);
    otherwise = List.copyOf(otherwise);
    int conditions = compares.size() + absences.size();
    int most = Math.max(conditions, Math.max(then.size(), otherwise.size()));
    requireParts(most);
  }

  static void requireParts(int parts) {
    if (parts > PARTS_MAX) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID,
          "%d parts in a transaction: expected at most %d".formatted(parts, PARTS_MAX));
    }
  }
}
