package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the image's packer writes, looked at without an engine, for a folder as small as can be. */
class ImageArchiveTest {
  private static final Path PACK = Path.of("../cli/launch/image-pack").toAbsolutePath();

  @TempDir Path folder;

  private Path root;

  @BeforeEach
  void makeRoot() throws Exception {
    assumeTrue(
        run(folder, "tar", "--version").contains("GNU tar"), "this test needs GNU tar: install it");
    root = folder.resolve("root");
    for (String file :
        List.of(
            "opt/mayfly/runtime/bin/java",
            "opt/mayfly/lib/mayfly-cli.jar",
            "opt/mayfly/serve.options",
            "etc/passwd",
            "lib/libc.so.6")) {
      Path path = root.resolve(file);
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.writeString(path, "content of " + file);
    }
    Files.createDirectories(root.resolve("data"));
    Files.createDirectories(root.resolve("tmp"));
  }

  private static String run(Path where, String... command) throws Exception {
    Path output = Files.createTempFile(where, "output", "");
    Process process =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    String text = Files.readString(output, UTF_8);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }

  private Path pack(String name) throws Exception {
    Path archive = folder.resolve(name);
    run(folder, PACK.toString(), root.toString(), archive.toString(), "1.2.3");
    return archive;
  }

  private Path unpack(Path archive) throws Exception {
    Path layout = Files.createDirectories(folder.resolve("layout"));
    run(folder, "tar", "-xf", archive.toString(), "-C", layout.toString());
    return layout;
  }

  private static String sha256(InputStream bytes) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.readAllBytes()));
  }

  private static Path blob(Path layout, Document descriptor) throws Exception {
    String digest = descriptor.at("digest").text();
    Path file = layout.resolve("blobs/sha256/" + digest.substring("sha256:".length()));
    assertThat(descriptor.at("size").text()).isEqualTo(String.valueOf(Files.size(file)));
    try (InputStream in = Files.newInputStream(file)) {
      assertThat("sha256:" + sha256(in)).isEqualTo(digest);
    }
    return file;
  }

  private static Document manifest(Path layout) throws Exception {
    return Document.of(blob(layout, Document.of(layout.resolve("index.json")).at("manifests", 0)));
  }

  @Test
  void archive_isAnOciLayout_whoseDigestsHold() throws Exception {
    Path layout = unpack(pack("image.tar"));

    assertThat(Files.readString(layout.resolve("oci-layout")))
        .isEqualTo("{\"imageLayoutVersion\":\"1.0.0\"}");
    Document config = Document.of(blob(layout, manifest(layout).at("config")));
    List<Document> layers = manifest(layout).at("layers").list();
    List<Document> diffs = config.at("rootfs", "diff_ids").list();
    assertThat(layers).hasSize(2);
    assertThat(diffs).hasSize(2);
    for (int i = 0; i < layers.size(); i++) {
      try (InputStream in =
          new GZIPInputStream(Files.newInputStream(blob(layout, layers.get(i))))) {
        assertThat("sha256:" + sha256(in)).isEqualTo(diffs.get(i).text());
      }
    }
    Document index = Document.of(layout.resolve("index.json"));
    assertThat(config.at("architecture").text())
        .isEqualTo(index.at("manifests", 0, "platform", "architecture").text())
        .isIn("amd64", "arm64");
  }

  @Test
  void archive_hasTheListThatOlderEnginesRead() throws Exception {
    Path layout = unpack(pack("image.tar"));

    Document image = Document.of(layout.resolve("manifest.json")).at(0);

    assertThat(image.at("RepoTags").text()).isEqualTo("[mayfly:1.2.3, mayfly:latest]");
    assertThat(layout.resolve(image.at("Config").text()))
        .isEqualTo(blob(layout, manifest(layout).at("config")));
    assertThat(image.at("Layers").list())
        .hasSize(2)
        .allSatisfy(file -> assertThat(layout.resolve(file.text())).exists());
  }

  @Test
  void config_isNeverRoot_andChecksItself() throws Exception {
    Path layout = unpack(pack("image.tar"));

    Document config = Document.of(blob(layout, manifest(layout).at("config"))).at("config");

    assertThat(config.at("User").text()).isEqualTo("10001:10001");
    assertThat(config.at("Volumes").text()).isEqualTo("{/data={}}");
    assertThat(config.at("Entrypoint").text())
        .isEqualTo("[/opt/mayfly/runtime/bin/java, @/opt/mayfly/serve.options]");
    assertThat(config.at("Cmd").text()).isEqualTo("[serve]");
    assertThat(config.at("Healthcheck", "Test").text()).endsWith("health]");
    assertThat(config.at("Healthcheck", "StartInterval").text()).isEqualTo("1000000000");
    assertThat(config.at("Env").text()).contains("MAYFLY_MONITOR_ADDRESS=:33970");
    assertThat(config.at("ExposedPorts").fields()).hasSize(6);
  }

  @Test
  void layers_ownNothingToTheUser_butItsData() throws Exception {
    Path layout = unpack(pack("image.tar"));
    List<Document> layers = manifest(layout).at("layers").list();

    String base = run(folder, "tar", "-tvzf", blob(layout, layers.get(0)).toString());
    String application = run(folder, "tar", "-tvzf", blob(layout, layers.get(1)).toString());

    assertThat(base)
        .containsPattern("drwx------ 10001/10001 .* data/\n")
        .containsPattern("drwxrwxrwt 0/0 .* tmp/\n")
        .contains(" opt/mayfly/runtime/bin/java\n", " lib/libc.so.6\n", " etc/passwd\n")
        .doesNotContain("mayfly-cli.jar");
    assertThat(application)
        .contains(" opt/mayfly/lib/mayfly-cli.jar\n", " opt/mayfly/serve.options\n")
        .doesNotContain("runtime", " data/", "10001");
    assertThat(base.lines().filter(line -> line.contains("10001"))).hasSize(1);
    assertThat((base + application).lines()).allMatch(line -> line.contains(" 1980-01-01 "));
  }

  @Test
  void sameFolder_givesTheSameBytes() throws Exception {
    Path first = pack("first.tar");

    assertThat(Files.mismatch(first, pack("second.tar"))).isEqualTo(-1);
  }
}
