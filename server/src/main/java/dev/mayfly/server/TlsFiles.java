package dev.mayfly.server;

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
import org.jspecify.annotations.Nullable;

/**
 * The certificate and the private key that the doors share, in PEM form. Immutable.
 *
 * @param certificate a certificate chain
 * @param key its private key, PKCS #8
 */
record TlsFiles(Path certificate, Path key) {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final byte[] PROBE = "probe".getBytes(US_ASCII);

  /** Those that are configured; null when the doors speak plaintext. */
  static @Nullable TlsFiles of(MayflyConfig.Grpc config) {
    return config.certificate().isEmpty()
        ? null
        : new TlsFiles(Path.of(config.certificate()), Path.of(config.key()));
  }

  /**
   * Requires what each door would need only later: a key of another certificate would make every
   * handshake fail.
   *
   * @throws StartException naming the files
   */
  void requireUsable() {
    requireReadable("certificate", certificate);
    requireReadable("key", key);
    try {
      if (!belongTogether()) {
        throw unusable(null);
      }
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(e);
    }
  }

  private StartException unusable(@Nullable Exception cause) {
    return StartException.circumstance(
        "certificate '%s' and key '%s' cannot be used: expected PEM files that belong together"
            .formatted(certificate, key),
        cause);
  }

  private static void requireReadable(String what, Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw StartException.circumstance("%s file '%s' cannot be read".formatted(what, file), null);
    }
  }

  /** Whether what the key signs is what the certificate confirms. */
  private boolean belongTogether() throws IOException, GeneralSecurityException {
    PublicKey certified = certified(certificate);
    String algorithm = certified.getAlgorithm();
    byte[] encoded = Base64.getMimeDecoder().decode(body(Files.readString(key, US_ASCII)));
    PrivateKey own =
        KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));

    Signature signature =
        switch (algorithm) {
          case "RSA", "DSA" -> Signature.getInstance("SHA256with" + algorithm);
          case "EC" -> Signature.getInstance("SHA256withECDSA");
          default -> Signature.getInstance(algorithm);
        };
    signature.initSign(own);
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
