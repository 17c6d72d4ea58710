package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.Condition;
import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.Entry;
import dev.mayfly.store.ExpireRequest;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.ReadRequest;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.UnlockRequest;
import dev.mayfly.testing.Linearizability;
import dev.mayfly.testing.Linearizability.Call;
import dev.mayfly.testing.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Get, set, delete, lock, unlock and expire on one key of one shard, by three threads: every
 * recorded history must be one that a sequential key could have. Another key of the shard is
 * written meanwhile, so that records are freed and used again. {@code -Dseed=} repeats the
 * requests, {@code -Dsoak=} minutes makes it longer.
 */
class LinearizabilityTest {
  private static final int THREADS = 3;
  private static final int CALLS = 6;
  private static final int ROUNDS = 3_000;
  private static final int ROUNDS_PER_MINUTE = 60_000;
  private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NEIGHBOUR = "neighbour".getBytes(StandardCharsets.US_ASCII);
  private static final Rules RULES =
      new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, true, 0, false);

  private final long seed = Long.getLong("seed", System.identityHashCode(this));

  private enum Kind {
    GET,
    SET,
    SET_IF_VALUE,
    DELETE,
    LOCK,
    UNLOCK,
    EXPIRE,
    /** Not asked for: what a call does first that finds the key past its deadline. */
    PAST
  }

  private static final List<Kind> ASKED =
      Arrays.stream(Kind.values()).filter(kind -> kind != Kind.PAST).toList();

  /**
   * @param letter what the value is made of, for writes
   * @param expected what it must be made of before, for conditional ones
   * @param millis after the time of the round's begin, when it is asked
   */
  private record Asked(Kind kind, char letter, char expected, String client, int millis) {}

  /** The state of a key: the letter of its value, or 0 without one. */
  private record State(char letter, int deadline, String owner) {
    static final State NONE = new State('\0', 0, "");
  }

  private static final String REFUSED = "refused";
  private static final int LIFESPAN = 50;

  /** What a sequential key would answer, in words; reads do not change it. */
  private static @Nullable State after(State before, Asked asked, String result) {
    boolean expired = before.deadline != 0 && before.deadline <= asked.millis;
    State now = expired ? State.NONE : before;
    boolean exists = now.letter != 0;
    boolean locked = !now.owner.isEmpty() && !now.owner.equals(asked.client);
    return switch (asked.kind) {
      case GET -> {
        String expected = !exists ? "none" : locked ? REFUSED : String.valueOf(now.letter);
        yield result.equals(expected) ? before : null;
      }
      case SET -> when(result, locked ? REFUSED : "true", locked ? now : set(now, asked.letter));
      case SET_IF_VALUE -> {
        boolean fits = exists && now.letter == asked.expected;
        yield when(
            result,
            locked ? REFUSED : String.valueOf(fits),
            !locked && fits ? set(now, asked.letter) : now);
      }
      case DELETE ->
          when(result, locked ? REFUSED : String.valueOf(exists), locked ? now : State.NONE);
      case LOCK ->
          when(
              result,
              !exists || locked ? REFUSED : "locked",
              !exists || locked ? now : new State(now.letter, now.deadline, asked.client));
      case UNLOCK -> {
        boolean refused = !exists || locked;
        yield when(
            result,
            refused ? REFUSED : String.valueOf(!now.owner.isEmpty()),
            refused ? now : new State(now.letter, now.deadline, ""));
      }
      case EXPIRE -> {
        boolean refused = exists && locked;
        yield when(
            result,
            refused ? REFUSED : String.valueOf(exists),
            refused || !exists ? now : new State(now.letter, asked.millis + LIFESPAN, now.owner));
      }
      case PAST -> now;
    };
  }

  private static State set(State before, char letter) {
    return new State(letter, 0, before.owner);
  }

  private static @Nullable State when(String result, String expected, State next) {
    return result.equals(expected) ? next : null;
  }

  private static byte[] value(char letter) {
    byte[] value = new byte[40 + (letter % 5) * 60];
    Arrays.fill(value, (byte) letter);
    return value;
  }

  private static String ask(MemoryKeyspace keyspace, Asked asked, long beginMillis) {
    Stamp stamp = new Stamp(beginMillis + asked.millis, asked.client);
    try {
      return switch (asked.kind) {
        case GET -> letters(keyspace.read(ReadRequest.value(KEY), stamp));
        case SET -> set(keyspace, asked.letter, Condition.ALWAYS, stamp);
        case SET_IF_VALUE ->
            set(keyspace, asked.letter, Condition.ifValue(value(asked.expected)), stamp);
        case DELETE -> String.valueOf(keyspace.apply(DeleteRequest.of(KEY), stamp).deleted());
        case LOCK -> {
          keyspace.apply(new LockRequest(KEY, 900_000, false, false, RULES), stamp);
          yield "locked";
        }
        case UNLOCK -> String.valueOf(keyspace.apply(new UnlockRequest(KEY, 0), stamp).unlocked());
        case EXPIRE -> {
          Lifespan lifespan = Lifespan.ofMillis(LIFESPAN);
          ExpireRequest request =
              new ExpireRequest(KEY, lifespan, ExpireRequest.When.ALWAYS, RULES);
          yield String.valueOf(keyspace.apply(request, stamp).changed());
        }
        case PAST -> throw new IllegalArgumentException("nobody asks for that");
      };
    } catch (MayflyException e) {
      return REFUSED;
    }
  }

  private static String set(
      MemoryKeyspace keyspace, char letter, Condition condition, Stamp stamp) {
    SetRequest request =
        new SetRequest(KEY, value(letter), null, condition, Lifespan.UNSTATED, 0, false, RULES);
    return String.valueOf(keyspace.apply(request, stamp).applied());
  }

  /** The value in one letter; "torn" when it is not one that was written. */
  private static String letters(@Nullable Entry entry) {
    if (entry == null) {
      return "none";
    }
    byte[] value = entry.value();
    char letter = value.length == 0 ? '?' : (char) value[0];
    return Arrays.equals(value, value(letter)) ? String.valueOf(letter) : "torn";
  }

  private static Asked asking(Random random) {
    Kind kind = random.nextInt(3) == 0 ? Kind.GET : ASKED.get(random.nextInt(ASKED.size()));
    return new Asked(
        kind,
        (char) ('a' + random.nextInt(26)),
        (char) ('a' + random.nextInt(26)),
        random.nextInt(3) == 0 ? "bob" : "alice",
        random.nextInt(100));
  }

  /** The first history that cannot be explained, a call to a line; null when all could be. */
  private @Nullable String firstUnexplained(
      Supplier<Sequence> sequences, int rounds, boolean readsMost) throws Exception {
    VirtualTime time = new VirtualTime();
    EngineConfig config = EngineConfig.forTests().withShards(1);
    try (MemoryKeyspace keyspace = new MemoryKeyspace(config, time, sequences);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      CyclicBarrier begin = new CyclicBarrier(THREADS);
      AtomicLong tickets = new AtomicLong();
      for (int round = 0; round < rounds; round++) {
        List<Future<List<Call<Asked, String>>>> parts = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
          Random random = new Random(seed + round * 31L + thread);
          boolean reads = readsMost && thread == 0;
          parts.add(
              threads.submit(
                  () -> {
                    begin.await();
                    return calls(keyspace, time.millis(), random, tickets, reads);
                  }));
        }
        List<Call<Asked, String>> history = new ArrayList<>();
        for (Future<List<Call<Asked, String>>> part : parts) {
          history.addAll(part.get());
        }
        history.addAll(expiries(history));
        if (!Linearizability.holds(State.NONE, history, LinearizabilityTest::after)) {
          return history.stream()
              .sorted(Comparator.comparingLong(Call::invoked))
              .map(Call::toString)
              .collect(Collectors.joining("\n", "round " + round + "\n", ""));
        }
        keyspace.apply(new DeleteRequest(KEY, Condition.ALWAYS, true), stamp(time));
        time.advanceMillis(1_000);
      }
      return null;
    }
  }

  /**
   * Expiry is a change of its own, with its own revision and event: a write that finds the key past
   * its deadline ends it first, and who looks in between, with a stamp from before, sees none.
   */
  private static List<Call<Asked, String>> expiries(List<Call<Asked, String>> history) {
    return history.stream()
        .filter(call -> call.operation().kind != Kind.GET)
        .filter(call -> call.returned() > call.invoked() + 1)
        .map(
            call -> {
              Asked asked = call.operation();
              Asked past = new Asked(Kind.PAST, '-', '-', asked.client, asked.millis);
              return new Call<>(past, "", call.invoked(), call.returned());
            })
        .toList();
  }

  private static Stamp stamp(VirtualTime time) {
    return new Stamp(time.millis() + 200, "alice");
  }

  private static List<Call<Asked, String>> calls(
      MemoryKeyspace keyspace, long beginMillis, Random random, AtomicLong tickets, boolean reads) {
    List<Call<Asked, String>> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      Asked asked = asking(random);
      if (reads) {
        asked = new Asked(Kind.GET, 'a', 'a', "alice", 0);
      }
      long invoked = tickets.getAndIncrement();
      String result = ask(keyspace, asked, beginMillis);
      calls.add(new Call<>(asked, result, invoked, tickets.getAndIncrement()));
      byte[] other = value((char) ('A' + random.nextInt(26)));
      keyspace.apply(
          SetRequest.of(NEIGHBOUR, other, Lifespan.UNSTATED, RULES),
          new Stamp(beginMillis, "alice"));
    }
    return calls;
  }

  @Test
  void histories_ofOneKey_areLinearizable() throws Exception {
    System.out.println("LinearizabilityTest -Dseed=" + seed);
    int rounds = (int) Math.max(ROUNDS, Long.getLong("soak", 0) * ROUNDS_PER_MINUTE);

    assertThat(firstUnexplained(Sequence::new, rounds, false)).as("-Dseed=" + seed).isNull();
  }

  /**
   * A reader that does not look at the sequence again, and where it should have looked lets some
   * writes pass, so that they do happen before it copies the value.
   */
  private static final class Unchecked extends Sequence {
    private static final int CHANGES = 12;
    private static final int PAUSES_MAX = 50;

    @Override
    boolean isUnchanged(long before) {
      for (int i = 0; i < PAUSES_MAX && read() < before + CHANGES; i++) {
        LockSupport.parkNanos(this, 1_000);
      }
      return true;
    }
  }

  @Test
  void histories_ofAReaderWithoutItsSecondLook_areFoundOut() throws Exception {
    assertThat(firstUnexplained(Unchecked::new, ROUNDS, true)).isNotNull();
  }
}
