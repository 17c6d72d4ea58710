package dev.mayfly.resp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
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
    Predicate<Command> wanted = filter(arguments);
    return (Action.Now)
        out -> {
          List<String> names =
              door.table().all().stream().filter(wanted).map(Command::name).toList();
          out.array(names.size());
          names.forEach(out::bulk);
        };
  }

  private static Predicate<Command> filter(Arguments arguments) {
    if (arguments.count() == 2) {
      return command -> true;
    }
    if (arguments.count() != 5 || !arguments.is(2, "filterby")) {
      throw RespException.syntax();
    }
    return switch (arguments.word(3)) {
      case "pattern" -> {
        Glob glob = new Glob(Texts.utf8(arguments.word(4)));
        yield command -> glob.matches(Texts.utf8(command.name()));
      }
      case "aclcat" -> command -> command.categories().contains("@" + arguments.word(4));
      case "module" -> command -> false;
      default -> throw RespException.syntax();
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
        out.nil();
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
    out.set(command.categories().size());
    command.categories().forEach(out::simple);
    out.array(0);
    out.array(0);
    out.array(command.subcommands().size());
    command.subcommands().forEach(each -> write(each, command, out));
  }

  private static void write(Subcommand subcommand, Command container, ReplyBuffer out) {
    out.array(10);
    out.bulk(container.name() + "|" + subcommand.name());
    out.integer(subcommand.arity());
    out.set(container.flags().size());
    container.flags().forEach(out::simple);
    out.integer(container.firstKey());
    out.integer(container.lastKey());
    out.integer(container.keyStep());
    out.set(container.categories().size());
    container.categories().forEach(out::simple);
    out.array(0);
    out.array(0);
    out.array(0);
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
    out.map(command.subcommands().isEmpty() ? 4 : 5);
    docs(command.summary(), command.since(), command.group(), command.complexity(), out);
    if (!command.subcommands().isEmpty()) {
      out.bulk("subcommands");
      out.map(command.subcommands().size());
      for (Subcommand each : command.subcommands()) {
        out.bulk(command.name() + "|" + each.name());
        out.map(4);
        docs(each.summary(), each.since(), command.group(), each.complexity(), out);
      }
    }
  }

  private static void docs(
      String summary, String since, String group, String complexity, ReplyBuffer out) {
    out.bulk("summary");
    out.bulk(summary);
    out.bulk("since");
    out.bulk(since);
    out.bulk("group");
    out.bulk(group);
    out.bulk("complexity");
    out.bulk(complexity);
  }

  private Action keys(Arguments arguments) {
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
