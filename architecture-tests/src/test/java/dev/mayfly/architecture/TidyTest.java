package dev.mayfly.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a source file looks like, in this repository as it is. */
final class TidyTest {
  private static final Set<String> TEXT =
      Set.of("java", "md", "xml", "yaml", "yml", "sh", "txt", "options", "properties", "config");

  @Test
  void sources_all_keepTheRules() throws IOException {
    List<Finding> findings = findings();
    Exemptions exemptions = Exemptions.read();

    assertThat(exemptions.uncovered(findings)).isEmpty();
  }

  @Test
  void exemptions_all_areNeeded() throws IOException {
    List<Finding> findings = findings();

    assertThat(Exemptions.read().stale(findings))
        .as("exemptions that nothing needs: remove them")
        .isEmpty();
  }

  @Test
  void packages_all_sayWhatTheyAreAndAreNullMarked() throws IOException {
    List<String> missing = new ArrayList<>();
    for (SourceFile file : Sources.javaSources(Sources.root())) {
      Path info = Sources.root().resolve(file.path()).resolveSibling("package-info.java");
      Path twin = Path.of(info.toString().replace("/src/test/", "/src/main/"));
      Path found = Files.exists(twin) ? twin : info;
      if (!Files.exists(found) || !Files.readString(found).contains("@NullMarked")) {
        missing.add(found.toString());
      }
    }

    assertThat(missing).as("a package-info.java with a doc and @NullMarked").isEmpty();
  }

  private static List<Finding> findings() throws IOException {
    Path root = Sources.root();
    List<Finding> findings = new ArrayList<>();
    List<SourceFile> sources = Sources.javaSources(root);
    assertThat(sources).as("sources found below " + root).hasSizeGreaterThan(100);
    for (SourceFile file : sources) {
      findings.addAll(TextRules.java(file.path(), file.lines()));
      findings.addAll(TreeRules.check(file));
    }
    for (Path path : Sources.files(root)) {
      String place = root.relativize(path).toString().replace('\\', '/');
      String name = path.getFileName().toString();
      boolean text =
          TEXT.contains(name.substring(name.lastIndexOf('.') + 1)) || name.indexOf('.') < 0;
      if (text && !place.contains("/src/test/resources/")) {
        // Any encoding will do: what is looked for is ASCII.
        List<String> lines = Files.readAllLines(path, StandardCharsets.ISO_8859_1);
        findings.addAll(TextRules.any(place, lines));
      }
    }
    return findings;
  }
}
