package dev.mayfly.counter;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 over a frame, of which the first 16 bytes count. Confined to one thread. */
final class FrameSigner {
  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;
  private final byte[] digest;

  /**
   * @param secret not {@link Secret#NONE}
   */
  FrameSigner(Secret secret) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.key(), ALGORITHM));
      digest = new byte[mac.getMacLength()];
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }

  /** Writes the code behind so many bytes of the frame. */
  void sign(byte[] frame, int length) {
    compute(frame, length);
    System.arraycopy(digest, 0, frame, length, Frame.CODE_BYTES);
  }

  /** Whether the code behind so many bytes of the frame is right, in constant time. */
  boolean accepts(byte[] frame, int length) {
    compute(frame, length);
    int differing = 0;
    for (int i = 0; i < Frame.CODE_BYTES; i++) {
      differing |= digest[i] ^ frame[length + i];
    }
    return differing == 0;
  }

  private void compute(byte[] frame, int length) {
    try {
      mac.update(frame, 0, length);
      mac.doFinal(digest, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the digest has the code's length", e);
    }
  }
}
