package dev.mayfly.engine;

import dev.mayfly.engine.memory.Region;
import java.util.List;

/**
 * Asks memory for what several keys need, so that who reads or writes them soon need not wait for
 * each in turn. Stateless; takes no lock, and nothing depends on what it finds.
 *
 * <p>In rounds: the slots of all keys, then where each record is, then the records. A processor
 * looks ahead over a few hundred instructions, and no further than a branch that it guessed wrong:
 * between two loads that are to overlap there may be neither hashing nor a search.
 */
final class LookAhead {
  private static final int RECORD_LINES = 3;

  private LookAhead() {}

  static void expect(List<byte[]> keys, ShardSet shards) {
    int count = keys.size();
    KeyRouter router = shards.router();
    Records[] records = new Records[count];
    int[] hashes = new int[count];
    for (int i = 0; i < count; i++) {
      long hash = router.hash(keys.get(i));
      records[i] = shards.of(hash).records();
      hashes[i] = router.index(hash);
    }
    for (int i = 0; i < count; i++) {
      records[i].index().touch(hashes[i]);
    }
    Region[] regions = new Region[count];
    long[] offsets = new long[count];
    for (int i = 0; i < count; i++) {
      regions[i] = records[i].readable();
      offsets[i] = records[i].likelyOffset(hashes[i]);
    }
    Region.touchAll(regions, offsets, count, RECORD_LINES);
  }
}
