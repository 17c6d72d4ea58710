package dev.mayfly.counter;

import dev.mayfly.transport.OutputMemory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The memory of answers that callers over TCP have not taken, all connections together: see {@link
 * ConnectionAnswers}. Safe for concurrent use.
 */
final class AnswerMemory {
  private final OutputMemory memory;
  private final CounterTraffic traffic;
  private final Set<ConnectionAnswers> untaken = ConcurrentHashMap.newKeySet();

  /**
   * One that nobody has taken of.
   *
   * @param bytesMax from how many bytes on listings wait
   * @param timeout how long a caller may take nothing while others wait
   */
  AnswerMemory(long bytesMax, Duration timeout, CounterTraffic traffic) {
    memory = new OutputMemory(bytesMax, timeout.toMillis(), this::look);
    this.traffic = traffic;
  }

  private void look(long number) {
    untaken.forEach(answers -> answers.endIfStuck(number));
  }

  OutputMemory memory() {
    return memory;
  }

  /** The caller of this one has something to take. */
  void add(ConnectionAnswers answers) {
    untaken.add(answers);
  }

  void remove(ConnectionAnswers answers) {
    untaken.remove(answers);
  }

  /** A caller was cut. */
  void onCut() {
    traffic.onCut();
  }
}
