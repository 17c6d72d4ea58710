package dev.mayfly.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.EventReader;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.testing.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A fault of ours in the midst of a change is that change's alone. */
class ShardFaultTest {
  private static final Rules RULES =
      new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, true, 0, false);

  private final VirtualTime time = new VirtualTime();
  private final AtomicBoolean fails = new AtomicBoolean();
  private final MemoryKeyspace keyspace =
      new MemoryKeyspace(EngineConfig.forTests(), time, FailingSequence::new);

  private final class FailingSequence extends Sequence {
    @Override
    void begin() {
      if (fails.getAndSet(false)) {
        throw new IllegalStateException("a fault that the test makes");
      }
      super.begin();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private void set(String key) {
    keyspace.apply(SetRequest.of(bytes(key), bytes("v"), Lifespan.UNSTATED, RULES), stamp());
  }

  private Stamp stamp() {
    return new Stamp(time.millis(), "alice");
  }

  /** An unpublished place keeps readers from what comes after it, and in time writers, too. */
  @Test
  void removal_fails_eventsAfterItAreRead() {
    try (keyspace) {
      set("a");
      EventReader reader = keyspace.eventLog().readFromEnd();
      fails.set(true);
      assertThatThrownBy(() -> keyspace.apply(DeleteRequest.of(bytes("a")), stamp()))
          .isInstanceOf(IllegalStateException.class);

      set("b");

      List<String> told = new ArrayList<>();
      reader.poll(10, event -> told.add(event.kind() + " " + new String(event.key(), UTF_8)));
      assertThat(told).containsExactly("CREATED b");
    }
  }

  @Test
  void creation_fails_eventsAfterItAreRead() {
    try (keyspace) {
      EventReader reader = keyspace.eventLog().readFromEnd();
      fails.set(true);
      assertThatThrownBy(() -> set("a")).isInstanceOf(IllegalStateException.class);

      set("b");

      List<String> told = new ArrayList<>();
      reader.poll(10, event -> told.add(event.kind() + " " + new String(event.key(), UTF_8)));
      assertThat(told).containsExactly("CREATED b");
    }
  }
}
