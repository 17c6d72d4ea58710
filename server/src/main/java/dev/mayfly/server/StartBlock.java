package dev.mayfly.server;

import java.util.ArrayList;
import java.util.List;

/**
 * What a server says about itself when it has started: one block for a terminal, or the same facts
 * as pairs for a log.
 */
final class StartBlock {
  private final LoadedConfig loaded;
  private final MayflyServer server;

  StartBlock(LoadedConfig loaded, MayflyServer server) {
    this.loaded = loaded;
    this.server = server;
  }

  /** Lines without an end, the last of which is {@code ready}. */
  String render() {
    StringBuilder out = new StringBuilder();
    MayflyConfig config = loaded.config();
    out.append("mayfly ").append(ServerVersion.text()).append("  ").append(config.name());
    for (Door.Open open : server.doors()) {
      line(out, open.door().name(), shown(open.address()));
    }
    line(out, "data", server.dataShown() + ", at most " + config.limits().memoryMax());
    ConfigReport.changes(loaded).forEach(change -> line(out, "set", change));
    warnings().forEach(warning -> line(out, "warning", warning));
    return out.append("\nready\n").toString();
  }

  /** Names and values in turn, for a log line. */
  Object[] pairs() {
    List<Object> pairs = new ArrayList<>();
    pairs.addAll(List.of("version", ServerVersion.text(), "name", loaded.config().name()));
    for (Door.Open open : server.doors()) {
      pairs.addAll(List.of(open.door().name(), open.address()));
    }
    pairs.addAll(List.of("data", server.dataShown()));
    return pairs.toArray();
  }

  /** What should not go unnoticed, one line each. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>(loaded.warnings());
    for (Door.Open open : server.doors()) {
      if (!open.address().isLoopback()) {
        warnings.add(
            "%s on %s is open to other machines, and nobody has to prove who they are"
                .formatted(open.door().name(), open.address()));
      }
    }
    if (server.clockBackMillis() > 0) {
      warnings.add(
          "the clock is %d ms behind the last time the journal was written: lifespans end later"
                  .formatted(server.clockBackMillis())
              + " than they should");
    }
    if (server.keyspace().isReadOnly()) {
      warnings.add("writes are refused: readonly is set");
    }
    return warnings;
  }

  private static String shown(ListenAddress address) {
    return address instanceof ListenAddress.Tcp tcp && tcp.host().isEmpty()
        ? address + " (all interfaces)"
        : address.toString();
  }

  private static void line(StringBuilder out, String head, String text) {
    out.append("\n  ").append(head).append(" ".repeat(Math.max(1, 10 - head.length())));
    out.append(text);
  }
}
