package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import dev.mayfly.server.ConfigException;
import dev.mayfly.server.JournalOperator;
import dev.mayfly.store.SnapshotKeeper.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The flags that say where a journal is, as the server takes them. Stateless. */
final class JournalFlags {
  static final Option DATA =
      Option.value("--data", "DIR", "The server's data folder. Default: as for serve.");
  static final Option DATABASE =
      Option.value("--database", "URL", "The server's database, instead of a folder.");
  static final Option NAME =
      Option.value(
          "--name",
          "NAME",
          "The server's name, where the database has several. Default: as for" + " serve.");

  static final List<Option> ALL = List.of(DATA, DATABASE, NAME);

  private JournalFlags() {}

  static JournalOperator open(Arguments arguments) {
    Map<String, String> flags = new HashMap<>();
    for (Option option : ALL) {
      String value = arguments.value(option);
      if (value != null) {
        flags.put(option.key(), value);
      }
    }
    try {
      return JournalOperator.of(flags);
    } catch (ConfigException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  static JsonObject shown(Snapshot snapshot) {
    return JsonObject.empty()
        .with("id", snapshot.id())
        .with("server", snapshot.server())
        .with("revision", snapshot.revision())
        .with("entries", snapshot.entries())
        .with("counters", snapshot.counters())
        .with("bytes", snapshot.bytes())
        .with("chosen", snapshot.chosen());
  }
}
