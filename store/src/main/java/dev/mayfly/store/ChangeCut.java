package dev.mayfly.store;

import java.util.List;

/**
 * The changes up to one revision that were not handed over before, encoded by {@link ChangeCodec};
 * those of one key in their order. No transaction is in two cuts. Whoever took it owns the arrays.
 *
 * @param revision all changes with this and lesser revisions are in this cut or an earlier one
 * @param pieces whole changes one after the other, in no order between the pieces
 * @param count how many changes
 * @param bytes how many bytes
 */
public record ChangeCut(long revision, List<Piece> pieces, int count, long bytes) {
  /**
   * Whole changes one after the other.
   *
   * @param from where the first begins
   * @param to where the last ends
   */
  public record Piece(byte[] bytes, int from, int to) {
    /** How many bytes. */
    public int size() {
      return to - from;
    }
  }

  /** Whether it has no change. */
  public boolean isEmpty() {
    return count == 0;
  }
}
