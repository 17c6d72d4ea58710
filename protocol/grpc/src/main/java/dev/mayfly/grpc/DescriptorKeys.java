package dev.mayfly.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * Under which key a descriptor's use is remembered: its entries, each with its length, so that no
 * two descriptors share one; of long ones a digest. Static.
 */
final class DescriptorKeys {
  private static final int PLAIN_BYTES_MAX = 256;
  private static final String DIGEST = "SHA-256";

  private DescriptorKeys() {}

  static byte[] of(List<RateLimitRule.Entry> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (RateLimitRule.Entry entry : entries) {
      write(bytes, entry.key());
      write(bytes, entry.value());
    }
    byte[] plain = bytes.toByteArray();
    return plain.length <= PLAIN_BYTES_MAX ? plain : digest(plain);
  }

  private static void write(ByteArrayOutputStream bytes, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int rest = utf8.length;
    while (rest >= 0x80) {
      bytes.write(rest | 0x80);
      rest >>>= 7;
    }
    bytes.write(rest);
    bytes.writeBytes(utf8);
  }

  /** Longer than any plain key, so that it is none. */
  private static byte[] digest(byte[] plain) {
    try {
      byte[] digest = MessageDigest.getInstance(DIGEST).digest(plain);
      byte[] key = new byte[PLAIN_BYTES_MAX + 1];
      System.arraycopy(digest, 0, key, 0, digest.length);
      return key;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + DIGEST, e);
    }
  }
}
