package dev.mayfly.cli;

import dev.mayfly.client.JsonObject;
import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.MayflyRefusedException;
import dev.mayfly.server.JournalOperator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/** {@code mayfly snapshot}. */
final class SnapshotCommand implements Command {
  /** A large store takes minutes to be saved. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  @Override
  public String name() {
    return "snapshot";
  }

  @Override
  public String summary() {
    return "Make, list, choose, delete, export or import snapshots of the store.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(
        JournalFlags.ALL,
        Parameter.required(
            "ACTION",
            "'now' makes one, 'list' shows all; 'restore' lets the next start begin with the one"
                + " given, and forget what came after it; 'delete' deletes it. Those two are"
                + " privileged. 'export' writes one to a new file, 'import' takes it in from there:"
                + " both work on the place itself (--data or --database), or with --address"
                + " through the server, and are privileged then."),
        Parameter.optional(
            "ID|FILE",
            "The snapshot; for 'restore' 0 takes the choice back. Of 'export' and 'import' the"
                + " file."),
        Parameter.optional("ID", "Of 'export' the snapshot, if it is not the newest."));
  }

  @Override
  public List<String> details() {
    return List.of(
        "",
        "After 'import' the server's next start begins with what came in and forgets what it had."
            + " On the place,",
        "'export' may be done while the server runs, 'import' while it is stopped.");
  }

  @Override
  public int run(Session session) throws IOException {
    List<String> words = session.arguments().parameters();
    String action = words.getFirst();
    switch (action) {
      case "export", "import" -> session.print(onFile(session, action, words));
      case "now", "list" -> {
        require(words, action, 1, "nothing after it");
        requireNoPlace(session, "snapshot " + action, "the server alone is asked");
        session.print(asked(session, action, 0));
      }
      case "restore", "delete" -> {
        require(words, action, 2, "one ID");
        requireNoPlace(session, "snapshot " + action, "the server alone is asked");
        session.print(asked(session, action, Numbers.count("snapshot", words.get(1))));
      }
      default ->
          throw new UsageException(
              "invalid action '"
                  + action
                  + "': expected now, list, restore, delete, export or import");
    }
    return Program.DONE;
  }

  private static void require(List<String> words, String action, int size, String expected) {
    if (words.size() != size) {
      throw new UsageException("snapshot %s: expected %s".formatted(action, expected));
    }
  }

  /** What goes through the server does not look at the place itself. */
  private static void requireNoPlace(Session session, String beside, String expected) {
    for (Option place : JournalFlags.ALL) {
      if (session.arguments().has(place)) {
        throw new UsageException("%s beside %s: %s".formatted(beside, place.key(), expected));
      }
    }
  }

  private static JsonObject onFile(Session session, String action, List<String> words)
      throws IOException {
    if (words.size() < 2 || (action.equals("import") && words.size() > 2)) {
      throw new UsageException("snapshot %s: expected one FILE".formatted(action));
    }
    Path file = Path.of(words.get(1)).toAbsolutePath();
    if (session.arguments().value(Syntax.ADDRESS) != null) {
      return throughServer(session, action, file, words);
    }
    JournalOperator journal = JournalFlags.open(session.arguments());
    if (action.equals("import")) {
      return JournalFlags.shown(journal.importSnapshot(file));
    }
    long id = words.size() > 2 ? Numbers.count("snapshot", words.get(2)) : 0;
    return JournalFlags.shown(journal.exportSnapshot(id, file)).with("file", file.toString());
  }

  private static JsonObject throughServer(
      Session session, String action, Path file, List<String> words) throws IOException {
    requireNoPlace(session, "--address", "expected the server or its place");
    long id = words.size() > 2 ? Numbers.count("snapshot", words.get(2)) : 0;
    MayflyClient client = session.client(PATIENCE);
    try {
      if (action.equals("import")) {
        if (!Files.exists(file)) {
          throw new NoSuchFileException(file + " is not there");
        }
        try (InputStream in = Files.newInputStream(file)) {
          return client.importSnapshot(in);
        }
      }
      return exported(client, id, file);
    } catch (MayflyRefusedException e) {
      throw new CommandException(e.detail(), e);
    }
  }

  private static JsonObject exported(MayflyClient client, long id, Path file) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file + " is there already: expected a new file");
    }
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      try (OutputStream out = Files.newOutputStream(partial)) {
        client.exportSnapshot(id, out);
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
    return JsonObject.empty().with("file", file.toString()).with("bytes", Files.size(file));
  }

  private static JsonObject asked(Session session, String action, long id) {
    MayflyClient client = session.client(PATIENCE);
    try {
      return switch (action) {
        case "now" -> client.makeSnapshot();
        case "list" -> client.snapshots();
        case "restore" -> client.restoreSnapshot(id);
        default -> client.deleteSnapshot(id);
      };
    } catch (MayflyRefusedException e) {
      throw new CommandException(e.detail(), e);
    }
  }
}
