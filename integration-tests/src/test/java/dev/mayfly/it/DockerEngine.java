package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Docker engine that {@code DOCKER_HOST} names, through its command line, with the image that
 * {@code make image} made. Removes what it started. Confined to one thread.
 */
final class DockerEngine implements AutoCloseable {
  private static final Path SOURCES = Path.of("..").toAbsolutePath().normalize();
  private static final String NETWORK = "mayfly-it";
  private static final String OURS = "dev.mayfly.it=true";
  private static final Pattern LOADED = Pattern.compile("(?m)^Loaded image: (\\S+)$");

  /** Names the newest image's archive if it is newer than all that it is made from. */
  private static final String FIND_IMAGE =
      """
      . "$1/cli/launch/freshness.sh"
      archive=$(ls -t "$1"/dist/mayfly-*-image-"$(uname -m)".tar | head -n 1)
      is_fresh "$1" && [ "$archive" -nt "$1/cli/target/app/current" ] && echo "$archive"
      """;

  private final String image;

  private DockerEngine(String image) {
    this.image = image;
  }

  /** Opens it; a test that finds no engine or no image ends there and says why. */
  static DockerEngine open() throws IOException, InterruptedException {
    boolean named = System.getenv("DOCKER_HOST") != null;
    assumeTrue(named, "NOT TESTED with an engine: DOCKER_HOST names none");
    Process finding =
        new ProcessBuilder("sh", "-c", FIND_IMAGE, "sh", SOURCES.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String archive = output(finding);
    assumeTrue(
        finding.waitFor() == 0,
        "NOT TESTED with an engine: there is no image, or one of older sources; run make image");
    Matcher loaded = LOADED.matcher(run(List.of("docker", "load", "--input", archive)));
    assertThat(loaded.find()).isTrue();
    DockerEngine engine = new DockerEngine(loaded.group(1));
    engine.removeAll();
    engine.docker("network", "create", NETWORK);
    return engine;
  }

  String api() {
    return String.valueOf(System.getenv("DOCKER_HOST"));
  }

  String network() {
    return NETWORK;
  }

  String image() {
    return image;
  }

  /** Starts a server in a container of a service, with further options of {@code docker run}. */
  void start(String name, String service, String... more) throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(List.of("--hostname", name, "--env"));
    options.addAll(List.of("MAYFLY_NAME=" + name, "--env", "MAYFLY_MAX_BYTES=32MiB"));
    options.addAll(List.of("--label", "com.docker.compose.service=" + service));
    options.addAll(List.of("--health-interval", "2s"));
    options.addAll(List.of(more));
    run(name, options);
  }

  /** Runs a container, read-only, with options of {@code docker run} and words behind the image. */
  void run(String name, List<String> options, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("run", "--detach", "--name", name));
    command.addAll(List.of("--network", NETWORK, "--label", OURS, "--read-only"));
    command.addAll(options);
    command.add(image);
    command.addAll(List.of(words));
    docker(command.toArray(String[]::new));
  }

  /** The http door of a container. */
  InetSocketAddress http(String name) throws IOException, InterruptedException {
    String template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    return new InetSocketAddress(InetAddress.ofLiteral(inspect(name, template)), 8080);
  }

  /** What a template makes of what the engine knows of a container. */
  String inspect(String name, String template) throws IOException, InterruptedException {
    return docker("inspect", "--format", template, name);
  }

  String docker(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(words));
    return run(command);
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = output(process);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    return output;
  }

  private static String output(Process process) throws IOException {
    try (OutputStream nothing = process.getOutputStream()) {
      nothing.flush();
    }
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private void removeAll() throws IOException, InterruptedException {
    String ids = docker("ps", "--all", "--quiet", "--filter", "label=" + OURS);
    for (String id : ids.lines().toList()) {
      docker("rm", "--force", "--volumes", id);
    }
    if (docker("network", "ls", "--format", "{{.Name}}").lines().anyMatch(NETWORK::equals)) {
      docker("network", "rm", NETWORK);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      removeAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted amid the removal of containers", e);
    }
  }
}
