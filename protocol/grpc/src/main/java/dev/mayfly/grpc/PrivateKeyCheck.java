package dev.mayfly.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Whether a private key is that of a certificate. Without it, every handshake would fail. */
final class PrivateKeyCheck {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final byte[] PROBE = "probe".getBytes(US_ASCII);

  private PrivateKeyCheck() {}

  /**
   * Whether what the key signs is what the certificate confirms.
   *
   * @throws GeneralSecurityException when either cannot be read as what it is to be, or their kinds
   *     differ
   */
  static boolean belongTogether(GrpcConfig.Tls tls) throws IOException, GeneralSecurityException {
    PublicKey certified = certified(tls.certificate());
    String algorithm = certified.getAlgorithm();
    byte[] encoded = Base64.getMimeDecoder().decode(body(Files.readString(tls.key(), US_ASCII)));
    PrivateKey key =
        KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));

    Signature signature =
        switch (algorithm) {
          case "RSA", "DSA" -> Signature.getInstance("SHA256with" + algorithm);
          case "EC" -> Signature.getInstance("SHA256withECDSA");
          default -> Signature.getInstance(algorithm);
        };
    signature.initSign(key);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    signature.update(PROBE);
    return signature.verify(signed);
  }

  private static PublicKey certified(Path certificate)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(certificate)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey();
    }
  }

  private static String body(String pem) throws GeneralSecurityException {
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END, Math.max(0, begin));
    if (begin < 0 || end < 0) {
      throw new GeneralSecurityException("no private key in PKCS #8");
    }
    return pem.substring(begin + BEGIN.length(), end);
  }
}
