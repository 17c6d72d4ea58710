package dev.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {
  @TempDir Path folder;

  @Test
  void filesOfOneAnother_areUsable() throws Exception {
    TestCertificate own = TestCertificate.make(folder, "own");

    new TlsFiles(own.certificate(), own.key()).requireUsable();
  }

  @Test
  void filesThatDoNotBelongTogether_refuseTheStartWhateverDoorsThereAre() throws Exception {
    TestCertificate own = TestCertificate.make(folder, "own");
    TestCertificate other = TestCertificate.make(folder, "other");
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
    Path missing = folder.resolve("missing.pem");

    assertRefused(missing, own.key(), "certificate file '%s' cannot be read".formatted(missing));
    assertRefused(own.certificate(), missing, "key file '%s' cannot be read".formatted(missing));
    assertRefused(nonsense, own.key(), unusable(nonsense, own.key()));
    assertRefused(own.certificate(), nonsense, unusable(own.certificate(), nonsense));
    assertRefused(own.certificate(), other.key(), unusable(own.certificate(), other.key()));
  }

  private static String unusable(Path certificate, Path key) {
    return "certificate '%s' and key '%s' cannot be used: expected PEM files that belong together"
        .formatted(certificate, key);
  }

  private static void assertRefused(Path certificate, Path key, String message) {
    MayflyConfig config =
        MayflyConfig.of(
            Map.of(
                "http", "127.0.0.1:0",
                "grpc", "off",
                "resp", "off",
                "counter", "off",
                "monitor", "off",
                "max-bytes", "16MiB",
                "tls.cert", certificate.toString(),
                "tls.key", key.toString()));
    assertThatThrownBy(() -> MayflyServer.start(config).stop())
        .isInstanceOfSatisfying(StartException.class, e -> assertThat(e.isFault()).isFalse())
        .hasMessage(message);
  }
}
