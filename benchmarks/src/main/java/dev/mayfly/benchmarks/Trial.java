package dev.mayfly.benchmarks;

import java.io.IOException;
import java.util.Map;

/**
 * One measurement in a JVM of its own: what {@link EngineSuite} and {@link CounterSuite} start.
 * Prints one figure a line.
 */
public final class Trial {
  private Trial() {}

  /** Arguments: the trial's name, then its own. */
  public static void main(String[] args) throws IOException {
    Map<String, Double> figures =
        switch (args[0]) {
          case "throughput" ->
              ThroughputTrial.run(
                  args[1],
                  Integer.parseInt(args[2]),
                  Long.parseLong(args[3]),
                  Long.parseLong(args[4]));
          case "memory" -> MemoryTrial.run(Integer.parseInt(args[1]), Long.parseLong(args[2]));
          case "tail" ->
              TailTrial.run(
                  args[1],
                  Integer.parseInt(args[2]),
                  Long.parseLong(args[3]),
                  Integer.parseInt(args[4]),
                  Long.parseLong(args[5]));
          case "expiry" ->
              ExpiryTrial.run(
                  Integer.parseInt(args[1]), Long.parseLong(args[2]), Long.parseLong(args[3]));
          case "log-share" ->
              LogShareTrial.run(
                  Integer.parseInt(args[1]), Long.parseLong(args[2]), Long.parseLong(args[3]));
          case "counter-hot" ->
              CounterTrial.hot(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
          case "counter-keys" -> CounterTrial.keys(Integer.parseInt(args[1]));
          case "take" -> CounterTrial.take(Integer.parseInt(args[1]));
          default -> throw new IllegalArgumentException("trial '" + args[0] + "' is unknown");
        };
    figures.forEach((name, value) -> System.out.println("figure " + name + " " + value));
  }
}
