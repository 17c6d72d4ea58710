package dev.mayfly.resp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** COMMAND: the facts about commands, for clients and people. Stateless. */
final class CommandCommand {
  private final RespDoor door;

  CommandCommand(RespDoor door) {
    this.door = door;
  }

  Action plan(Arguments arguments, Session session) {
    if (arguments.count() == 1) {
      return (Action.Now) out -> writeAll(new ArrayList<>(door.table().all()), out);
    }
    return switch (arguments.word(1)) {
      case "count" -> (Action.Now) out -> out.integer(door.table().all().size());
      case "list" -> list(arguments);
      case "info" -> info(arguments);
      case "docs" -> docs(arguments);
      case "getkeys" -> keys(arguments);
      default -> throw Texts.wrongSubcommand("command", arguments);
    };
  }

  private Action list(Arguments arguments) {
    Glob glob =
        arguments.count() == 5 && arguments.is(2, "filterby") && arguments.is(3, "pattern")
            ? new Glob(Texts.utf8(arguments.word(4)))
            : new Glob(new byte[] {'*'});
    if (arguments.count() != 2 && arguments.count() != 5) {
      throw RespException.syntax();
    }
    return (Action.Now)
        out -> {
          List<String> names =
              door.table().all().stream()
                  .map(Command::name)
                  .filter(name -> glob.matches(Texts.utf8(name)))
                  .toList();
          out.array(names.size());
          names.forEach(out::bulk);
        };
  }

  private List<@Nullable Command> asked(Arguments arguments) {
    if (arguments.count() == 2) {
      return new ArrayList<>(door.table().all());
    }
    List<@Nullable Command> asked = new ArrayList<>();
    for (int at = 2; at < arguments.count(); at++) {
      asked.add(door.table().find(arguments.bytes(at)));
    }
    return asked;
  }

  private Action info(Arguments arguments) {
    List<@Nullable Command> asked = asked(arguments);
    return (Action.Now) out -> writeAll(asked, out);
  }

  private static void writeAll(List<@Nullable Command> commands, ReplyBuffer out) {
    out.array(commands.size());
    for (Command command : commands) {
      if (command == null) {
        out.nilArray();
      } else {
        write(command, out);
      }
    }
  }

  private static void write(Command command, ReplyBuffer out) {
    out.array(10);
    out.bulk(command.name());
    out.integer(command.arity());
    out.set(command.flags().size());
    command.flags().forEach(out::simple);
    out.integer(command.firstKey());
    out.integer(command.lastKey());
    out.integer(command.keyStep());
    List<String> categories = categories(command);
    out.set(categories.size());
    categories.forEach(out::simple);
    out.array(0);
    out.array(0);
    out.array(0);
  }

  private static List<String> categories(Command command) {
    List<String> categories = new ArrayList<>();
    if (command.flags().contains("write")) {
      categories.add("@write");
    }
    if (command.flags().contains("readonly")) {
      categories.add("@read");
    }
    categories.add("@" + command.group());
    categories.add(command.flags().contains("fast") ? "@fast" : "@slow");
    return categories;
  }

  private Action docs(Arguments arguments) {
    List<@Nullable Command> asked = asked(arguments);
    asked.removeIf(command -> command == null);
    return (Action.Now)
        out -> {
          out.map(asked.size());
          for (Command command : asked) {
            if (command != null) {
              writeDocs(command, out);
            }
          }
        };
  }

  private static void writeDocs(Command command, ReplyBuffer out) {
    out.bulk(command.name());
    out.map(4);
    out.bulk("summary");
    out.bulk(command.summary());
    out.bulk("since");
    out.bulk(command.since());
    out.bulk("group");
    out.bulk(command.group());
    out.bulk("complexity");
    out.bulk(command.complexity());
  }

  private Action keys(Arguments arguments) {
    if (arguments.count() < 3) {
      throw Texts.wrongSubcommand("command", arguments);
    }
    byte[][] values = arguments.values();
    Command command = door.table().find(values[1]);
    if (command == null) {
      throw new RespException("ERR Invalid command specified");
    }
    Arguments inner = new Arguments(values[1], Arrays.copyOfRange(values, 2, values.length));
    if (!command.admits(inner.count())) {
      throw new RespException("ERR Invalid number of arguments specified for command");
    }
    List<byte[]> keys = CommandTable.keys(command, inner);
    if (keys.isEmpty()) {
      throw new RespException("ERR The command has no key arguments");
    }
    return (Action.Now)
        out -> {
          out.array(keys.size());
          keys.forEach(out::bulk);
        };
  }
}
