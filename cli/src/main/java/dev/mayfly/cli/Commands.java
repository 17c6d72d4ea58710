package dev.mayfly.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** All commands. Stateless; only the one that is asked for by name is loaded. */
final class Commands {
  /** In the order of the help. */
  private static final List<String> NAMES =
      List.of(
          "serve",
          "balance",
          "set",
          "get",
          "inspect",
          "exists",
          "delete",
          "pop",
          "lock",
          "unlock",
          "list",
          "watch",
          "watch-key",
          "load",
          "clear",
          "hit",
          "count",
          "count-namespace",
          "count-all",
          "keys",
          "namespaces",
          "take",
          "release",
          "key-metric",
          "prune",
          "readonly",
          "register",
          "snapshot",
          "journal",
          "import",
          "shutdown",
          "stress",
          "health",
          "stats",
          "version",
          "config",
          "completion",
          "help");

  private Commands() {}

  static List<Command> all() {
    return NAMES.stream().map(Commands::require).toList();
  }

  private static Command require(String name) {
    Command command = find(name);
    if (command == null) {
      throw new IllegalStateException("command " + name + " is not made");
    }
    return command;
  }

  /** The command of a name or alias; null if there is none. */
  static @Nullable Command find(String name) {
    return switch (name) {
      case "serve" -> new ServeCommand();
      case "balance" -> new BalanceCommand();
      case "set" -> new SetCommand();
      case "get" -> new GetCommand();
      case "inspect", "info" -> new InspectCommand();
      case "exists" -> new ExistsCommand();
      case "delete" -> new DeleteCommand();
      case "pop" -> new PopCommand();
      case "lock" -> new LockCommand();
      case "unlock" -> new UnlockCommand();
      case "list" -> new ListCommand();
      case "watch" -> new WatchCommand();
      case "watch-key" -> new WatchKeyCommand();
      case "hit" -> new HitCommand();
      case "count" -> new CountCommand();
      case "count-namespace" -> new CountNamespaceCommand();
      case "count-all" -> new CountAllCommand();
      case "keys" -> new KeysCommand();
      case "namespaces" -> new NamespacesCommand();
      case "take" -> new TakeCommand();
      case "release" -> new ReleaseCommand();
      case "key-metric" -> new KeyMetricCommand();
      case "prune" -> new PruneCommand();
      case "readonly" -> new ReadOnlyCommand();
      case "register" -> new RegisterCommand();
      case "snapshot" -> new SnapshotCommand();
      case "journal" -> new JournalCommand();
      case "import" -> new ImportCommand();
      case "shutdown", "server-shutdown" -> new ShutdownCommand();
      case "stress" -> new StressCommand();
      case "health" -> new HealthCommand();
      case "load" -> new LoadCommand();
      case "clear" -> new ClearCommand();
      case "stats" -> new StatsCommand();
      case "version" -> new VersionCommand();
      case "config" -> new ConfigCommand();
      case "completion" -> new CompletionCommand();
      case "help" -> new HelpCommand();
      default -> null;
    };
  }
}
