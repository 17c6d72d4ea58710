package dev.mayfly.cli;

import dev.mayfly.client.EventFeed;
import dev.mayfly.client.JsonObject;
import dev.mayfly.client.MayflyConnectionException;
import dev.mayfly.client.WatchOptions;
import dev.mayfly.client.WatchedEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code mayfly watch}. */
final class WatchCommand implements Command {
  private static final Option PREFIX =
      Option.value("--prefix", "PREFIX", "Only keys that begin with this.");
  private static final Option PATTERN =
      Option.value(
          "--pattern", "PATTERN", "Only keys in which this regular expression (RE2) is found.");
  private static final Option EVENTS =
      Option.value(
          "--events", "KINDS", "Only these kinds: created,updated,… Default: all but accessed.");
  private static final Option CLIENTS =
      Option.value("--clients", "IDS", "Only what these clients did, separated by commas.");
  private static final Option VALUES = Option.flag("--values", "Print values, in base64.");
  private static final Option CURRENT =
      Option.flag("--current", "Print the keys that exist first.");
  private static final Option AFTER =
      Option.value("--after", "TOKEN", "Go on where an earlier watch broke off.");
  private static final Option SLOW =
      Option.value(
          "--slow",
          "POLICY",
          "When this reader does not keep up: notice (default), disconnect or coalesce.");

  @Override
  public String name() {
    return "watch";
  }

  @Override
  public String summary() {
    return "Print what happens to the keys, as lines of JSON, until interrupted.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(
        List.of(PREFIX, PATTERN, EVENTS, CLIENTS, VALUES, CURRENT, AFTER, SLOW),
        Parameter.any(
            "KEY", "Only these keys; one that ends with '*' stands for all that begin so."));
  }

  @Override
  public int run(Session session) throws IOException {
    try (EventFeed feed = session.client().watch(options(session.arguments()))) {
      WatchedEvent event = next(session, feed);
      while (event != null) {
        switch (event.type()) {
          case "gap" -> print(session, feed, marked("GAP", event.data()));
          case "state" -> print(session, feed, marked("NO_EVENT", event.data()));
          case "change", "access" -> print(session, feed, event.data());
          case "end" -> throw ended(event.data().text("detail"), feed);
          default -> session.diagnostics().debug(event.type());
        }
        event = next(session, feed);
      }
      throw ended("the server ended the watch", feed);
    }
  }

  private static @Nullable WatchedEvent next(Session session, EventFeed feed) throws IOException {
    if (!feed.hasBuffered()) {
      session.out().flush();
    }
    try {
      return feed.next();
    } catch (MayflyConnectionException e) {
      throw ended(String.valueOf(e.getMessage()), feed);
    }
  }

  private static void print(Session session, EventFeed feed, JsonObject data) throws IOException {
    session.print(data);
    if (!feed.hasBuffered()) {
      session.out().flush();
    }
  }

  private static JsonObject marked(String kind, JsonObject data) {
    return data.with("event", kind);
  }

  private static CommandException ended(@Nullable String why, EventFeed feed) {
    String position = feed.position();
    String rest = position == null ? "" : " (go on with --after " + position + ")";
    return new CommandException(why + rest);
  }

  private static WatchOptions options(Arguments arguments) {
    List<String> keys = new ArrayList<>();
    String prefix = arguments.value(PREFIX);
    for (String word : arguments.parameters()) {
      if (!word.endsWith("*")) {
        keys.add(word);
      } else if (prefix == null && arguments.parameters().size() == 1) {
        prefix = word.substring(0, word.length() - 1);
      } else {
        throw new UsageException("'" + word + "': expected one prefix, and no key beside it");
      }
    }
    return new WatchOptions(
        keys,
        prefix,
        arguments.value(PATTERN),
        words(arguments.value(EVENTS)),
        words(arguments.value(CLIENTS)),
        arguments.has(VALUES),
        arguments.has(CURRENT),
        arguments.value(AFTER),
        arguments.value(SLOW));
  }

  private static List<String> words(@Nullable String text) {
    return text == null ? List.of() : List.of(text.split(","));
  }
}
