package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KeyHashTest {
  /**
   * SipHash-2-4 of 00, 00 01, 00 01 02 ... with the key 00..0f, from the authors' paper and code.
   */
  private static final long[] PUBLISHED = {
    0x726fdb47dd0e0e31L, 0x74f839c593dc67fdL, 0x0d6c8009d9a94f5aL, 0x85676696d7fb7e2dL,
    0xcf2794e0277187b7L, 0x18765564cd99a68dL, 0xcbc9466e58fee3ceL, 0xab0200f58b01d137L,
    0x93f5f5799a932462L, 0x9e0082df0ba9e4b0L, 0x7a5dbbc594ddb9f3L, 0xf4b32f46226bada7L,
    0x751e8fbc860ee5fbL, 0x14ea5627c0843d90L, 0xf723ca908e7af2eeL, 0xa129ca6149be45e5L,
  };

  private static final long K0 = 0x0706050403020100L;
  private static final long K1 = 0x0f0e0d0c0b0a0908L;

  @Test
  void sipHash_publishedInputs_givesPublishedHashes() {
    for (int length = 0; length < PUBLISHED.length; length++) {
      assertThat(KeyHash.sipHash(2, 4, K0, K1, counting(64), 0, length))
          .as("length %s", length)
          .isEqualTo(PUBLISHED[length]);
    }
  }

  @Test
  void hash_rangeOfArray_equalsHashOfCopy() {
    KeyHash hash = new KeyHash(K0, K1);
    byte[] bytes = counting(100);

    for (int from = 0; from < 20; from++) {
      for (int to = from; to < 100; to++) {
        byte[] copy = Arrays.copyOfRange(bytes, from, to);
        assertThat(hash.hash(bytes, from, to - from)).isEqualTo(hash.hash(copy));
        assertThat(hash.hash(copy)).isEqualTo(KeyHash.sipHash(1, 3, K0, K1, copy, 0, copy.length));
      }
    }
  }

  @Test
  void hash_rangeOutsideArray_throws() {
    assertThatThrownBy(() -> new KeyHash(K0, K1).hash(new byte[16], 8, 16))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void random_twoInstances_hashDifferently() {
    byte[] key = counting(16);

    assertThat(KeyHash.random().hash(key)).isNotEqualTo(KeyHash.random().hash(key));
  }

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }
}
