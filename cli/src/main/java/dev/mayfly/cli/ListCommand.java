package dev.mayfly.cli;

import dev.mayfly.client.KeyListing;
import dev.mayfly.client.ListFilter;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code mayfly list}. */
final class ListCommand implements Command {
  private static final Option PATTERN =
      Option.value("--pattern", "PATTERN", "The same as the parameter.");
  private static final Option PREFIX =
      Option.value("--prefix", "PREFIX", "Only keys that begin with this.");
  private static final Option LIMIT =
      Option.value("--limit", "COUNT", "At most so many keys; 0, the default, for all.");

  private static final Option RESERVED =
      Option.flag("--include-reserved", "Also the keys that tell of the server itself.");

  @Override
  public String name() {
    return "list";
  }

  @Override
  public String summary() {
    return "Print keys, one a line, in no particular order.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(
        List.of(PATTERN, PREFIX, LIMIT, RESERVED),
        Parameter.optional(
            "PATTERN", "Only keys in which this regular expression (RE2) is found; '^' anchors."));
  }

  @Override
  public int run(Session session) throws IOException {
    Arguments arguments = session.arguments();
    String pattern = arguments.value(PATTERN);
    String parameter = arguments.parameterOrNull(0);
    if (pattern != null && parameter != null) {
      throw new UsageException("two patterns: expected PATTERN or --pattern, not both");
    }
    ListFilter filter =
        new ListFilter(
            arguments.value(PREFIX),
            pattern != null ? pattern : parameter,
            limit(arguments.value(LIMIT)),
            arguments.has(RESERVED));
    try (KeyListing keys = session.client().list(filter)) {
      for (String key = keys.next(); key != null; key = keys.next()) {
        session.out().line(key);
      }
      if (keys.omitted() > 0) {
        session.diagnostics().warn(keys.omitted() + " keys that are not text are left out");
      }
    }
    return Program.DONE;
  }

  private static long limit(@Nullable String text) {
    return text == null ? 0 : Numbers.count("limit", text);
  }
}
