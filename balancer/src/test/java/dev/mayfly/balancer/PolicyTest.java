package dev.mayfly.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyTest {
  private static final InetAddress CLIENT = InetAddress.ofLiteral("10.1.2.3");

  @ParameterizedTest
  @EnumSource
  void text_parsed_isThePolicy(Policy policy) {
    assertThat(Policy.parse(policy.text())).isEqualTo(policy);
  }

  @Test
  void parse_unknownName_namesTheKnownOnes() {
    assertThatThrownBy(() -> Policy.parse("random"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'random'")
        .hasMessageContaining("least-connections");
  }

  @Test
  void roundRobin_manyTurns_servesEachEqually() {
    List<Target> targets = targets(1, 1, 1);

    Map<String, Integer> counts = picks(Policy.ROUND_ROBIN, targets, 300);

    assertThat(counts.values()).containsExactlyInAnyOrder(100, 100, 100);
  }

  @Test
  void weighted_manyTurns_followsTheWeightsAndSpreadsThem() {
    List<Target> targets = targets(5, 1, 1);
    Picker picker = Policy.WEIGHTED.picker();

    List<String> order = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      order.add(picker.pick(targets, CLIENT).id());
    }

    assertThat(order).containsExactly("t0", "t0", "t1", "t0", "t2", "t0", "t0");
  }

  @Test
  void leastConnections_unevenLoad_picksTheLeastForItsWeight() {
    List<Target> targets = targets(1, 3, 1);
    open(targets.get(0), 2);
    open(targets.get(1), 5);
    open(targets.get(2), 3);

    Map<String, Integer> counts = picks(Policy.LEAST_CONNECTIONS, targets, 10);

    assertThat(counts).containsExactly(Map.entry("t1", 10));
  }

  @Test
  void leastConnections_equalLoad_takesTurns() {
    Map<String, Integer> counts = picks(Policy.LEAST_CONNECTIONS, targets(1, 1), 10);

    assertThat(counts.values()).containsExactly(5, 5);
  }

  @Test
  void consistent_manyClients_followsTheWeightsRoughly() {
    List<Target> targets = targets(1, 1, 2);
    Picker picker = Policy.CONSISTENT.picker();

    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 8000; i++) {
      counts.merge(picker.pick(targets, client(i)).id(), 1, Integer::sum);
    }

    assertThat(counts.get("t0")).isBetween(1800, 2200);
    assertThat(counts.get("t1")).isBetween(1800, 2200);
    assertThat(counts.get("t2")).isBetween(3700, 4300);
  }

  @Test
  void consistent_oneLeaves_movesItsClientsAlone() {
    List<Target> all = targets(1, 1, 1, 1);
    List<Target> fewer = all.subList(0, 3);
    Picker picker = Policy.CONSISTENT.picker();

    for (int i = 0; i < 2000; i++) {
      Target before = picker.pick(all, client(i));
      Target after = picker.pick(fewer, client(i));

      if (!before.id().equals("t3")) {
        assertThat(after.id()).isEqualTo(before.id());
      }
    }
  }

  private static InetAddress client(int number) {
    return InetAddress.ofLiteral("10.%d.%d.7".formatted(number >> 8, number & 0xff));
  }

  private static Map<String, Integer> picks(Policy policy, List<Target> targets, int turns) {
    Picker picker = policy.picker();
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < turns; i++) {
      counts.merge(picker.pick(targets, CLIENT).id(), 1, Integer::sum);
    }
    return counts;
  }

  private static List<Target> targets(int... weights) {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      Backend backend = new Backend("t" + i, "127.0.0.1", 1000 + i, weights[i], false);
      targets.add(new Target(backend, InetAddress.ofLiteral("127.0.0.1")));
    }
    return targets;
  }

  private static void open(Target target, int connections) {
    for (int i = 0; i < connections; i++) {
      target.opened(new EmbeddedChannel());
    }
  }
}
