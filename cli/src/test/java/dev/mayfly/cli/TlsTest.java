package dev.mayfly.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.server.MayflyConfig;
import dev.mayfly.server.MayflyServer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands over TLS, with a certificate of the test's own. */
@Timeout(120)
class TlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir static Path folder;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = folder.resolve("store.p12");
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
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    byte[] key = keys.getKey("a", PASSWORD.toCharArray()).getEncoded();
    write("key.pem", "PRIVATE KEY", key);
    write("cert.pem", "CERTIFICATE", keys.getCertificate("a").getEncoded());
  }

  private static void write(String name, String kind, byte[] der) throws Exception {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String text = "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, base64);
    Files.writeString(folder.resolve(name), text);
  }

  private static MayflyServer start() {
    Map<String, String> options = new HashMap<>();
    options.put("http", "127.0.0.1:0");
    options.put("monitor", "off");
    options.put("grpc", "off");
    options.put("counter", "off");
    options.put("resp", "off");
    options.put("max-bytes", "64MiB");
    options.put("max-value-size", "8MiB");
    options.put("tls.cert", folder.resolve("cert.pem").toString());
    options.put("tls.key", folder.resolve("key.pem").toString());
    return MayflyServer.start(MayflyConfig.of(options));
  }

  private static Run run(MayflyServer server, InputStream in, String... words) {
    String address = server.address("http").orElseThrow().toString();
    return Run.in(Map.of("MAYFLY_ADDRESS", address), in, false, words);
  }

  private static Run run(MayflyServer server, String... words) {
    return run(server, InputStream.nullInputStream(), words);
  }

  @Test
  void commands_overTls_workWithWhomTheyBelieve() {
    String authorities = "--ca-certfile=" + folder.resolve("cert.pem");
    byte[] large = "0123456789abcdef".repeat(400_000).getBytes(StandardCharsets.US_ASCII);
    try (MayflyServer server = start()) {
      assertThat(run(server, "set", "k", "v", authorities).out()).contains("\"success\":true");
      assertThat(run(server, "get", "k", "--insecure").out()).isEqualTo("v");
      assertThat(run(server, new ByteArrayInputStream(large), "set", "big", authorities).err())
          .isEmpty();
      assertThat(run(server, "get", "big", authorities).output()).isEqualTo(large);
    }
  }

  @Test
  void commands_withoutReasonToBelieve_fail() {
    try (MayflyServer server = start()) {
      Run stranger = run(server, "set", "k", "v", "--tls");
      assertThat(stranger.code()).isEqualTo(1);
      assertThat(stranger.err()).contains("cannot connect to", "certification path");
      assertThat(run(server, "get", "k").code()).isEqualTo(1);
      assertThat(run(server, "get", "k", "--no-tls").code()).isEqualTo(1);
      assertThat(run(server, "get", "k", "--no-tls", "--insecure").code()).isEqualTo(2);
      assertThat(run(server, "get", "k", "--ca-certfile", "missing.pem").err())
          .contains("missing.pem");
      assertThat(run(server, "get", "k", "--dial-timeout", "x").code()).isEqualTo(2);
    }
  }
}
