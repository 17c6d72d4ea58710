package dev.mayfly.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which order those who wait for memory have their turn. */
class OutputTurnsTest {
  private static final int MAX = 100;

  private final OutputMemory memory = new OutputMemory(MAX, 1000, number -> {});
  private final List<String> turns = new ArrayList<>();

  private final class Named implements OutputMemory.Waiter {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    public void onRoom() {
      turns.add(name);
    }

    @Override
    public void after(long millis, Runnable task) {}
  }

  private void await(String... names) {
    for (String name : names) {
      memory.await(new Named(name));
    }
  }

  @Test
  void muchIsGivenBackAtOnce_oneHasItsTurn_untilItPassesOn() {
    memory.change(MAX);
    await("a", "b", "c");
    assertThat(turns).isEmpty();

    for (int i = 0; i < MAX; i++) {
      memory.change(-1);
    }

    assertThat(turns).containsExactly("a");
    assertThat(memory.awaited()).isEqualTo(2);
    memory.passOn();
    assertThat(turns).containsExactly("a", "b");
  }

  @Test
  void turnTakesAllThereWas_nextKeepsItsPlace() {
    memory.change(MAX);
    await("a", "b");
    memory.change(-1);
    memory.change(1);
    memory.passOn();
    await("a");

    assertThat(turns).containsExactly("a");
    memory.change(-1);

    assertThat(turns).containsExactly("a", "b");
    memory.passOn();
    assertThat(turns).containsExactly("a", "b", "a");
  }

  @Test
  void nobodyWaits_turnPassedOn_nextToComeHasIt() {
    memory.passOn();

    await("a");

    assertThat(turns).containsExactly("a");
  }
}
