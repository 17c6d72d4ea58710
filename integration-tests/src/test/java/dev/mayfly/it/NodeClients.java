package dev.mayfly.it;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;

/**
 * The packages that the scripts in {@code src/test/node} stand on, fetched in the versions of their
 * lock file when they are not there yet. Safe for concurrent use.
 */
final class NodeClients {
  static final Path SCRIPTS = Path.of("src/test/node").toAbsolutePath();

  private static final String LOCK_FILE = "package-lock.json";
  private static final long FETCH_SECONDS = 300;

  private NodeClients() {}

  /** The folder that has them. */
  static synchronized Path folder() throws IOException, InterruptedException {
    Path folder = Path.of("target", "node", digest(SCRIPTS.resolve(LOCK_FILE))).toAbsolutePath();
    Path complete = folder.resolve("complete");
    if (!Files.exists(complete)) {
      Files.createDirectories(folder);
      for (String file : new String[] {"package.json", LOCK_FILE}) {
        Files.copy(
            SCRIPTS.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      fetch(folder);
      Files.createFile(complete);
    }
    return folder;
  }

  private static void fetch(Path folder) throws IOException, InterruptedException {
    Path log = folder.resolve("fetch.txt");
    Process npm;
    try {
      npm =
          new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      throw new AssertionError("these tests need Node and npm: install nodejs and npm", e);
    }
    if (!npm.waitFor(FETCH_SECONDS, TimeUnit.SECONDS)) {
      npm.destroyForcibly();
      throw new AssertionError("npm ci did not end within " + FETCH_SECONDS + " s");
    }
    if (npm.exitValue() != 0) {
      throw new AssertionError("npm ci failed:\n" + Files.readString(log, StandardCharsets.UTF_8));
    }
  }

  private static String digest(Path file) throws IOException {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return new BigInteger(1, hash).toString(16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
