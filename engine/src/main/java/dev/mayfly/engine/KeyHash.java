package dev.mayfly.engine;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The keyed hash of keys, SipHash-1-3: who does not know the two random words cannot choose keys
 * that collide. The same key has the same hash within a process only. The top bits choose the
 * shard, the 32 bits after them are the hash in its index. Immutable, safe for concurrent use.
 *
 * <p>References: Aumasson and Bernstein, SipHash: a fast short-input PRF, 2012.
 */
final class KeyHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final Path SYSTEM_RANDOM = Path.of("/dev/urandom");

  private static final long INIT_0 = 0x736f6d6570736575L;
  private static final long INIT_1 = 0x646f72616e646f6dL;
  private static final long INIT_2 = 0x6c7967656e657261L;
  private static final long INIT_3 = 0x7465646279746573L;

  private final long k0;
  private final long k1;

  KeyHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  /** A hash with a key that nobody knows. */
  static KeyHash random() {
    byte[] words = randomBytes(2 * Long.BYTES);
    return new KeyHash((long) LONG.get(words, 0), (long) LONG.get(words, Long.BYTES));
  }

  /** From the system itself, where it has a file for that: a provider takes 15 ms of a start. */
  private static byte[] randomBytes(int count) {
    try (InputStream system = Files.newInputStream(SYSTEM_RANDOM)) {
      byte[] bytes = system.readNBytes(count);
      if (bytes.length == count) {
        return bytes;
      }
    } catch (IOException e) {
      // Another kind of system.
    }
    byte[] bytes = new byte[count];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  long hash(byte[] key) {
    return hash(key, 0, key.length);
  }

  /**
   * @throws IndexOutOfBoundsException if the range is not inside the array
   */
  long hash(byte[] bytes, int offset, int length) {
    return sipHash(1, 3, k0, k1, bytes, offset, length);
  }

  /** SipHash-c-d of the range. */
  static long sipHash(int c, int d, long k0, long k1, byte[] bytes, int offset, int length) {
    State state = new State(k0, k1);
    int end = offset + (length & -Long.BYTES);
    for (int at = offset; at < end; at += Long.BYTES) {
      state.absorb((long) LONG.get(bytes, at), c);
    }
    state.absorb(tail(bytes, end, length), c);
    return state.finish(d);
  }

  /** The last word: the remaining bytes and, on top, the length. */
  private static long tail(byte[] bytes, int from, int length) {
    int rest = length & (Long.BYTES - 1);
    long word = (long) length << 56;
    if (length >= Long.BYTES) {
      long last = (long) LONG.get(bytes, from + rest - Long.BYTES);
      return word | last >>> 8 >>> (56 - 8 * rest);
    }
    for (int i = 0; i < rest; i++) {
      word |= (bytes[from + i] & 0xFFL) << (8 * i);
    }
    return word;
  }

  /** The four words; a local value that the compiler keeps in registers. */
  private static final class State {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    State(long k0, long k1) {
      v0 = k0 ^ INIT_0;
      v1 = k1 ^ INIT_1;
      v2 = k0 ^ INIT_2;
      v3 = k1 ^ INIT_3;
    }

    void absorb(long word, int rounds) {
      v3 ^= word;
      mix(rounds);
      v0 ^= word;
    }

    long finish(int rounds) {
      v2 ^= 0xff;
      mix(rounds);
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void mix(int rounds) {
      for (int i = 0; i < rounds; i++) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32) + v3;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
    }
  }
}
