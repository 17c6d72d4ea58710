package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files in deploy/ are well-formed and fit each other and the program. */
class DeployFilesTest {
  private static final Path DEPLOY = Path.of("../deploy");
  private static final Pattern METRIC = Pattern.compile("\\b(?:mayfly|process)_[a-z_]+");

  private static Document kubernetes(String file) throws IOException {
    return Document.of(DEPLOY.resolve("kubernetes").resolve(file));
  }

  @Test
  void everyFile_isYamlOrJson() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(DEPLOY)) {
      files = all.filter(file -> file.toString().matches(".*\\.(yaml|json)")).sorted().toList();
    }

    assertThat(files).hasSizeGreaterThan(8);
    for (Path file : files) {
      assertThat(Document.all(file)).as("%s", file).isNotEmpty();
    }
  }

  @Test
  void dockerIgnore_leavesOutNothingThatMakesTheImage() throws IOException {
    Path root = DEPLOY.resolveSibling(".").normalize();
    Set<String> needed;
    try (Stream<Path> all = Files.list(root.resolve("cli/launch"))) {
      needed = all.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
    List<String> anywhere =
        Files.readAllLines(root.resolve(".dockerignore")).stream()
            .filter(line -> line.startsWith("**/"))
            .map(line -> line.substring("**/".length()))
            .toList();

    assertThat(needed).contains("build", "image-root").doesNotContainAnyElementsOf(anywhere);
  }

  @Test
  void compose_namesOnlyServicesAndFilesThatAreThere() throws IOException {
    Document compose = Document.of(DEPLOY.resolve("compose.yaml"));
    Map<String, Document> services = compose.at("services").fields();

    assertThat(services).containsKeys("node", "balancer", "postgres", "watch", "stress");
    assertThat(compose.at("services", "node", "scale").text()).isEqualTo("${DATABASE_REPLICAS:-6}");
    assertThat(compose.at("services", "balancer", "ports", 0).text())
        .isEqualTo("${EXPOSE_PORT:-8080}:8080");
    assertThat(compose.at("services", "balancer", "command").text())
        .contains("--dns=node:8080", "--udp-port=3509");
    for (Document service : services.values()) {
      if (service.has("depends_on")) {
        Document needed = service.at("depends_on");
        List<String> names =
            needed.value() instanceof List<?>
                ? needed.list().stream().map(Document::text).toList()
                : List.copyOf(needed.fields().keySet());
        assertThat(services.keySet()).containsAll(names);
      }
      if (service.has("volumes")) {
        for (Document volume : service.at("volumes").list()) {
          requireVolume(compose, volume.text().replaceAll(":.*", ""));
        }
      }
    }
  }

  private static void requireVolume(Document compose, String source) {
    if (source.startsWith("./")) {
      assertThat(DEPLOY.resolve(source)).exists();
    } else {
      assertThat(compose.at("volumes").fields()).containsKey(source);
    }
  }

  /** Compose 1.29, which Debian ships, knows none of these. */
  @Test
  void compose_usesNothingThatOlderOnesDoNotKnow() throws IOException {
    Document compose = Document.of(DEPLOY.resolve("compose.yaml"));

    assertThat(compose.fields()).containsOnlyKeys("services", "volumes");
    for (Document service : compose.at("services").fields().values()) {
      assertThat(service.fields().keySet())
          .doesNotContain("develop", "attach", "provider", "models", "post_start", "gpus");
    }
  }

  @Test
  void dashboardsAndScrapes_fitTheMetrics() throws IOException {
    String known = Files.readString(Path.of("../docs/reference/metrics.md"));
    String dashboard = Files.readString(DEPLOY.resolve("grafana/dashboards/mayfly.json"));
    Set<String> unknown = new TreeSet<>();

    Matcher named = METRIC.matcher(dashboard);
    int count = 0;
    while (named.find()) {
      count++;
      String metric = named.group().replaceAll("_seconds_(?:count|sum)$", "_seconds");
      if (!known.contains("`" + metric + "`")) {
        unknown.add(metric);
      }
    }

    assertThat(count).isGreaterThan(25);
    assertThat(unknown).isEmpty();
    assertThat(dashboard).contains("job=\\\"node\\\"");
    assertThat(
            Document.of(DEPLOY.resolve("prometheus/prometheus.yaml"))
                .at("scrape_configs", 0, "job_name")
                .text())
        .isEqualTo("node");
  }

  @Test
  void kubernetes_labelsPortsAndNames_fit() throws IOException {
    Document set = kubernetes("statefulset.yaml");
    Document labels = set.at("spec", "template", "metadata", "labels");
    List<Document> services = Document.all(DEPLOY.resolve("kubernetes/service.yaml"));
    List<String> ports =
        set.at("spec", "template", "spec", "containers", 0, "ports").list().stream()
            .map(port -> port.at("name").text())
            .toList();

    assertThat(set.at("spec", "selector", "matchLabels")).isEqualTo(labels);
    assertThat(kubernetes("disruption-budget.yaml").at("spec", "selector", "matchLabels"))
        .isEqualTo(labels);
    assertThat(services).hasSize(2);
    for (Document service : services) {
      assertThat(service.at("spec", "selector")).isEqualTo(labels);
      assertThat(service.at("spec", "ports").list())
          .allSatisfy(port -> assertThat(ports).contains(port.at("targetPort").text()));
    }
    assertThat(services.getFirst().at("metadata", "name")).isEqualTo(set.at("spec", "serviceName"));
    assertThat(services.getFirst().at("spec", "clusterIP").text()).isEqualTo("None");
    for (Document file : kubernetes("kustomization.yaml").at("resources").list()) {
      assertThat(DEPLOY.resolve("kubernetes").resolve(file.text())).exists();
    }
  }
}
