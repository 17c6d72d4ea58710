package dev.mayfly.cli;

import dev.mayfly.client.CounterConnection;
import dev.mayfly.client.CounterOperation;
import dev.mayfly.client.CounterOperation.Mode;
import dev.mayfly.client.JsonObject;
import dev.mayfly.client.LimitDecision;
import dev.mayfly.client.LimitTerms;
import dev.mayfly.client.LimitTerms.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code mayfly take}. */
final class TakeCommand extends CounterCommand {
  private static final Option LIMIT =
      Option.value("--limit", "NUMBER", "How much a period allows, or for concurrency at a time.");
  private static final Option PERIOD =
      Option.value("--period", "DURATION", "The period, or how long a lease lasts. Default: 1m.");
  private static final Option KIND =
      Option.value(
          "--kind", "KIND", "sliding-window (the default), gcra, token-bucket or concurrency.");
  private static final Option BURST =
      Option.value(
          "--burst",
          "NUMBER",
          "gcra: how much may come ahead of the pace, default 0; token-bucket: how much it holds,"
              + " default the limit.");
  private static final Option NAMED =
      Option.value("--name", "NAME", "Ask a limit that has a name on the server instead.");
  private static final Option QUANTITY =
      Option.value("--quantity", "NUMBER", "How much to take. Default: 1.");
  private static final Option PEEK = Option.flag("--peek", "Tell, and use nothing.");
  private static final Option SHADOW =
      Option.flag("--shadow", "Use, and allow in any case: to try a limit out.");

  @Override
  public String name() {
    return "take";
  }

  @Override
  public String summary() {
    return "Take some of what a limit allows; the exit code is 1 if denied.";
  }

  @Override
  public Syntax syntax() {
    return syntaxOf(
        List.of(LIMIT, PERIOD, KIND, BURST, NAMED, QUANTITY, PEEK, SHADOW), NAMESPACE, KEY);
  }

  @Override
  void check(Arguments arguments) {
    operation(arguments);
  }

  @Override
  int run(Session session, CounterConnection server) throws IOException {
    LimitDecision decision = server.ask(operation(session.arguments()));
    Duration retryAfter = decision.retryAfter();
    JsonObject answer =
        JsonObject.empty()
            .with("allowed", decision.allowed())
            .with("exceeded", decision.exceeded())
            .with("limit", decision.limit())
            .with("remaining", decision.remaining())
            .with("retry_after_ms", retryAfter == null ? null : retryAfter.toMillis())
            .with("reset_after_ms", decision.resetAfter().toMillis());
    session.print(decision.lease() == 0 ? answer : answer.with("lease", decision.lease()));
    return decision.allowed() ? Program.DONE : Program.FAILED;
  }

  private static CounterOperation<LimitDecision> operation(Arguments arguments) {
    byte[] namespace = bytes(arguments.parameter(0));
    byte[] key = bytes(arguments.parameter(1));
    long quantity = positive("quantity", arguments.value(QUANTITY), 1);
    String name = arguments.value(NAMED);
    Mode mode = mode(arguments);
    if (name == null) {
      return CounterOperation.take(namespace, key, quantity, terms(arguments), mode);
    }
    if (arguments.has(LIMIT) || arguments.has(PERIOD) || arguments.has(KIND)) {
      throw new UsageException("--name beside terms of a limit: expected one of them");
    }
    return CounterOperation.take(namespace, key, quantity, name, mode);
  }

  private static Mode mode(Arguments arguments) {
    if (arguments.has(PEEK) && arguments.has(SHADOW)) {
      throw new UsageException("--peek beside --shadow: expected one of them");
    }
    return arguments.has(PEEK) ? Mode.PEEK : arguments.has(SHADOW) ? Mode.SHADOW : Mode.TAKE;
  }

  private static LimitTerms terms(Arguments arguments) {
    String limit = arguments.value(LIMIT);
    if (limit == null) {
      throw new UsageException("no limit: expected --limit NUMBER or --name NAME");
    }
    long quantity = positive("limit", limit, 1);
    String period = arguments.value(PERIOD);
    Duration length = period == null ? Duration.ofMinutes(1) : Durations.positive("period", period);
    Kind kind = kind(arguments.value(KIND));
    String burst = arguments.value(BURST);
    long most =
        burst != null ? Numbers.count("burst", burst) : kind == Kind.TOKEN_BUCKET ? quantity : 0;
    return new LimitTerms(kind, quantity, length, most);
  }

  private static Kind kind(@Nullable String text) {
    if (text == null) {
      return Kind.SLIDING_WINDOW;
    }
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
        return kind;
      }
    }
    throw new UsageException(
        "invalid kind '" + text + "': expected sliding-window, gcra, token-bucket or concurrency");
  }

  private static long positive(String what, @Nullable String text, long absent) {
    long number = text == null ? absent : Numbers.count(what, text);
    if (number < 1) {
      throw new UsageException("invalid " + what + " '" + text + "': expected at least 1");
    }
    return number;
  }
}
