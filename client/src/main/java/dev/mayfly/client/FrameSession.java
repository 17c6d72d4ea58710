package dev.mayfly.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the frames of one sender, each with a number of its own, and checks the replies. Safe for
 * concurrent use.
 */
final class FrameSession {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SESSION_AT = 12;
  private static final int SEQUENCE_AT = 20;
  private static final int TIMESTAMP_AT = 28;

  private final SecretKeySpec key;
  private final InstantSource clock;
  private final long session = new SecureRandom().nextLong();
  private final Mac mac;
  private long sequence;

  FrameSession(String secret, InstantSource clock) {
    this.clock = clock;
    key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }

  /** Writes session, number and time into the head. */
  synchronized void number(FrameWriter out) {
    out.setFixed(SESSION_AT, Long.BYTES, session);
    out.setFixed(SEQUENCE_AT, Long.BYTES, ++sequence);
    out.setFixed(TIMESTAMP_AT, Long.BYTES, clock.millis());
  }

  /** Writes the code behind so many bytes. */
  synchronized void sign(byte[] frame, int length) {
    mac.update(frame, 0, length);
    System.arraycopy(mac.doFinal(), 0, frame, length, CounterFrame.CODE_BYTES);
  }

  /** Whether a reply is to a frame of this sender, and from somebody who knows the secret. */
  synchronized boolean accepts(byte[] reply, int length) {
    int body = length - CounterFrame.CODE_BYTES;
    if (body < CounterFrame.SIGNED_HEAD
        || FrameReader.fixed(reply, SESSION_AT, Long.BYTES) != session) {
      return false;
    }
    mac.update(reply, 0, body);
    byte[] digest = mac.doFinal();
    int differing = 0;
    for (int i = 0; i < CounterFrame.CODE_BYTES; i++) {
      differing |= digest[i] ^ reply[body + i];
    }
    return differing == 0;
  }
}
