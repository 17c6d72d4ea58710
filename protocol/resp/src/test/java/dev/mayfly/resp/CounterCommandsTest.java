package dev.mayfly.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Limit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CounterCommandsTest {
  private final TestDoor door = new TestDoor();
  private final RespClient client = door.connect();

  @AfterEach
  void close() {
    client.close();
    door.close();
  }

  /** The reply of CL.THROTTLE to a take at a moment, as the module's own tests state it. */
  private record Throttle(long atMillis, int quantity, String reply) {}

  @Test
  void throttle_answersAsTheModule() {
    List<Throttle> takes =
        List.of(
            new Throttle(0, 6, ":1 :5 :5 :-1 :0"),
            new Throttle(0, 1, ":0 :5 :4 :-1 :1"),
            new Throttle(0, 1, ":0 :5 :3 :-1 :2"),
            new Throttle(0, 1, ":0 :5 :2 :-1 :3"),
            new Throttle(0, 1, ":0 :5 :1 :-1 :4"),
            new Throttle(0, 1, ":0 :5 :0 :-1 :5"),
            new Throttle(0, 1, ":1 :5 :0 :1 :5"),
            new Throttle(3000, 1, ":0 :5 :2 :-1 :3"),
            new Throttle(3100, 1, ":0 :5 :1 :-1 :4"),
            new Throttle(4000, 1, ":0 :5 :1 :-1 :4"),
            new Throttle(8000, 1, ":0 :5 :4 :-1 :1"),
            new Throttle(9500, 1, ":0 :5 :4 :-1 :1"),
            new Throttle(9500, 0, ":0 :5 :4 :-1 :1"),
            new Throttle(9500, 2, ":0 :5 :2 :-1 :3"),
            new Throttle(9500, 5, ":1 :5 :2 :3 :3"));

    long now = 0;
    for (Throttle take : takes) {
      door.time.advanceMillis(take.atMillis() - now);
      now = take.atMillis();
      assertThat(client.ask("CL.THROTTLE foo 4 1 1 " + take.quantity()))
          .as("%s", take)
          .isEqualTo("*5 " + take.reply());
    }
  }

  @Test
  void throttle_ofRatesThatTakeNoWholeMilliseconds_roundsAsTheModule() {
    assertThat(client.ask("CL.THROTTLE a 15 30 60")).isEqualTo("*5 :0 :16 :15 :-1 :2");
    assertThat(client.ask("CL.THROTTLE b 2 3 1 3")).isEqualTo("*5 :0 :3 :0 :-1 :1");
    assertThat(client.ask("CL.THROTTLE c 6 7 60")).isEqualTo("*5 :0 :7 :6 :-1 :9");
  }

  @Test
  void throttle_wronglyUsed_isToldAsTheModuleTells() {
    assertThat(client.ask("CL.THROTTLE foo 1"))
        .isEqualTo(
            "-Cell error: Usage: cl.throttle <key> <max_burst> <count per period> <period>"
                + " [<quantity>]");
    assertThat(client.ask("CL.THROTTLE foo x 1 1"))
        .isEqualTo("-Cell error: Couldn't parse as integer: x");
    assertThat(client.ask("CL.THROTTLE foo 1 0 1"))
        .isEqualTo("-Cell error: Zero rates are not supported");
    assertThat(client.ask("CL.THROTTLE foo -1 1 1")).startsWith("-ERR burst -1: expected");
    assertThat(client.ask("CL.THROTTLE foo 1 1 9223372036854775807")).startsWith("-ERR period");
    assertThat(client.ask("CL.THROTTLE foo 1 1 1 -1")).startsWith("-ERR quantity -1");
  }

  @Test
  void hits_countUntilTheWindowIsOver() {
    assertThat(client.ask("MF.HIT login ann")).isEqualTo(":1");
    assertThat(client.ask("MF.HIT login ann 4")).isEqualTo(":5");
    assertThat(client.ask("MF.HIT login bob")).isEqualTo(":1");
    assertThat(client.ask("MF.COUNT login ann")).isEqualTo(":5");
    assertThat(client.ask("MF.COUNT login")).isEqualTo(":6");
    assertThat(client.ask("MF.COUNT")).isEqualTo(":6");
    assertThat(client.ask("MF.COUNT login nobody")).isEqualTo(":0");

    door.time.advanceMillis(60_000);

    assertThat(client.ask("MF.COUNT login ann")).isEqualTo(":0");
    assertThat(client.ask("MF.HIT login ann 0")).startsWith("-ERR");
    assertThat(client.ask("MF.HIT login ann 1 1")).isEqualTo("-ERR syntax error");
    assertThat(client.ask("MF.COUNT login ann more")).isEqualTo("-ERR syntax error");
  }

  private static String taken(
      int allowed, int exceeded, long limit, long remaining, long retry, long reset) {
    return ("*14 $7 allowed :%d $8 exceeded :%d $5 limit :%d $9 remaining :%d $11 retry-after :%d"
            + " $11 reset-after :%d $5 lease :")
        .formatted(allowed, exceeded, limit, remaining, retry, reset);
  }

  @Test
  void take_decidesByEachKindOfLimit() {
    assertThat(client.ask("MF.TAKE api ann 2 WINDOW 3 1000"))
        .isEqualTo(taken(1, 0, 3, 1, 0, 1000) + "0");
    assertThat(client.ask("MF.TAKE api ann 2 WINDOW 3 1000"))
        .isEqualTo(taken(0, 1, 3, 1, 1000, 1000) + "0");
    assertThat(client.ask("MF.TAKE api ann 2 WINDOW 3 1000 SHADOW"))
        .isEqualTo(taken(1, 1, 3, 1, 1000, 1000) + "0");
    assertThat(client.ask("MF.TAKE api bob 1 GCRA 10 1000 4"))
        .isEqualTo(taken(1, 0, 5, 4, 0, 100) + "0");
    assertThat(client.ask("MF.TAKE api cat 5 BUCKET 10 10 1000"))
        .isEqualTo(taken(1, 0, 10, 5, 0, 500) + "0");
    assertThat(client.ask("MF.TAKE api cat 5 BUCKET 10 10 1000 PEEK"))
        .isEqualTo(taken(1, 0, 10, 5, 0, 500) + "0");
  }

  @Test
  void leases_areGivenBack() {
    String first = client.ask("MF.TAKE jobs one 1 LEASES 1 5000");
    assertThat(first).startsWith(taken(1, 0, 1, 0, 0, 5000));
    String lease = first.substring(first.lastIndexOf(':') + 1);
    assertThat(client.ask("MF.TAKE jobs one 1 LEASES 1 5000"))
        .isEqualTo(taken(0, 1, 1, 0, 5000, 5000) + "0");

    assertThat(client.ask("MF.RELEASE jobs one " + lease)).isEqualTo(":1");

    assertThat(client.ask("MF.RELEASE jobs one " + lease)).isEqualTo(":0");
    assertThat(client.ask("MF.TAKE jobs one 1 LEASES 1 5000"))
        .startsWith(taken(1, 0, 1, 0, 0, 5000));
  }

  @Test
  void take_byName_usesTheLimitOfThatName() {
    door.counters.name("api", Limit.slidingWindow(2, 1000));

    assertThat(client.ask("MF.TAKE n k 1 NAMED api")).isEqualTo(taken(1, 0, 2, 1, 0, 1000) + "0");
    assertThat(client.ask("MF.TAKE n k 1 NAMED other")).startsWith("-ERR");
    assertThat(client.ask("MF.TAKE n k 1 OTHER 1 2")).isEqualTo("-ERR syntax error");
    assertThat(client.ask("MF.TAKE n k 1 WINDOW 1 2 3")).isEqualTo("-ERR syntax error");
    assertThat(client.ask("MF.TAKE n k 1 WINDOW 1")).isEqualTo("-ERR syntax error");
  }
}
