package dev.mayfly.resp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * CONFIG: what clients and tools look for under the names of the original. Only {@code
 * notify-keyspace-events} can be set here; mayfly's own options are set when it starts. Stateless.
 */
final class ConfigCommand {
  private static final String NOTIFY = "notify-keyspace-events";

  private final RespDoor door;

  ConfigCommand(RespDoor door) {
    this.door = door;
  }

  Action plan(Arguments arguments, Session session) {
    return switch (arguments.word(1)) {
      case "get" -> get(arguments);
      case "set" -> set(arguments);
      case "resetstat" ->
          (Action.Now)
              out -> {
                door.resetStats();
                out.ok();
              };
      case "rewrite" -> throw new RespException("ERR The server is running without a config file");
      default -> throw Texts.wrongSubcommand("config", arguments);
    };
  }

  private Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("appendonly", "no");
    options.put("databases", "1");
    options.put("maxclients", String.valueOf(door.config().connectionsMax()));
    options.put("maxmemory", String.valueOf(door.store().keyspace().stats().usedBytesMax()));
    options.put("maxmemory-policy", door.config().maxmemoryPolicy());
    options.put(NOTIFY, door.notifications().flags());
    options.put("port", String.valueOf(Math.max(0, door.port())));
    options.put(
        "proto-max-bulk-len", String.valueOf(door.store().keyspace().bounds().valueBytesMax()));
    options.put("save", "");
    options.put("timeout", "0");
    return options;
  }

  private Action get(Arguments arguments) {
    return (Action.Now)
        out -> {
          Map<String, String> found = new LinkedHashMap<>();
          Map<String, String> options = options();
          for (int at = 2; at < arguments.count(); at++) {
            Glob glob = new Glob(Texts.utf8(arguments.word(at)));
            options.forEach(
                (name, value) -> {
                  if (glob.matches(Texts.utf8(name))) {
                    found.put(name, value);
                  }
                });
          }
          out.map(found.size());
          found.forEach(
              (name, value) -> {
                out.bulk(name);
                out.bulk(value);
              });
        };
  }

  private Action set(Arguments arguments) {
    if (arguments.count() % 2 != 0) {
      throw RespException.syntax();
    }
    for (int at = 2; at < arguments.count(); at += 2) {
      if (!arguments.is(at, NOTIFY)) {
        throw new RespException(refusal(arguments.text(at)));
      }
    }
    if (arguments.count() > 4) {
      throw new RespException(failed("duplicate parameter"));
    }
    return (Action.Now)
        out -> {
          try {
            door.notifications().flags(arguments.text(arguments.count() - 1));
          } catch (RespException e) {
            throw new RespException(failed(e.text()));
          }
          out.ok();
        };
  }

  private static String failed(String why) {
    return "ERR CONFIG SET failed (possibly related to argument '%s') - %s".formatted(NOTIFY, why);
  }

  private String refusal(String option) {
    String text =
        options().containsKey(option.toLowerCase(Locale.ROOT))
            ? "ERR CONFIG SET failed (possibly related to argument '%s')"
                + " - can't set immutable config"
            : "ERR Unknown option or number of arguments for CONFIG SET - '%s'";
    return text.formatted(option);
  }
}
