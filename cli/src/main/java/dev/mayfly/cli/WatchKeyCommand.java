package dev.mayfly.cli;

import dev.mayfly.client.EventFeed;
import dev.mayfly.client.JsonObject;
import dev.mayfly.client.WatchOptions;
import dev.mayfly.client.WatchedEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code mayfly watch-key}. */
final class WatchKeyCommand extends KeyCommand {
  private static final List<String> KINDS =
      List.of("created", "updated", "unlocked", "deleted", "expired", "expunged");
  private static final Set<String> LAST = Set.of("DELETED", "EXPIRED", "EXPUNGED");

  /** The fields that are printed, by the names that they have in the stream. */
  private static final Map<String, String> NAMES =
      Map.of(
          "key", "key",
          "value", "value",
          "content_type", "content_type",
          "hash", "hash",
          "version", "version",
          "event", "key_event",
          "client_id", "event_client_id",
          "time", "event_timestamp");

  @Override
  public String name() {
    return "watch-key";
  }

  @Override
  public String summary() {
    return "Print a key's value and its changes, as JSON, until it is gone.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of(), KEY);
  }

  @Override
  void run(Session session, String key) throws IOException {
    WatchOptions options =
        new WatchOptions(List.of(key), null, null, KINDS, List.of(), true, true, null, null);
    try (EventFeed feed = session.client().watch(options)) {
      WatchedEvent event = feed.next();
      while (event != null) {
        JsonObject data = event.data();
        switch (event.type()) {
          case "state" ->
              print(session, data.with("event", "NO_EVENT").with("client_id", "keyquarry"));
          case "change" -> {
            print(session, data);
            if (LAST.contains(data.text("event"))) {
              return;
            }
          }
          case "gap" -> throw new CommandException("changes of the key were missed");
          case "end" -> throw new CommandException(String.valueOf(data.text("detail")));
          default -> session.diagnostics().debug(event.type());
        }
        event = feed.next();
      }
      throw new CommandException("the server ended the watch");
    }
  }

  private static void print(Session session, JsonObject data) throws IOException {
    JsonObject line = JsonObject.empty();
    for (Map.Entry<String, Object> field : data.fields().entrySet()) {
      String name = NAMES.get(field.getKey());
      if (name != null) {
        line = line.with(name, field.getValue());
      }
    }
    session.print(line);
    session.out().flush();
  }
}
