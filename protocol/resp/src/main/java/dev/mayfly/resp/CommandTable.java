package dev.mayfly.resp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every command by its name, in any case. {@link CommandFacts} tells of them. Immutable. */
final class CommandTable {
  private final List<Command> commands;
  private final @Nullable Command[] slots;
  private final byte[][] names;

  /**
   * @param handlers one for each line of the facts, by name
   */
  CommandTable(Map<String, Command.Handler> handlers) {
    commands = CommandFacts.read(handlers);
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

  /** How many there are. */
  int size() {
    return commands.size();
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
