package dev.mayfly.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A certificate of the test's own for localhost, and its key, in PEM files. Immutable.
 *
 * @param certificate its own authority
 * @param key PKCS #8
 */
public record TestCertificate(Path certificate, Path key) {
  private static final String PASSWORD = "changeit";

  /** Makes one with the files of this name in this folder. */
  public static TestCertificate make(Path folder, String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "a",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-keystore",
                    store.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException(Files.readString(folder.resolve(name + ".log")));
    }
    return write(folder, name, KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()));
  }

  private static TestCertificate write(Path folder, String name, KeyStore keys)
      throws IOException, GeneralSecurityException {
    byte[] key = keys.getKey("a", PASSWORD.toCharArray()).getEncoded();
    byte[] certificate = keys.getCertificate("a").getEncoded();
    return new TestCertificate(
        pem(folder.resolve(name + "-cert.pem"), "CERTIFICATE", certificate),
        pem(folder.resolve(name + "-key.pem"), "PRIVATE KEY", key));
  }

  private static Path pem(Path file, String kind, byte[] der) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, base64));
  }
}
