package dev.mayfly.store;

/** The 64-bit FNV-1a hash, which clients of the gRPC contract know values by. */
public final class Fnv1a {
  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Fnv1a() {}

  /** The hash of these bytes, an unsigned 64-bit number. */
  public static long hash(byte[] bytes) {
    long hash = OFFSET_BASIS;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * PRIME;
    }
    return hash;
  }
}
