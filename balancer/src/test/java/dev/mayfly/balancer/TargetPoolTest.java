package dev.mayfly.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists that change their mind. */
class TargetPoolTest {
  private static final Backend ONE = Backend.of("10.0.0.1", 80);
  private static final Backend TWO = Backend.of("10.0.0.2", 80);

  private final List<Target> arrived = new ArrayList<>();
  private final List<Target> drained = new ArrayList<>();
  private final TargetPool pool = pool();

  private TargetPool pool() {
    TargetPool made =
        new TargetPool(Policy.ROUND_ROBIN, BalancerConfig.Limits.defaults(), Ticker.systemTicker());
    made.listen(
        new TargetPool.Listener() {
          @Override
          public void onArrival(Target target) {
            arrived.add(target);
          }

          @Override
          public void onDrain(Target target) {
            drained.add(target);
          }
        });
    return made;
  }

  @Test
  void backendThatComesBack_whileItHasConnections_isTheSameAndKeepsThem() {
    pool.update(List.of(ONE, TWO));
    Target one = pool.targets().getFirst();
    EmbeddedChannel client = new EmbeddedChannel();
    one.opened(client);
    int stay = one.stay();

    pool.update(List.of(TWO));
    int drain = one.nextDrain();
    assertThat(one.isDraining(drain)).isTrue();
    assertThat(drained).containsExactly(one);
    pool.update(List.of(TWO, ONE));

    assertThat(pool.targets()).hasSize(2).contains(one);
    assertThat(one.isDraining(drain)).isFalse();
    assertThat(one.isOver(stay)).isTrue();
    assertThat(one.isOver(one.stay())).isFalse();
    assertThat(arrived).hasSize(3).endsWith(one);
    var _ = client.close();
  }

  @Test
  void backendThatComesBack_withoutConnectionsOrElsewhere_isNew() {
    pool.update(List.of(ONE));
    Target one = pool.targets().getFirst();
    pool.update(List.of());
    pool.update(List.of(ONE));
    Target again = pool.targets().getFirst();
    assertThat(again).isNotSameAs(one);

    EmbeddedChannel client = new EmbeddedChannel();
    again.opened(client);
    pool.update(List.of(new Backend(ONE.id(), "10.0.0.9", 80, 1, false)));

    assertThat(pool.targets()).hasSize(1).doesNotContain(again);
    assertThat(again.isDraining()).isTrue();
    var _ = client.close();
  }

  @Test
  void backendThatComesBackDraining_drainsAgain() {
    pool.update(List.of(ONE));
    Target one = pool.targets().getFirst();
    EmbeddedChannel client = new EmbeddedChannel();
    one.opened(client);
    pool.update(List.of());
    pool.update(List.of(new Backend(ONE.id(), ONE.host(), ONE.port(), 1, true)));

    assertThat(drained).containsExactly(one, one);
    assertThat(one.isDraining()).isTrue();
    var _ = client.close();
  }
}
