package dev.mayfly.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client of one server's {@code /v1} interface.
 *
 * <p>A missing key is an empty answer of the calls that read; a call that the server refuses throws
 * {@link MayflyRefusedException}, one that gets no usable answer {@link MayflyConnectionException}.
 * Connections are made on demand and kept.
 *
 * <p>Safe for concurrent use; each call blocks until its answer is there. Owns its connections.
 */
public final class MayflyClient implements AutoCloseable {
  /** How many operations one batch may have. */
  public static final int BATCH_OPERATIONS_MAX = 1000;

  private static final int REPLY_BYTES_MAX = 512 * 1024 * 1024;

  private final HttpTransport transport;

  /** Makes a client; nothing is connected yet. */
  public MayflyClient(ClientConfig config) {
    transport = new HttpTransport(config);
  }

  /** Sets a key. */
  public SetReply set(String key, byte[] value, SetOptions options) {
    return set(setRequest(key, options).body(value));
  }

  /** Sets a key to what a stream holds up to its end; nothing of it is kept in memory. */
  public SetReply set(String key, InputStream value, SetOptions options) {
    return set(setRequest(key, options).body(value));
  }

  private static HttpRequest setRequest(String key, SetOptions options) {
    return HttpRequest.ofKey("PUT", key, "")
        .query("lifespan", DurationText.of(options.lifespan()))
        .query("lock", DurationText.of(options.lock()))
        .field("Content-Type", options.contentType());
  }

  private SetReply set(HttpRequest request) {
    return ask(request, reply -> new SetReply(json(reply).flag("is_new"), reply.field("etag")));
  }

  /** The value of a key; empty if there is none. */
  public Optional<Value> get(String key) {
    return value(HttpRequest.ofKey("GET", key, ""));
  }

  /** Takes a key and its value out of the store; empty if there is none. */
  public Optional<Value> pop(String key) {
    return value(HttpRequest.ofKey("POST", key, "/pop"));
  }

  private Optional<Value> value(HttpRequest request) {
    return find(
        request,
        reply ->
            new Value(
                reply.bytes(REPLY_BYTES_MAX), reply.field("content-type"), reply.field("etag")));
  }

  /** The value of a key as a stream, for values of any size; empty if there is none. */
  public Optional<ValueStream> read(String key) {
    return stream(HttpRequest.ofKey("GET", key, ""));
  }

  /**
   * One version of the value as a stream; empty if there is no such key or version.
   *
   * @param version above 0 that very version; -n the one n versions before the current one
   */
  public Optional<ValueStream> read(String key, long version) {
    return stream(HttpRequest.ofKey("GET", key, "").query("version", Long.toString(version)));
  }

  /** As {@link #pop}, the value as a stream: what is not read of it is lost. */
  public Optional<ValueStream> popAndRead(String key) {
    return stream(HttpRequest.ofKey("POST", key, "/pop"));
  }

  private Optional<ValueStream> stream(HttpRequest request) {
    HttpReply reply = transport.send(request);
    try {
      if (isMissing(reply)) {
        reply.close();
        return Optional.empty();
      }
      requireDone(reply);
      return Optional.of(new ValueStream(reply));
    } catch (IOException e) {
      reply.close();
      throw transport.failure(e);
    } catch (RuntimeException e) {
      reply.close();
      throw e;
    }
  }

  /** What is known of a key, with the names of the interface; empty if there is none. */
  public Optional<JsonObject> inspect(String key, boolean withValue, boolean withMetrics) {
    return find(
        HttpRequest.ofKey("GET", key, "/metadata")
            .query("value", withValue ? "true" : null)
            .query("metrics", withMetrics ? "true" : null),
        MayflyClient::json);
  }

  /** Whether there is such a key. */
  public boolean exists(String key) {
    HttpRequest request = HttpRequest.ofKey("HEAD", key, "");
    try (HttpReply reply = transport.send(request)) {
      // Existence is no secret of a lock, but a HEAD of a locked key is refused like its GET.
      if (reply.status() == 404) {
        return false;
      }
      if (reply.status() / 100 == 2 || reply.status() == 423) {
        return true;
      }
      throw new MayflyRefusedException(reply.status(), "", "HTTP status " + reply.status());
    }
  }

  /** Deletes a key; false if there is none. */
  public boolean delete(String key) {
    return find(HttpRequest.ofKey("DELETE", key, ""), reply -> json(reply).flag("deleted"))
        .orElse(false);
  }

  /**
   * Locks a key, or renews the lock that this client has.
   *
   * @return the fencing token: later locks of the key have higher ones
   */
  public long lock(String key, Duration duration, boolean createIfMissing) {
    return lock(key, duration, createIfMissing, Duration.ZERO);
  }

  /**
   * The same, waiting for at most so long while another client has the lock; whoever came first is
   * served first.
   */
  public long lock(String key, Duration duration, boolean createIfMissing, Duration wait) {
    HttpRequest request =
        HttpRequest.ofKey("POST", key, "/lock")
            .query("duration", DurationText.of(duration))
            .query("create", createIfMissing ? "true" : null)
            .query("wait", wait.isZero() ? null : DurationText.of(wait));
    return ask(request, reply -> json(reply).number("token", 0));
  }

  /** Gives up a lock; a key that is not locked stays so. */
  public void unlock(String key) {
    ask(HttpRequest.ofKey("POST", key, "/unlock"), MayflyClient::json);
  }

  /** Adds to the number that a key's value is, and answers the sum. */
  public long increment(String key, long by) {
    HttpRequest request =
        HttpRequest.ofKey("POST", key, "/increment").query("by", Long.toString(by));
    return ask(request, reply -> number(json(reply), "value"));
  }

  /** Lists keys in no particular order; the listing must be closed. */
  public KeyListing list(ListFilter filter) {
    HttpReply reply =
        transport.send(
            new HttpRequest("GET", "/v1/keys")
                .query("prefix", filter.prefix())
                .query("pattern", filter.pattern())
                .query("limit", filter.limit() == 0 ? null : Long.toString(filter.limit()))
                .query("include_reserved", filter.reserved() ? "true" : null));
    try {
      requireDone(reply);
      return new KeyListing(reply, transport);
    } catch (IOException e) {
      reply.close();
      throw transport.failure(e);
    } catch (RuntimeException e) {
      reply.close();
      throw e;
    }
  }

  /** How many keys there are. */
  public long count() {
    return ask(new HttpRequest("GET", "/v1/count"), reply -> number(json(reply), "count"));
  }

  /**
   * Deletes all keys that nobody has locked, or with force those as well.
   *
   * @return how many were deleted
   */
  public long clear(boolean force) {
    HttpRequest request =
        new HttpRequest("POST", "/v1/clear").query("force", force ? "true" : null);
    return ask(request, reply -> number(json(reply), "keys_deleted"));
  }

  /**
   * Does up to {@link #BATCH_OPERATIONS_MAX} operations, each on its own: one that is refused does
   * not keep the others from being done.
   *
   * @return an answer for each, in their order
   */
  public List<BatchReply> batch(List<SetOperation> operations) {
    if (operations.isEmpty() || operations.size() > BATCH_OPERATIONS_MAX) {
      throw new IllegalArgumentException(
          "a batch of " + operations.size() + ": expected 1 to " + BATCH_OPERATIONS_MAX);
    }
    HttpRequest request =
        new HttpRequest("POST", "/v1/batch")
            .field("Content-Type", "application/json")
            .body(BatchCodec.encode(operations));
    return ask(request, reply -> BatchCodec.decode(json(reply), operations.size()));
  }

  /** How a key was used, with the names of the interface; empty if there is no such key. */
  public Optional<JsonObject> keyMetrics(String key) {
    return find(HttpRequest.ofKey("GET", key, "/metrics"), MayflyClient::json);
  }

  /** What happens to the keys, from here on; the feed must be closed. */
  public EventFeed watch(WatchOptions options) {
    HttpReply reply = transport.send(options.request());
    try {
      requireDone(reply);
      return new EventFeed(reply, transport);
    } catch (IOException e) {
      reply.close();
      throw transport.failure(e);
    } catch (RuntimeException e) {
      reply.close();
      throw e;
    }
  }

  /**
   * Removes the least used keys; for operators.
   *
   * @param keysLeft how many are to be left
   * @param ignored keys that stay in any case
   * @return how many were removed
   */
  public long prune(long keysLeft, List<String> ignored) {
    HttpRequest request = new HttpRequest("POST", "/v1/prune").query("to", Long.toString(keysLeft));
    ignored.forEach(key -> request.query("ignore", key));
    return ask(request, reply -> number(json(reply), "pruned"));
  }

  /** Refuses writes from here on, or takes them again; for operators. */
  public void readOnly(boolean enable) {
    HttpRequest request =
        new HttpRequest("POST", "/v1/readonly").query("enable", Boolean.toString(enable));
    ask(request, MayflyClient::json);
  }

  /** Makes a snapshot of a store that is on disk; returns when it is complete. */
  public JsonObject makeSnapshot() {
    return ask(new HttpRequest("POST", "/v1/snapshots"), MayflyClient::json);
  }

  /** The snapshots, newest first, under {@code snapshots}. */
  public JsonObject snapshots() {
    return ask(new HttpRequest("GET", "/v1/snapshots"), MayflyClient::json);
  }

  /** Lets the server's next start begin with a snapshot; 0: with the newest. For operators. */
  public JsonObject restoreSnapshot(long id) {
    String path = "/v1/snapshots/" + id + "/restore";
    return ask(new HttpRequest("POST", path), MayflyClient::json);
  }

  /** Deletes a snapshot; for operators. */
  public JsonObject deleteSnapshot(long id) {
    return ask(new HttpRequest("DELETE", "/v1/snapshots/" + id), MayflyClient::json);
  }

  /**
   * Writes a snapshot to a stream, as a file that {@link #importSnapshot} takes; for operators.
   *
   * @param id 0: the newest
   * @throws IOException when the stream fails, or the snapshot ends too early: what was written is
   *     of no use then
   */
  public void exportSnapshot(long id, OutputStream out) throws IOException {
    HttpReply reply = transport.send(new HttpRequest("GET", "/v1/snapshots/" + id));
    try (ValueStream file = new ValueStream(reply)) {
      requireDone(reply);
      file.transferTo(out);
    }
  }

  /** Takes a snapshot in, with which the server's next start begins; for operators. */
  public JsonObject importSnapshot(InputStream in) {
    return ask(new HttpRequest("POST", "/v1/snapshots/import").body(in), MayflyClient::json);
  }

  /** Asks the server to stop; for operators. It may still be at work when this returns. */
  public void shutdown() {
    ask(new HttpRequest("POST", "/v1/shutdown"), MayflyClient::json);
  }

  /** Makes this client known; false if it was already. */
  public boolean register() {
    try {
      return ask(new HttpRequest("POST", "/v1/register"), reply -> json(reply).flag("success"));
    } catch (MayflyRefusedException e) {
      if (e.status() == 409) {
        return false;
      }
      throw e;
    }
  }

  /** The server's figures, with the names of the interface. */
  public JsonObject stats() {
    return ask(new HttpRequest("GET", "/v1/stats"), MayflyClient::json);
  }

  /** The server's version, with the names of the interface. */
  public JsonObject version() {
    return ask(new HttpRequest("GET", "/v1/version"), MayflyClient::json);
  }

  /** Reads what a reply that is no refusal says. */
  private interface Reader<T> {
    T read(HttpReply reply) throws IOException;
  }

  private <T> T ask(HttpRequest request, Reader<T> reader) {
    try (HttpReply reply = transport.send(request)) {
      requireDone(reply);
      return reader.read(reply);
    } catch (IOException e) {
      throw transport.failure(e);
    }
  }

  private <T> Optional<T> find(HttpRequest request, Reader<T> reader) {
    try (HttpReply reply = transport.send(request)) {
      if (isMissing(reply)) {
        return Optional.empty();
      }
      requireDone(reply);
      return Optional.of(reader.read(reply));
    } catch (IOException e) {
      throw transport.failure(e);
    }
  }

  /** Whether the store says that the key is missing; a 404 of anybody else is a refusal. */
  private static boolean isMissing(HttpReply reply) throws IOException {
    if (reply.status() != 404) {
      return false;
    }
    MayflyRefusedException refusal = reply.refusal();
    if (refusal.code().isEmpty()) {
      throw refusal;
    }
    return true;
  }

  private static void requireDone(HttpReply reply) throws IOException {
    if (reply.status() / 100 != 2) {
      throw reply.refusal();
    }
  }

  private static JsonObject json(HttpReply reply) throws IOException {
    return Json.object(reply.bytes(REPLY_BYTES_MAX));
  }

  private static long number(JsonObject reply, String name) throws IOException {
    @Nullable Object number = reply.fields().get(name);
    if (number instanceof Long value) {
      return value;
    }
    throw new MalformedReplyException("the reply has no whole number '" + name + "'");
  }

  @Override
  public void close() {
    transport.close();
  }
}
