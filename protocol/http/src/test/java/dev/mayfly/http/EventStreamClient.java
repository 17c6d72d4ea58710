package dev.mayfly.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A client of server-sent events that reads one block after another. Confined to one thread. */
final class EventStreamClient implements AutoCloseable {
  private final TestClient client;
  final int status;
  final Map<String, String> fields = new HashMap<>();

  private EventStreamClient(TestClient client) {
    this.client = client;
    status = client.readHead(fields);
  }

  static EventStreamClient open(TestDoor door, String query, String... headers) {
    TestClient client = door.client();
    client.write(TestClient.head("GET", "/v1/events" + query, headers) + "\r\n");
    return new EventStreamClient(client);
  }

  /** The next block that is no comment, as its lines. */
  List<String> next() {
    while (true) {
      List<String> block = new ArrayList<>();
      for (String line = client.chunkedLine(); !line.isEmpty(); line = client.chunkedLine()) {
        if (!line.startsWith(":")) {
          block.add(line);
        }
      }
      if (!block.isEmpty()) {
        return block;
      }
    }
  }

  /** The next event's type and data. */
  String event() {
    List<String> block = next();
    while (line(block, "event: ").isEmpty()) {
      block = next();
    }
    return line(block, "event: ") + " " + line(block, "data: ");
  }

  static String line(List<String> block, String name) {
    return block.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()))
        .findFirst()
        .orElse("");
  }

  boolean isEnded() {
    return client.isEnded();
  }

  @Override
  public void close() {
    client.close();
  }
}
