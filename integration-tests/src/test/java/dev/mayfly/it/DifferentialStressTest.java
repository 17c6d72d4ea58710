package dev.mayfly.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.it.RespWire.Reply;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same random commands to redis-server and to mayfly: the replies have to be the same, but for
 * what {@link KnownDifferences} tells. Again with {@code -Dseed=}.
 *
 * <p>Both see the same clock. Deadlines are long past, far ahead, or near and absolute; while one
 * is near, its key is left alone, so that no reply depends on who was asked first.
 *
 * <p>Every other round is spoken in RESP3. Messages of channels are compared, too; invalidations
 * are not, since either tells them in batches of its own.
 */
class DifferentialStressTest {
  private static final int COMMANDS = 20_000;
  private static final int COMMANDS_SOAK = 1_000_000;
  private static final int COMMANDS_PER_ROUND = 500;
  private static final int EXPIRY_ROUNDS = 20;
  private static final int EXPIRING = 4;
  private static final long NEAR_MILLIS = 40;
  private static final long LATE_MILLIS = 60;
  private static final long TOLERANCE_MILLIS = 30_000;

  private final TimeSource time = new SystemTime();

  @TempDir Path folder;

  /** A command with its replies. */
  private record Asked(List<String> command, Reply theirs, Reply ours) {
    boolean is(String... names) {
      return List.of(names).contains(command.getFirst().toLowerCase(Locale.ROOT));
    }
  }

  private final KnownDifferences known;
  private final Map<String, Integer> reasons = new TreeMap<>();

  /** The commands of the transaction that is being put together. */
  private final List<List<String>> queued = new ArrayList<>();

  /** Whether this round is spoken in RESP3. */
  private boolean resp3;

  DifferentialStressTest() throws IOException {
    known = new KnownDifferences();
  }

  @Test
  void commands_atRandom_areAnsweredAsByTheOriginal() throws Exception {
    long seed = Long.getLong("seed", new Random().nextLong());
    int commands = Integer.getInteger("soak", 0) > 0 ? COMMANDS_SOAK : COMMANDS;
    try (RedisProcess redis = RedisProcess.start(folder);
        ServerFixture server = ServerFixture.start(folder);
        RespWire theirs = new RespWire(redis.port());
        RespWire ours = new RespWire(server.respPort())) {
      RandomCommands random = new RandomCommands(seed);
      for (int round = 0; round * COMMANDS_PER_ROUND < commands; round++) {
        resp3 = round % 2 == 1;
        begin(theirs, ours);
        List<List<String>> history = new ArrayList<>();
        for (int i = 0; i < COMMANDS_PER_ROUND; i++) {
          history.add(random.next());
          Asked asked = ask(history.getLast(), theirs, ours);
          if (!isSame(asked)) {
            if (!isKnown(asked)) {
              throw new AssertionError(report(seed, asked, history, theirs, ours));
            }
            begin(theirs, ours);
            history.clear();
          }
          note(asked);
        }
        requireSameMessages(seed, round, theirs, ours);
        if (round % EXPIRY_ROUNDS == 0) {
          expire(random, theirs, ours);
        }
      }
    }
    System.out.println("seed " + seed + ", differences that are known: " + reasons);
  }

  private static Asked ask(List<String> command, RespWire theirs, RespWire ours)
      throws IOException {
    return new Asked(command, theirs.ask(command), ours.ask(command));
  }

  /** Remembers what waits for EXEC. */
  private void note(Asked asked) {
    boolean done = !asked.ours().text().startsWith("-ERR");
    if (asked.ours().text().equals("+QUEUED")) {
      queued.add(asked.command());
    } else if (done && asked.is("multi", "exec", "discard")) {
      queued.clear();
    }
  }

  private boolean isKnown(Asked asked) {
    for (Asked part : parts(asked)) {
      if (!isSame(part)) {
        // What comes after it may be its consequence.
        return isKnownOf("in a transaction: ", part) || isKnown(part);
      }
    }
    return isKnownOf("", asked);
  }

  private boolean isKnownOf(String where, Asked asked) {
    String text = where + String.join(" ", asked.command()).toLowerCase(Locale.ROOT);
    Optional<String> reason =
        known.reason(text, asked.theirs().toString(), asked.ours().toString());
    reason.ifPresent(why -> reasons.merge(why, 1, Integer::sum));
    return reason.isPresent();
  }

  /** The commands of a transaction with their replies; empty where this is none. */
  private List<Asked> parts(Asked asked) {
    List<Asked> parts = new ArrayList<>();
    List<Reply> theirs = asked.theirs().elements();
    List<Reply> ours = asked.ours().elements();
    if (asked.is("exec") && theirs.size() == queued.size() && ours.size() == queued.size()) {
      for (int i = 0; i < queued.size(); i++) {
        parts.add(new Asked(queued.get(i), theirs.get(i), ours.get(i)));
      }
    }
    return parts;
  }

  private void begin(RespWire theirs, RespWire ours) throws IOException {
    queued.clear();
    for (RespWire wire : List.of(theirs, ours)) {
      assertThat(wire.ask(List.of("reset"))).hasToString("+RESET");
      wire.takeMessages();
      assertThat(wire.ask(List.of("flushall"))).hasToString("+OK");
      assertThat(wire.ask(List.of("config", "set", "notify-keyspace-events", "")))
          .hasToString("+OK");
      if (resp3) {
        assertThat(wire.ask(List.of("hello", "3")).text()).isEqualTo("%");
      }
    }
  }

  /**
   * What was published in a round has come when a command after it has been answered. Messages
   * before a difference that is known are not compared.
   */
  private static void requireSameMessages(long seed, int round, RespWire theirs, RespWire ours)
      throws IOException {
    for (RespWire wire : List.of(theirs, ours)) {
      assertThat(wire.ask(List.of("reset"))).hasToString("+RESET");
    }
    assertThat(ours.takeMessages())
        .as("messages of round %d, again with -Dseed=%d", round, seed)
        .isEqualTo(theirs.takeMessages());
  }

  private boolean isSame(Asked asked) {
    if (asked.theirs().equals(asked.ours())) {
      return true;
    }
    List<Asked> parts = parts(asked);
    if (!parts.isEmpty()) {
      return parts.stream().allMatch(this::isSame);
    }
    if (asked.is("keys", "scan", "pubsub")) {
      return inOrder(asked.theirs()).equals(inOrder(asked.ours()));
    }
    if (asked.is("unsubscribe", "punsubscribe") && asked.command().size() == 1) {
      return names(asked.theirs()).equals(names(asked.ours()));
    }
    return isSameTime(asked);
  }

  /** What confirmations are for: where all are ended, they come in any order. */
  private static List<String> names(Reply confirmations) {
    return confirmations.elements().stream()
        .map(each -> each.text() + each.elements().subList(0, 2))
        .sorted()
        .toList();
  }

  /** Keys come in any order. */
  private static String inOrder(Reply reply) {
    return reply.isArray()
        ? reply.elements().stream()
            .map(DifferentialStressTest::inOrder)
            .sorted()
            .toList()
            .toString()
        : reply.text();
  }

  /** A while may lie between the two. */
  private static boolean isSameTime(Asked asked) {
    long unit = asked.is("ttl", "expiretime") ? 1000 : asked.is("pttl", "pexpiretime") ? 1 : 0;
    String theirs = asked.theirs().text();
    String ours = asked.ours().text();
    return unit > 0
        && theirs.matches(":\\d+")
        && ours.matches(":\\d+")
        && Math.abs(Long.parseLong(theirs.substring(1)) - Long.parseLong(ours.substring(1))) * unit
            <= TOLERANCE_MILLIS;
  }

  /** Keys that expire soon, at one moment for both: there before, gone after. */
  private void expire(RandomCommands random, RespWire theirs, RespWire ours) throws IOException {
    resp3 = false;
    begin(theirs, ours);
    long deadline = time.millis() + NEAR_MILLIS;
    List<List<String>> commands = new ArrayList<>();
    for (int i = 0; i < EXPIRING; i++) {
      commands.add(List.of("set", "soon" + i, random.key(), "pxat", "" + deadline));
      commands.add(List.of("set", "k" + i, "1"));
      commands.add(List.of("pexpireat", "k" + i, "" + deadline));
    }
    for (List<String> command : commands) {
      Asked asked = ask(command, theirs, ours);
      assertThat(asked.ours()).as("%s", command).isEqualTo(asked.theirs());
    }
    for (long left = 1; left > 0; left = deadline + LATE_MILLIS - time.millis()) {
      LockSupport.parkNanos(left * 1_000_000);
    }
    for (int i = 0; i < EXPIRING; i++) {
      for (String key : List.of("soon" + i, "k" + i)) {
        for (String name : List.of("get", "exists", "pttl", "strlen", "incr", "type", "persist")) {
          Asked asked = ask(List.of(name, key), theirs, ours);
          assertThat(asked.ours()).as("%s %s", name, key).isEqualTo(asked.theirs());
        }
      }
    }
  }

  /** What differs, with the fewest commands before it that still make it differ. */
  private String report(
      long seed, Asked found, List<List<String>> history, RespWire theirs, RespWire ours) {
    List<List<String>> commands = new ArrayList<>(history);
    try {
      for (int i = commands.size() - 2; i >= 0; i--) {
        List<String> without = commands.remove(i);
        if (!isDifferentInTheEnd(commands, theirs, ours)) {
          commands.add(i, without);
        }
      }
    } catch (IOException | AssertionError e) {
      // Fewer commands have led to another difference, after which neither is asked any more.
      commands = history;
    }
    StringBuilder text = new StringBuilder("again with -Dseed=" + seed + "\n");
    commands.forEach(command -> text.append("  ").append(shown(command.toString())).append('\n'));
    return text.append("redis:  ")
        .append(shown(found.theirs().toString()))
        .append("\nmayfly: ")
        .append(shown(found.ours().toString()))
        .toString();
  }

  private boolean isDifferentInTheEnd(List<List<String>> commands, RespWire theirs, RespWire ours)
      throws IOException {
    begin(theirs, ours);
    boolean different = false;
    for (List<String> command : commands) {
      Asked asked = ask(command, theirs, ours);
      different = !isSame(asked);
      if (different && isKnown(asked)) {
        return false;
      }
      note(asked);
    }
    return different;
  }

  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (c < ' ' || c > '~') {
                shown.append("\\x%02x".formatted(c));
              } else {
                shown.append((char) c);
              }
            });
    return shown.toString();
  }
}
