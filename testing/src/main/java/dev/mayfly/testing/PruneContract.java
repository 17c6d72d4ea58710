package dev.mayfly.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Event;
import dev.mayfly.store.EventKind;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.PruneRequest;
import dev.mayfly.store.ReservedKeys;
import dev.mayfly.store.SetRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pruning: which keys go, in which order, and which stay. */
public abstract class PruneContract extends StoreContract {
  private static final long HOUR = 3_600_000;

  private long prune(long keysLeft, String... ignored) {
    List<byte[]> keys = List.of(ignored).stream().map(StoreContract::bytes).toList();
    return keyspace().prune(new PruneRequest(keysLeft, keys), alice());
  }

  private List<String> pruned() {
    return events().stream()
        .filter(event -> event.kind() == EventKind.EXPUNGED)
        .map(event -> text(event.key()))
        .toList();
  }

  /** The order of the original's own test; as pruning begins, the newest is a minute old. */
  @Test
  void prune_leastUsedGoFirst() {
    set("bar", "x", Lifespan.UNSTATED, GRPC);
    set("wat", "x", Lifespan.UNSTATED, GRPC);
    time.advanceMillis(HOUR);
    set("wat", "y", Lifespan.UNSTATED, GRPC);
    time.advanceMillis(11 * HOUR);
    set("foo", "x", Lifespan.UNSTATED, GRPC);
    apply(
        new SetRequest(
            bytes("baz"),
            bytes("x"),
            null,
            dev.mayfly.store.Condition.ALWAYS,
            Lifespan.UNSTATED,
            5_000,
            false,
            GRPC));
    pass(60_000);

    assertThat(prune(3)).isEqualTo(1);
    assertThat(pruned()).containsExactly("bar");
    assertThat(prune(2)).isEqualTo(1);
    assertThat(pruned()).containsExactly("wat");
    assertThat(prune(0)).isEqualTo(2);
    assertThat(pruned()).containsExactly("foo", "baz");
  }

  @Test
  void prune_readKeys_stayLonger() {
    set("read", "x", Lifespan.UNSTATED, GRPC);
    set("idle", "x", Lifespan.UNSTATED, GRPC);
    time.advanceMillis(HOUR);
    read("read");
    time.advanceMillis(HOUR);

    prune(1);

    assertThat(pruned()).containsExactly("idle");
  }

  @Test
  void prune_withoutMetrics_goesByAge() {
    for (int i = 0; i < 20; i++) {
      set("k" + i, "x");
      time.advanceMillis(60_000);
    }

    assertThat(prune(15)).isEqualTo(5);

    assertThat(pruned()).containsExactlyInAnyOrder("k0", "k1", "k2", "k3", "k4");
  }

  @Test
  void prune_protectedKeys_stay() {
    set("locked", "x");
    set("ignored", "x");
    set("old", "x");
    lock("locked", 900_000);
    time.advanceMillis(60_000);
    set("young", "x");

    long gone = prune(0, "ignored");

    assertThat(gone).isEqualTo(1);
    assertThat(pruned()).containsExactly("old");
    assertThat(keyspace().stats().keys()).isEqualTo(3);
  }

  @Test
  void prune_event_isTheStoresOwnWithTheLastValue() {
    set("a", "one");
    time.advanceMillis(1);
    events();

    prune(0);

    Event event = events().getFirst();
    assertThat(event.kind()).isEqualTo(EventKind.EXPUNGED);
    assertThat(event.client()).isEqualTo(ReservedKeys.SYSTEM_CLIENT);
    assertThat(text(event.value())).isEqualTo("one");
    assertThat(keyspace().stats().pruned()).isEqualTo(1);
    assertThat(keyspace().stats().prunes()).isEqualTo(1);
  }

  @Test
  void prune_fewerKeysThanLeft_doesNothing() {
    set("a", "one");
    time.advanceMillis(1);

    assertThat(prune(1)).isZero();
    assertThat(prune(100)).isZero();
  }
}
