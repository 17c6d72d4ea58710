package dev.mayfly.cli;

import java.io.IOException;
import java.util.List;

/** {@code mayfly key-metric}. */
final class KeyMetricCommand extends KeyCommand {
  @Override
  public String name() {
    return "key-metric";
  }

  @Override
  public String summary() {
    return "Print how often and when a key was read, set and locked.";
  }

  @Override
  public Syntax syntax() {
    return Syntax.ofClient(List.of(), KEY);
  }

  @Override
  void run(Session session, String key) throws IOException {
    session.print(session.client().keyMetrics(key).orElseThrow(() -> session.missing(key)));
  }
}
