package dev.mayfly.cli;

import dev.mayfly.client.CounterConnection;
import dev.mayfly.client.CounterOperation;
import java.io.IOException;
import java.util.List;

/** {@code mayfly hit}. */
final class HitCommand extends CounterCommand {
  private static final long TIMES_MAX = 4_294_967_295L;
  private static final Option TIMES =
      Option.value("--times", "NUMBER", "How many events. Default: 1.");

  @Override
  public String name() {
    return "hit";
  }

  @Override
  public String summary() {
    return "Count events of a key, now; prints how many are live.";
  }

  @Override
  public Syntax syntax() {
    return syntaxOf(List.of(TIMES), NAMESPACE, KEY);
  }

  @Override
  void check(Arguments arguments) {
    times(arguments);
  }

  @Override
  int run(Session session, CounterConnection server) throws IOException {
    Arguments arguments = session.arguments();
    byte[] namespace = bytes(arguments.parameter(0));
    byte[] key = bytes(arguments.parameter(1));
    return count(session, server, CounterOperation.hit(namespace, key, times(arguments)));
  }

  private static long times(Arguments arguments) {
    String text = arguments.value(TIMES);
    long times = text == null ? 1 : Numbers.count("number of times", text);
    if (times < 1 || times > TIMES_MAX) {
      throw new UsageException(
          "invalid number of times '" + text + "': expected 1 to " + TIMES_MAX);
    }
    return times;
  }
}
