package dev.mayfly.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A watch of {@code mayfly.v1} whose client is killed and started again, and goes on where the last
 * message that it finished said. Confined to one thread.
 */
final class ResumingWatcher implements AutoCloseable {
  private final String address;
  private final List<String> told = new ArrayList<>();
  private NodeProcess process;
  private String token = "";

  /** Starts one, and waits until what happens is in it. */
  ResumingWatcher(String address) throws IOException, InterruptedException {
    this.address = address;
    process = start();
    readMessage(process.line());
  }

  private NodeProcess start() throws IOException, InterruptedException {
    return NodeProcess.start(
        "resuming.mjs", address, token.isEmpty() ? Map.of() : Map.of("TOKEN", token));
  }

  /** Reads until it was told this. */
  void readUntil(String event) throws IOException {
    while (!told.contains(event)) {
      readMessage(process.line());
    }
  }

  /** Ends the client where it is; what it finished before counts. */
  void kill() {
    process.kill();
    process.rest().lines().forEach(this::readMessage);
  }

  void restart() throws IOException, InterruptedException {
    process = start();
  }

  /** Its kind, where to resume after it, what happened, and a dot. */
  private void readMessage(String line) {
    List<String> words = List.of(line.split(" +"));
    if (!words.getLast().equals(".")) {
      return;
    }
    switch (words.getFirst()) {
      case "begun" -> {}
      case "events", "progress" -> {
        token = words.get(1);
        told.addAll(words.subList(2, words.size() - 1));
      }
      default -> throw new AssertionError("unexpected: " + line);
    }
  }

  /** What all its clients were told, in order. */
  List<String> told() {
    return told;
  }

  @Override
  public void close() {
    process.close();
  }
}
