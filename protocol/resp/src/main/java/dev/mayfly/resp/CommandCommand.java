package dev.mayfly.resp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** COMMAND: the facts about commands, for clients and people. Stateless. */
final class CommandCommand {
  private final RespDoor door;

  /** A command, or one of its subcommands, that is told of. */
  private record Asked(Command command, @Nullable Subcommand subcommand) {
    String name() {
      return subcommand == null ? command.name() : command.name() + "|" + subcommand.name();
    }

    int arity() {
      return subcommand == null ? command.arity() : subcommand.arity();
    }

    List<Asked> subcommands() {
      return subcommand == null
          ? command.subcommands().stream().map(each -> new Asked(command, each)).toList()
          : List.of();
    }

    static Stream<Asked> withSubcommands(Command command) {
      Asked itself = new Asked(command, null);
      return Stream.concat(Stream.of(itself), itself.subcommands().stream());
    }
  }

  CommandCommand(RespDoor door) {
    this.door = door;
  }

  Action plan(Arguments arguments, Session session) {
    if (arguments.count() == 1) {
      return (Action.Now) out -> writeAll(all(), out);
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
    Predicate<Asked> wanted = filter(arguments);
    return (Action.Now)
        out -> {
          List<String> names =
              door.table().all().stream()
                  .flatMap(Asked::withSubcommands)
                  .filter(wanted)
                  .map(Asked::name)
                  .toList();
          out.array(names.size());
          names.forEach(out::bulk);
        };
  }

  private static Predicate<Asked> filter(Arguments arguments) {
    if (arguments.count() == 2) {
      return asked -> true;
    }
    if (arguments.count() != 5 || !arguments.is(2, "filterby")) {
      throw RespException.syntax();
    }
    return switch (arguments.word(3)) {
      case "pattern" -> {
        Glob glob = new Glob(Texts.utf8(arguments.word(4)));
        yield asked -> glob.matches(Texts.utf8(asked.name()));
      }
      case "aclcat" -> asked -> asked.command().categories().contains("@" + arguments.word(4));
      case "module" -> asked -> false;
      default -> throw RespException.syntax();
    };
  }

  private List<@Nullable Asked> asked(Arguments arguments) {
    if (arguments.count() == 2) {
      return new ArrayList<>(all());
    }
    List<@Nullable Asked> asked = new ArrayList<>();
    for (int at = 2; at < arguments.count(); at++) {
      asked.add(find(arguments.word(at)));
    }
    return asked;
  }

  private List<Asked> all() {
    return door.table().all().stream().map(command -> new Asked(command, null)).toList();
  }

  /** The command of this name, or the subcommand, as in {@code client|list}. */
  private @Nullable Asked find(String name) {
    int bar = name.indexOf('|');
    Command command = door.table().find(bar < 0 ? name : name.substring(0, bar));
    if (command == null || bar < 0) {
      return command == null ? null : new Asked(command, null);
    }
    Subcommand subcommand = command.subcommand(name.substring(bar + 1));
    return subcommand == null ? null : new Asked(command, subcommand);
  }

  private Action info(Arguments arguments) {
    List<@Nullable Asked> asked = asked(arguments);
    return (Action.Now) out -> writeAll(asked, out);
  }

  private static void writeAll(List<? extends @Nullable Asked> asked, ReplyBuffer out) {
    out.array(asked.size());
    for (Asked each : asked) {
      if (each == null) {
        out.nil();
      } else {
        write(each, out);
      }
    }
  }

  private static void write(Asked asked, ReplyBuffer out) {
    Command command = asked.command();
    out.array(10);
    out.bulk(asked.name());
    out.integer(asked.arity());
    out.set(command.flags().size());
    command.flags().forEach(out::simple);
    out.integer(command.firstKey());
    out.integer(command.lastKey());
    out.integer(command.keyStep());
    out.set(command.categories().size());
    command.categories().forEach(out::simple);
    out.array(0);
    out.array(0);
    List<Asked> subcommands = asked.subcommands();
    out.array(subcommands.size());
    subcommands.forEach(each -> write(each, out));
  }

  private Action docs(Arguments arguments) {
    List<@Nullable Asked> asked = asked(arguments);
    asked.removeIf(each -> each == null);
    return (Action.Now)
        out -> {
          out.map(asked.size());
          for (Asked each : asked) {
            if (each != null) {
              writeDocs(each, out);
            }
          }
        };
  }

  private static void writeDocs(Asked asked, ReplyBuffer out) {
    List<Asked> subcommands = asked.subcommands();
    Command command = asked.command();
    Subcommand subcommand = asked.subcommand();
    out.bulk(asked.name());
    out.map(subcommands.isEmpty() ? 4 : 5);
    if (subcommand == null) {
      docs(command.summary(), command.since(), command.group(), command.complexity(), out);
    } else {
      docs(subcommand.summary(), subcommand.since(), command.group(), subcommand.complexity(), out);
    }
    if (!subcommands.isEmpty()) {
      out.bulk("subcommands");
      out.map(subcommands.size());
      subcommands.forEach(each -> writeDocs(each, out));
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
