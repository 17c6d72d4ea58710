package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The Docker engine that {@code DOCKER_HOST} names, through its command line, with an image that
 * needs no registry: busybox and a page. Removes what it made. Confined to one thread.
 */
final class DockerEngine implements AutoCloseable {
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final String IMAGE = "mayfly-it-web";
  private static final String NETWORK = "mayfly-it";
  private static final String SERVE =
      "hostname > /www/index.html; exec /bin/busybox httpd -f -p 8080 -h /www";

  /** Opens it; a test that finds none ends there and says why. */
  static DockerEngine open(Path folder) throws IOException, InterruptedException {
    boolean named = System.getenv("DOCKER_HOST") != null;
    assumeTrue(named, "NOT TESTED with an engine: DOCKER_HOST names none");
    assumeTrue(Files.exists(BUSYBOX), "NOT TESTED with an engine: busybox-static is not installed");
    DockerEngine engine = new DockerEngine();
    engine.removeAll();
    Path root = Files.createDirectories(folder.resolve("image"));
    Files.createDirectories(root.resolve("bin"));
    Files.createDirectories(root.resolve("www"));
    Files.createDirectories(root.resolve("tmp"));
    Files.copy(BUSYBOX, root.resolve("bin/busybox"));
    Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("busybox"));
    Path archive = folder.resolve("image.tar");
    run(List.of("tar", "-C", root.toString(), "-cf", archive.toString(), "."));
    engine.docker("import", archive.toString(), IMAGE);
    engine.docker("network", "create", NETWORK);
    return engine;
  }

  String api() {
    return String.valueOf(System.getenv("DOCKER_HOST"));
  }

  String network() {
    return NETWORK;
  }

  /** Runs a container of a service, which answers with its name over HTTP on port 8080. */
  void start(String name, String service, String... more) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name, "--hostname", name));
    words.addAll(List.of("--network", NETWORK, "--label", "com.docker.compose.service=" + service));
    words.addAll(List.of(more));
    words.addAll(List.of(IMAGE, "/bin/sh", "-c", SERVE));
    docker(words.toArray(String[]::new));
  }

  String docker(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(words));
    return run(command);
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream nothing = process.getOutputStream()) {
      nothing.flush();
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    return output.strip();
  }

  private void removeAll() throws IOException, InterruptedException {
    String ids = docker("ps", "-aq", "--filter", "ancestor=" + IMAGE);
    for (String id : ids.lines().toList()) {
      docker("rm", "-f", id);
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
