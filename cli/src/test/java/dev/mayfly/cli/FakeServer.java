package dev.mayfly.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** A small server that speaks the routes of the interface which the commands use. */
final class FakeServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** The values by key. */
  final Map<String, byte[]> values = new ConcurrentHashMap<>();

  /** Who has locked a key. */
  final Map<String, String> locks = new ConcurrentHashMap<>();

  /** Method, path and query of each request. */
  final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

  /** The content types that values came with. */
  final Queue<String> contentTypes = new ConcurrentLinkedQueue<>();

  FakeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    String query = String.valueOf(exchange.getRequestURI().getRawQuery());
    byte[] body = exchange.getRequestBody().readAllBytes();
    String route = exchange.getRequestMethod() + " ";
    requests.add(route + exchange.getRequestURI());
    try (exchange) {
      if (path.startsWith("/v1/keys/")) {
        String[] parts = path.substring("/v1/keys/".length()).split("/", -1);
        String key = URLDecoder.decode(parts[0].replace("+", "%2B"), UTF_8);
        ofKey(exchange, key, route + (parts.length > 1 ? parts[1] : ""), query, body);
      } else {
        ofAll(exchange, route + path.substring("/v1/".length()), query, body);
      }
    }
  }

  private void ofKey(HttpExchange exchange, String key, String route, String query, byte[] body)
      throws IOException {
    String client = exchange.getRequestHeaders().getFirst("X-Client-Id");
    if (!client.equals(locks.getOrDefault(key, client)) && !route.equals("GET metadata")) {
      problem(exchange, 423, "locked", "Key is locked");
    } else if (route.equals("PUT ")) {
      contentTypes.add(String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")));
      boolean isNew = values.put(key, body) == null;
      if (query.contains("lock=")) {
        locks.put(key, client);
      }
      json(exchange, isNew ? "{\"success\":true,\"is_new\":true}" : "{\"success\":true}");
    } else if (!values.containsKey(key) && !query.contains("create=true")) {
      problem(exchange, 404, "not_found", "Key not found");
    } else {
      ofPresentKey(exchange, key, route, client);
    }
  }

  private void ofPresentKey(HttpExchange exchange, String key, String route, String client)
      throws IOException {
    switch (route) {
      case "GET ", "HEAD " ->
          send(exchange, 200, "text/plain", values.getOrDefault(key, new byte[0]));
      case "POST pop" ->
          send(exchange, 200, "text/plain", Objects.requireNonNull(values.remove(key)));
      case "DELETE " -> {
        values.remove(key);
        json(exchange, "{\"deleted\":true}");
      }
      case "GET metadata" -> json(exchange, "{\"key\":\"%s\",\"version\":1}".formatted(key));
      case "POST lock" -> {
        values.putIfAbsent(key, new byte[0]);
        locks.put(key, client);
        json(exchange, "{\"success\":true,\"token\":17}");
      }
      case "POST unlock" -> {
        locks.remove(key);
        json(exchange, "{\"success\":true}");
      }
      default -> problem(exchange, 405, "bad_request", "no route " + route);
    }
  }

  private void ofAll(HttpExchange exchange, String route, String query, byte[] body)
      throws IOException {
    switch (route) {
      case "GET keys" ->
          json(
              exchange,
              values.keySet().stream()
                  .sorted()
                  .map(key -> "\"" + key + "\"")
                  .toList()
                  .toString()
                  .transform(keys -> "{\"keys\":" + keys + ",\"omitted\":2}"));
      case "POST clear" -> {
        int count = values.size();
        values.clear();
        json(exchange, "{\"success\":true,\"keys_deleted\":" + count + "}");
      }
      case "GET stats" -> json(exchange, "{\"keys\":%d}".formatted(values.size()));
      case "GET version" -> json(exchange, "{\"version\":\"9\"}");
      case "POST batch" -> json(exchange, BatchAnswer.to(new String(body, UTF_8), values, locks));
      default -> problem(exchange, 404, "", "no route " + route + "?" + query);
    }
  }

  private static void problem(HttpExchange exchange, int status, String code, String detail)
      throws IOException {
    String body =
        "{\"title\":\"t\",\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\"}"
            .formatted(status, code, detail);
    send(exchange, status, "application/problem+json", body.getBytes(UTF_8));
  }

  private static void json(HttpExchange exchange, String body) throws IOException {
    send(exchange, 200, "application/json", body.getBytes(UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
