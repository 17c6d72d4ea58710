package dev.mayfly.resp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the facts about commands from {@code commands.tsv} and {@code subcommands.tsv}, and joins
 * each with its handler. Stateless.
 */
final class CommandFacts {
  private static final int COLUMNS = 11;
  private static final int SUBCOMMAND_COLUMNS = 7;
  private static final String IMMEDIATE = "immediate";
  private static final String SUBSCRIBED = "subscribed";
  private static final String MESSAGES = "messages";
  private static final String MUCH = "much";
  private static final String CATEGORY = "@";

  /** What a group of commands is called as a category. */
  private static final Map<String, List<String>> CATEGORIES =
      Map.of(
          "string", List.of("@string"),
          "bitmap", List.of("@bitmap"),
          "generic", List.of("@keyspace"),
          "pubsub", List.of("@pubsub"),
          "connection", List.of("@connection"),
          "transactions", List.of("@transaction"));

  private static final String READONLY = "readonly";
  private static final String WRITE = "write";

  private static final List<String> ORDER =
      List.of(
          "@keyspace",
          "@read",
          "@write",
          "@string",
          "@bitmap",
          "@pubsub",
          "@admin",
          "@fast",
          "@slow",
          "@dangerous",
          "@connection",
          "@transaction");

  private CommandFacts() {}

  /**
   * All commands, in the order of the facts.
   *
   * @param handlers one for each line of {@code commands.tsv}, by name
   */
  static List<Command> read(Map<String, Command.Handler> handlers) {
    Map<String, List<Subcommand>> subcommands = new LinkedHashMap<>();
    for (String[] columns : lines("subcommands.tsv", SUBCOMMAND_COLUMNS)) {
      subcommands.computeIfAbsent(columns[0], name -> new ArrayList<>()).add(subcommand(columns));
    }
    List<Command> commands = new ArrayList<>();
    for (String[] columns : lines("commands.tsv", COLUMNS)) {
      Command.Handler handler = handlers.get(columns[0]);
      if (handler == null) {
        throw new IllegalStateException("commands.tsv: no handler of '" + columns[0] + "'");
      }
      List<Subcommand> own = subcommands.getOrDefault(columns[0], List.of());
      commands.add(command(commands.size(), columns, own, handler));
    }
    if (commands.size() != handlers.size()) {
      throw new IllegalStateException(
          "%d commands with facts: expected one for each of %d handlers"
              .formatted(commands.size(), handlers.size()));
    }
    return List.copyOf(commands);
  }

  private static List<String[]> lines(String file, int columns) {
    List<String[]> all = new ArrayList<>();
    try (InputStream in = CommandFacts.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && !line.startsWith("#")) {
          String[] split = line.split("\t", -1);
          if (split.length != columns) {
            throw new IllegalStateException(
                "%s: expected %d columns: '%s'".formatted(file, columns, line));
          }
          all.add(split);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static Subcommand subcommand(String[] columns) {
    return new Subcommand(
        columns[1], Integer.parseInt(columns[2]), columns[3], columns[4], columns[5], columns[6]);
  }

  private static Command command(
      int index, String[] columns, List<Subcommand> subcommands, Command.Handler handler) {
    List<String> flags = List.of(columns[2].split(",", -1));
    return new Command(
        index,
        columns[0],
        Integer.parseInt(columns[1]),
        flags.stream().filter(flag -> !isOwn(flag)).toList(),
        categories(flags, columns[6]),
        traits(flags, Integer.parseInt(columns[3])),
        subcommands,
        Integer.parseInt(columns[3]),
        Integer.parseInt(columns[4]),
        Integer.parseInt(columns[5]),
        columns[6],
        columns[7],
        columns[8],
        columns[9],
        columns[10],
        subcommands.isEmpty() ? handler : withHelp(columns[0], subcommands, handler));
  }

  private static Command.Handler withHelp(
      String name, List<Subcommand> subcommands, Command.Handler handler) {
    return (arguments, session) ->
        arguments.count() == 2 && arguments.is(1, "help")
            ? help(name, subcommands)
            : handler.plan(arguments, session);
  }

  private static Action help(String name, List<Subcommand> subcommands) {
    List<String> lines = new ArrayList<>();
    lines.add(
        name.toUpperCase(Locale.ROOT)
            + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
    for (Subcommand each : subcommands) {
      lines.add((each.name().toUpperCase(Locale.ROOT) + " " + each.arguments()).strip());
      lines.add("    " + each.summary());
    }
    lines.add("HELP");
    lines.add("    Tells this.");
    return (Action.Now)
        out -> {
          out.array(lines.size());
          lines.forEach(out::simple);
        };
  }

  private static Set<Command.Trait> traits(List<String> flags, int firstKey) {
    Set<Command.Trait> traits = EnumSet.noneOf(Command.Trait.class);
    if (flags.contains(IMMEDIATE)) {
      traits.add(Command.Trait.IMMEDIATE);
    }
    if (flags.contains(SUBSCRIBED)) {
      traits.add(Command.Trait.SUBSCRIBED);
    }
    if (flags.contains(MESSAGES)) {
      traits.add(Command.Trait.MESSAGES);
    }
    if (flags.contains(MUCH)) {
      traits.add(Command.Trait.MUCH);
    }
    if (firstKey > 0 && (flags.contains(READONLY) || flags.contains(WRITE))) {
      traits.add(Command.Trait.KEYS);
    }
    return Collections.unmodifiableSet(traits);
  }

  private static boolean isOwn(String flag) {
    return List.of(IMMEDIATE, SUBSCRIBED, MESSAGES, MUCH).contains(flag)
        || flag.startsWith(CATEGORY);
  }

  /** What access rules of the original call it: by its flags and group, or as the facts say. */
  private static List<String> categories(List<String> flags, String group) {
    List<String> stated = flags.stream().filter(flag -> flag.startsWith(CATEGORY)).toList();
    List<String> categories =
        new ArrayList<>(stated.isEmpty() ? CATEGORIES.getOrDefault(group, List.of()) : stated);
    if (flags.contains(WRITE)) {
      categories.add("@write");
    }
    if (flags.contains(READONLY)) {
      categories.add("@read");
    }
    categories.add(flags.contains("fast") ? "@fast" : "@slow");
    return ORDER.stream().filter(categories::contains).toList();
  }
}
