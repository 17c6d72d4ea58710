package dev.mayfly.resp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every command by its name, in any case. The facts are in {@code commands.tsv}. Immutable. */
final class CommandTable {
  private static final int COLUMNS = 10;
  private static final String IMMEDIATE = "immediate";
  private static final String SUBSCRIBED = "subscribed";
  private static final String SUBCOMMAND = "+";

  private final List<Command> commands;
  private final @Nullable Command[] slots;
  private final byte[][] names;

  /**
   * @param handlers one for each line of the facts, by name
   */
  CommandTable(Map<String, Command.Handler> handlers) {
    commands = read(handlers);
    slots = new Command[Integer.highestOneBit(8 * commands.size())];
    names = new byte[slots.length][];
    for (Command command : commands) {
      byte[] name = command.name().getBytes(StandardCharsets.US_ASCII);
      int at = slot(name);
      while (slots[at] != null) {
        at = at + 1 & slots.length - 1;
      }
      slots[at] = command;
      names[at] = name;
    }
  }

  private static List<Command> read(Map<String, Command.Handler> handlers) {
    List<Command> commands = new ArrayList<>();
    try (InputStream in = CommandTable.class.getResourceAsStream("commands.tsv")) {
      if (in == null) {
        throw new IllegalStateException("commands.tsv is missing");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && !line.startsWith("#")) {
          commands.add(command(line, handlers));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (commands.size() != handlers.size()) {
      throw new IllegalStateException(
          "%d commands with facts: expected one for each of %d handlers"
              .formatted(commands.size(), handlers.size()));
    }
    return List.copyOf(commands);
  }

  private static Command command(String line, Map<String, Command.Handler> handlers) {
    String[] columns = line.split("\t", -1);
    Command.Handler handler = handlers.get(columns[0]);
    if (columns.length != COLUMNS || handler == null) {
      throw new IllegalStateException("commands.tsv: no command: '" + line + "'");
    }
    List<String> flags = List.of(columns[2].split(",", -1));
    return new Command(
        columns[0],
        Integer.parseInt(columns[1]),
        flags.stream().filter(flag -> !isOwn(flag)).toList(),
        traits(flags),
        flags.stream().filter(f -> f.startsWith(SUBCOMMAND)).map(f -> f.substring(1)).toList(),
        Integer.parseInt(columns[3]),
        Integer.parseInt(columns[4]),
        Integer.parseInt(columns[5]),
        columns[6],
        columns[7],
        columns[8],
        columns[9],
        handler);
  }

  private static Set<Command.Trait> traits(List<String> flags) {
    Set<Command.Trait> traits = EnumSet.noneOf(Command.Trait.class);
    if (flags.contains(IMMEDIATE)) {
      traits.add(Command.Trait.IMMEDIATE);
    }
    if (flags.contains(SUBSCRIBED)) {
      traits.add(Command.Trait.SUBSCRIBED);
    }
    return Collections.unmodifiableSet(traits);
  }

  private static boolean isOwn(String flag) {
    return flag.equals(IMMEDIATE) || flag.equals(SUBSCRIBED) || flag.startsWith(SUBCOMMAND);
  }

  private int slot(byte[] name) {
    int hash = 0;
    for (byte b : name) {
      hash = 31 * hash + (b | 0x20);
    }
    return (hash ^ hash >>> 15) & slots.length - 1;
  }

  /** The command of this name; null when there is none. */
  @Nullable Command find(byte[] name) {
    for (int at = slot(name); ; at = at + 1 & slots.length - 1) {
      Command command = slots[at];
      if (command == null || equalsLower(name, names[at])) {
        return command;
      }
    }
  }

  private static boolean equalsLower(byte[] name, byte[] lower) {
    if (name.length != lower.length) {
      return false;
    }
    for (int i = 0; i < lower.length; i++) {
      int b = name[i];
      if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != lower[i]) {
        return false;
      }
    }
    return true;
  }

  @Nullable Command find(String name) {
    return find(name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
  }

  List<Command> all() {
    return commands;
  }

  /** The keys among the arguments of a command. */
  static List<byte[]> keys(Command command, Arguments arguments) {
    List<byte[]> keys = new ArrayList<>();
    if (command.firstKey() > 0) {
      int end = arguments.count() - 1;
      int last = command.lastKey() < 0 ? end + 1 + command.lastKey() : command.lastKey();
      for (int at = command.firstKey(); at <= Math.min(last, end); at += command.keyStep()) {
        keys.add(Arrays.copyOf(arguments.bytes(at), arguments.bytes(at).length));
      }
    }
    return keys;
  }
}
