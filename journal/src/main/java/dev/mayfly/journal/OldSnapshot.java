package dev.mayfly.journal;

import dev.mayfly.store.KeyMetrics;
import dev.mayfly.store.Lock;
import dev.mayfly.store.PastValue;
import dev.mayfly.store.SavedCounter;
import dev.mayfly.store.SavedEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The keys of a snapshot of the old kind, as entries of this store. It is read twice: first what
 * belongs to keys and stands elsewhere (locks, lifespans, history), then the keys themselves, some
 * at a time. What ended before now is left out; what has not ended keeps its remaining time.
 * Confined to one thread.
 */
final class OldSnapshot {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String RESERVED = "keyquarry";
  private static final int PAGE_BYTES = 4 << 20;
  private static final int PAGE = 2_048;
  private static final byte[] NONE = new byte[0];
  private static final int TYPE_MAX = 255;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final OldDocument document;
  private final long nowMillis;
  private final Map<String, Span> locks = new HashMap<>();
  private final Map<String, Span> lifespans = new HashMap<>();
  private final Map<String, List<PastValue>> history = new HashMap<>();
  private final List<SavedCounter> clients = new ArrayList<>();
  private long revision;
  private long ended;

  /** A time, and how long from then on. */
  private record Span(String client, long fromMillis, long millis) {
    long endMillis() {
      return fromMillis + millis;
    }
  }

  private OldSnapshot(OldDocument document, long revision, long nowMillis) {
    this.document = document;
    this.revision = revision;
    this.nowMillis = nowMillis;
  }

  /**
   * Reads what belongs to keys.
   *
   * @param revision that of the first key is the next
   * @throws IOException when it is no such snapshot
   */
  static OldSnapshot read(OldDocument document, long revision, long nowMillis)
      throws IOException, SQLException {
    OldSnapshot old = new OldSnapshot(document, revision, nowMillis);
    old.parse(old::readRest);
    return old;
  }

  /** The revision of the last key. */
  long revision() {
    return revision;
  }

  /** The clients that had registered. */
  List<SavedCounter> clients() {
    return clients;
  }

  private static SavedCounter client(String id) {
    return new SavedCounter(
        SavedCounter.Kind.CLIENT,
        NONE,
        id.getBytes(StandardCharsets.UTF_8),
        false,
        new long[] {Long.MAX_VALUE},
        new long[0],
        new long[0]);
  }

  /** How many keys had ended. */
  long ended() {
    return ended;
  }

  /** Takes entries, some at a time. */
  interface Sink {
    void accept(List<SavedEntry> entries) throws SQLException;
  }

  /** Reads the keys. */
  void entries(Sink sink) throws IOException, SQLException {
    List<SavedEntry> page = new ArrayList<>();
    long[] bytes = {0};
    parse(
        (parser, name) -> {
          if (!name.equals("keys")) {
            parser.skipChildren();
            return;
          }
          OldObject.readAll(
              parser,
              object -> {
                SavedEntry entry = entry(object);
                if (entry != null) {
                  page.add(entry);
                  bytes[0] += entry.bytes();
                }
                if (page.size() >= PAGE || bytes[0] >= PAGE_BYTES) {
                  sink.accept(page);
                  page.clear();
                  bytes[0] = 0;
                }
              });
        });
    if (!page.isEmpty()) {
      sink.accept(page);
    }
  }

  private @Nullable SavedEntry entry(OldObject object) throws IOException {
    String key = object.required("key");
    Span lifespan = lifespans.get(key);
    boolean past = lifespan != null && lifespan.endMillis() <= nowMillis;
    if (past || key.toLowerCase(Locale.ROOT).startsWith(RESERVED)) {
      ended += past ? 1 : 0;
      return null;
    }
    revision++;
    long version = Math.max(1, object.number("version", 1));
    long created = object.time("created");
    long updated = object.time("updated");
    Lock lock = lock(key);
    KeyMetrics use =
        new KeyMetrics(
            0,
            0,
            0,
            1,
            created,
            updated == 0 ? created : updated,
            lock == null ? 0 : 1,
            lock == null ? 0 : lock.createdMillis(),
            lock == null ? 0 : lock.createdMillis());
    List<PastValue> versions =
        history.getOrDefault(key, List.of()).stream()
            .filter(older -> older.version() < version)
            .sorted(Comparator.comparingLong(PastValue::version).reversed())
            .toList();
    return new SavedEntry(
        key.getBytes(StandardCharsets.UTF_8),
        object.bytes("value"),
        revision,
        version,
        created,
        updated,
        lifespan == null ? 0 : lifespan.endMillis(),
        lifespan == null ? 0 : lifespan.fromMillis(),
        0,
        contentType(object),
        true,
        false,
        lock,
        use,
        versions);
  }

  private static @Nullable String contentType(OldObject object) {
    String type = object.text("content_type");
    return type == null || type.isEmpty() || type.length() > TYPE_MAX ? null : type;
  }

  private @Nullable Lock lock(String key) {
    Span held = locks.get(key);
    return held == null || held.endMillis() <= nowMillis
        ? null
        : new Lock(held.client(), revision, held.fromMillis(), held.endMillis());
  }

  /** Everything but the keys. */
  private void readRest(JsonParser parser, String name) throws IOException, SQLException {
    switch (name) {
      case "locks" ->
          OldObject.readAll(
              parser,
              lock ->
                  locks.put(lock.required("key"), span(lock, "client_id", "created", "duration")));
      case "reapers" ->
          OldObject.readAll(
              parser,
              end -> lifespans.put(end.required("key"), span(end, "", "lifespan_set", "lifespan")));
      case "history" -> readHistory(parser);
      case "clients" ->
          OldObject.readAll(parser, client -> clients.add(client(client.required("client_id"))));
      default -> parser.skipChildren();
    }
  }

  private static Span span(OldObject object, String client, String from, String length)
      throws IOException {
    String owner = client.isEmpty() ? "" : object.required(client);
    return new Span(owner, object.time(from), object.number(length, 0) / NANOS_PER_MILLI);
  }

  private void readHistory(JsonParser parser) throws IOException, SQLException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      List<PastValue> versions = new ArrayList<>();
      history.put(parser.currentName(), versions);
      parser.nextToken();
      OldObject.readAll(
          parser,
          past -> {
            long version = past.number("version", 0);
            if (version > 0) {
              versions.add(
                  new PastValue(
                      past.bytes("value"),
                      contentType(past),
                      version,
                      Math.max(1, revision),
                      past.time("timestamp")));
            }
          });
    }
  }

  /** What is done with one field of the document, whose value the parser is at. */
  private interface Field {
    void read(JsonParser parser, String name) throws IOException, SQLException;
  }

  private void parse(Field field) throws IOException, SQLException {
    try (InputStream in = document.source().open();
        JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it is no snapshot of the old kind: expected an object of JSON");
      }
      boolean keys = false;
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        keys |= name.equals("keys");
        parser.nextToken();
        field.read(parser, name);
      }
      if (!keys) {
        throw new IOException("it is no snapshot of the old kind: expected 'keys' in it");
      }
    } catch (JacksonException | DateTimeException | ArithmeticException e) {
      throw new IOException(
          "it is no snapshot of the old kind: " + String.valueOf(e.getMessage()), e);
    }
  }
}
