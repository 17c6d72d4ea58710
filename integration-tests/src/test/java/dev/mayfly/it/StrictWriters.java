package dev.mayfly.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.MayflyConnectionException;
import dev.mayfly.client.SetOptions;
import dev.mayfly.remote.RemoteConfig;
import dev.mayfly.remote.RemoteException;
import dev.mayfly.remote.RemoteStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clients of three doors that write rising numbers until the server is gone, and one that reads
 * them; they remember what was acknowledged and what was shown.
 */
final class StrictWriters {
  private static final int PIPELINE = 16;

  /** By key: no less may be there afterwards, and no more. */
  private final Map<String, Long> shown = new ConcurrentHashMap<>();

  private final Map<String, Long> tried = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile long from;

  /** Something that ends with an exception once the server is gone. */
  private interface Work {
    void run() throws IOException;
  }

  /** Begins to write numbers above all that were written before. */
  void start(ServerFixture server) {
    from = tried.values().stream().mapToLong(each -> each).max().orElse(0);
    go(() -> writeResp(server, "resp-a"));
    go(() -> writeResp(server, "resp-b"));
    go(() -> readResp(server));
    go(() -> writeHttp(server));
    go(() -> writeGrpc(server));
  }

  private void go(Work work) {
    threads.add(
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    work.run();
                  } catch (IOException | MayflyConnectionException | RemoteException e) {
                    // The server was killed, as it is to be.
                  }
                }));
  }

  /** Waits until all have seen that the server is gone. */
  void awaitEnd() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    threads.clear();
  }

  /** Whether every writer was answered since the start, and the reader. */
  boolean haveAll() {
    return List.of("resp-a0", "resp-b0", "http", "grpc").stream()
        .allMatch(key -> shown.getOrDefault(key, 0L) > from);
  }

  private void writeResp(ServerFixture server, String name) throws IOException {
    try (RespWire wire = new RespWire(server.respPort())) {
      for (long n = from + 1; ; n++) {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < PIPELINE; i++) {
          tried.put(name + i, n);
          batch.append("SET %s%d %d\r\n".formatted(name, i, n));
        }
        wire.send(batch.toString().getBytes(ISO_8859_1));
        for (int i = 0; i < PIPELINE; i++) {
          String reply = wire.reply().text();
          if (!reply.equals("+OK")) {
            throw new AssertionError("SET was answered with " + reply);
          }
          shown.merge(name + i, n, Math::max);
        }
      }
    }
  }

  /** What a reader was shown, a crash must not take back either. */
  private void readResp(ServerFixture server) throws IOException {
    List<String> keys = List.of("resp-a0", "http", "grpc", "resp-b15");
    try (RespWire wire = new RespWire(server.respPort())) {
      for (int i = 0; ; i = (i + 1) % keys.size()) {
        String reply = wire.ask(List.of("GET", keys.get(i))).text();
        if (!reply.equals("$-1")) {
          shown.merge(keys.get(i), Long.parseLong(reply.substring(1)), Math::max);
        }
      }
    }
  }

  private void writeHttp(ServerFixture server) {
    try (MayflyClient client = server.client()) {
      for (long n = from + 1; ; n++) {
        tried.put("http", n);
        client.set("http", Long.toString(n).getBytes(UTF_8), SetOptions.NONE);
        shown.merge("http", n, Math::max);
      }
    }
  }

  private void writeGrpc(ServerFixture server) {
    try (RemoteStore remote = RemoteStore.connect(RemoteConfig.of(server.grpc(), "writer"))) {
      for (long n = from + 1; ; n++) {
        tried.put("grpc", n);
        remote.set(RemoteStore.bytes("grpc"), RemoteStore.bytes(Long.toString(n)));
        shown.merge("grpc", n, Math::max);
      }
    }
  }

  /** Tells what is missing, or was never written; empty: nothing. */
  String wrong(ServerFixture server) throws IOException {
    StringBuilder wrong = new StringBuilder();
    try (RespWire wire = new RespWire(server.respPort())) {
      for (Map.Entry<String, Long> key : tried.entrySet()) {
        String reply = wire.ask(List.of("GET", key.getKey())).text();
        long value = reply.equals("$-1") ? 0 : Long.parseLong(reply.substring(1));
        long least = shown.getOrDefault(key.getKey(), 0L);
        if (value < least || value > key.getValue()) {
          wrong.append(
              "%s is %d: expected %d to %d%n"
                  .formatted(key.getKey(), value, least, key.getValue()));
        }
      }
    }
    return wrong.toString();
  }
}
