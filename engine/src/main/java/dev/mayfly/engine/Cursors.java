package dev.mayfly.engine;

import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ScanPage;

/**
 * Walks through the shards in the order of hashes. A cursor is the shard's number and the next hash
 * in it: no state is kept between steps, and growth of an index does not disturb it.
 */
final class Cursors {
  private Cursors() {}

  /** One step in one shard. */
  interface Step {
    /**
     * Looks at entries from a hash on.
     *
     * @return the hash to go on from; -1 at the shard's end
     */
    long run(int shard, long fromHash, int entriesMax);
  }

  /**
   * Runs steps until one has looked at entries without reaching its shard's end, or many empty
   * shards were passed.
   *
   * @return the cursor to go on from; {@link ScanPage#END} after the last shard
   */
  static long walk(long cursor, int entriesMax, ShardSet shards, Step step) {
    long shard = cursor >>> Integer.SIZE;
    long hash = cursor & 0xFFFF_FFFFL;
    if (shard >= shards.count()) {
      throw new MayflyException(
          ErrorCode.ARGUMENT_INVALID, "cursor %d: expected one of ours".formatted(cursor));
    }
    int left = entriesMax;
    while (left > 0) {
      long before = shards.shard((int) shard).parts().usage().keys;
      long next = step.run((int) shard, hash, left);
      if (next >= 0) {
        return shard << Integer.SIZE | next;
      }
      left -= (int) Math.min(left, Math.max(1, before));
      shard++;
      hash = 0;
      if (shard == shards.count()) {
        return ScanPage.END;
      }
    }
    return shard << Integer.SIZE;
  }
}
