package dev.mayfly.engine;

/**
 * Where a key belongs: the top bits of its hash name the shard, the next 32 its place in the
 * shard's index. Immutable.
 */
final class KeyRouter {
  private final KeyHash hash;
  private final int shardBits;

  /**
   * @param shards how many shards, a power of two up to 65536
   */
  KeyRouter(KeyHash hash, int shards) {
    this.hash = hash;
    this.shardBits = Integer.numberOfTrailingZeros(shards);
  }

  long hash(byte[] key) {
    return hash.hash(key);
  }

  int shard(long hash) {
    return shardBits == 0 ? 0 : (int) (hash >>> (Long.SIZE - shardBits));
  }

  int index(long hash) {
    return (int) (hash >>> (Integer.SIZE - shardBits));
  }

  int index(byte[] key) {
    return index(hash.hash(key));
  }
}
