package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.ErrorCode;
import dev.mayfly.store.Lifespan;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Operation;
import dev.mayfly.store.Rules;
import dev.mayfly.store.SetRequest;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TransactionRequest;
import dev.mayfly.store.TransactionRequest.OnRefusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions that do all or nothing, in a store with room for few keys, on real threads. */
class TransactionRoomStressTest {
  private static final Rules RULES =
      new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, false, 0, false);
  private static final Stamp STAMP = new Stamp(new SystemTime().millis(), "client");
  private static final int KEYS_MAX = 12;
  private static final int ROUNDS = 20_000;

  @Test
  @Timeout(120)
  void transactions_atTheLimitOfKeys_doAllOrNothing() throws Exception {
    EngineConfig config =
        EngineConfig.ofBytes(64L << 20).withShards(16).withKeysMax(KEYS_MAX).withThreads(false);
    try (MemoryKeyspace keyspace = new MemoryKeyspace(config, new SystemTime());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> clients = new ArrayList<>();
      clients.add(threads.submit(() -> single(keyspace, "x")));
      clients.add(threads.submit(() -> single(keyspace, "y")));
      clients.add(threads.submit(() -> grouped(keyspace, "p")));
      clients.add(threads.submit(() -> grouped(keyspace, "q")));
      int done = 0;
      for (Future<Integer> client : clients) {
        done += client.get();
      }

      assertThat(done).isPositive();
      assertThat(keyspace.stats().keys()).isZero();
      // Every place was given back.
      for (int i = 0; i < KEYS_MAX; i++) {
        keyspace.apply(set("last" + i), STAMP);
      }
      assertThat(keyspace.stats().keys()).isEqualTo(KEYS_MAX);
    }
  }

  private static SetRequest set(String key) {
    return SetRequest.of(bytes(key), bytes("v"), Lifespan.CLEAR, RULES);
  }

  /** Sets keys one by one until there is no room, and removes them. */
  private static int single(MemoryKeyspace keyspace, String prefix) {
    int done = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int keys = 0;
      try {
        for (; keys < 5; keys++) {
          keyspace.apply(set(prefix + keys), STAMP);
        }
        done++;
      } catch (MayflyException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORE_FULL);
      }
      for (int i = 0; i < keys; i++) {
        keyspace.apply(DeleteRequest.of(bytes(prefix + i)), STAMP);
      }
    }
    return done;
  }

  /** Sets two keys in one step, then replaces them by two others, then removes those. */
  private static int grouped(MemoryKeyspace keyspace, String prefix) {
    Operation.Write[] sets = new Operation.Write[4];
    Operation.Write[] deletes = new Operation.Write[4];
    for (int i = 0; i < 4; i++) {
      sets[i] = new Operation.Write(set(prefix + i));
      deletes[i] = new Operation.Write(DeleteRequest.of(bytes(prefix + i)));
    }
    int done = 0;
    for (int round = 0; round < ROUNDS; round++) {
      if (transact(keyspace, sets[0], sets[1])) {
        // What gives up as many keys as it makes always has room.
        assertThat(transact(keyspace, deletes[0], sets[2], deletes[1], sets[3])).isTrue();
        assertThat(transact(keyspace, deletes[2], deletes[3])).isTrue();
        done++;
      }
    }
    return done;
  }

  private static boolean transact(MemoryKeyspace keyspace, Operation... operations) {
    TransactionRequest request =
        new TransactionRequest(List.of(), List.of(operations), List.of(), OnRefusal.NOTHING_DONE);
    try {
      assertThat(keyspace.transact(request, STAMP).results())
          .noneMatch(MayflyException.class::isInstance);
      return true;
    } catch (MayflyException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.STORE_FULL);
      return false;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
