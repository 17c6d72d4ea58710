package dev.mayfly.resp;

import java.util.ArrayList;
import java.util.List;

/**
 * What a resp door has done since it began, as of about now: each figure is true, together they are
 * not one moment's. Immutable.
 *
 * @param receivedBytes what clients sent
 * @param sentBytes what they were sent
 * @param hits reads of keys that were there
 * @param misses reads of keys that were not
 * @param sharedTurns turns of event loops that were large enough for a worker
 * @param commands every command, at the same place always
 */
public record RespStats(
    long receivedBytes,
    long sentBytes,
    long hits,
    long misses,
    long sharedTurns,
    List<CommandCount> commands) {
  /** The name under which commands are counted that do not exist. */
  public static final String UNKNOWN = "unknown";

  /** Those of a door that has done nothing and has no commands. */
  public static final RespStats NONE = new RespStats(0, 0, 0, 0, 0, List.of());

  /** Copies the list. */
  public RespStats {
    commands = List.copyOf(commands);
  }

  static RespStats of(List<Command> table, List<ThreadStats> threads) {
    List<CommandCount> commands = new ArrayList<>();
    for (int i = 0; i <= table.size(); i++) {
      int index = i;
      commands.add(
          new CommandCount(
              i < table.size() ? table.get(i).name() : UNKNOWN,
              threads.stream().mapToLong(each -> each.calls(index)).sum(),
              threads.stream().mapToLong(each -> each.errors(index)).sum(),
              threads.stream().mapToLong(each -> each.timed(index)).sum(),
              threads.stream().mapToLong(each -> each.timedNanos(index)).sum()));
    }
    return new RespStats(
        threads.stream().mapToLong(ThreadStats::receivedBytes).sum(),
        threads.stream().mapToLong(ThreadStats::sentBytes).sum(),
        threads.stream().mapToLong(ThreadStats::hits).sum(),
        threads.stream().mapToLong(ThreadStats::misses).sum(),
        threads.stream().mapToLong(ThreadStats::sharedTurns).sum(),
        commands);
  }

  /** What was done since then. */
  RespStats minus(RespStats before) {
    if (before.commands.isEmpty()) {
      return this;
    }
    List<CommandCount> since = new ArrayList<>();
    for (int i = 0; i < commands.size(); i++) {
      since.add(commands.get(i).minus(before.commands.get(i)));
    }
    return new RespStats(
        receivedBytes - before.receivedBytes,
        sentBytes - before.sentBytes,
        hits - before.hits,
        misses - before.misses,
        sharedTurns - before.sharedTurns,
        since);
  }

  /** How many commands were answered. */
  public long calls() {
    return commands.stream().mapToLong(CommandCount::calls).sum();
  }

  /** How many of them with an error. */
  public long errors() {
    return commands.stream().mapToLong(CommandCount::errors).sum();
  }
}
