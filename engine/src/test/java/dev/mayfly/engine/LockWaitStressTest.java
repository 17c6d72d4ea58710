package dev.mayfly.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.store.DeleteRequest;
import dev.mayfly.store.LockRequest;
import dev.mayfly.store.LockResult;
import dev.mayfly.store.LockWaiter;
import dev.mayfly.store.LockWaits;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Rules;
import dev.mayfly.store.Stamp;
import dev.mayfly.store.SystemTime;
import dev.mayfly.store.TimeSource;
import dev.mayfly.store.UnlockRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients fight for one lock, on real threads in real time; its fencing tokens are checked. */
class LockWaitStressTest {
  private static final Rules RULES =
      new Rules(1, 1_000_000, Rules.UnstatedLifespan.CLEAR, false, 0, false);
  private static final byte[] KEY = "fought-for".getBytes(StandardCharsets.UTF_8);
  private static final int CLIENTS = 8;
  private static final int TURNS = 400;

  private final TimeSource time = new SystemTime();
  private final AtomicLong newestToken = new AtomicLong();
  private final AtomicInteger holders = new AtomicInteger();
  private final AtomicInteger grants = new AtomicInteger();

  @Test
  @Timeout(120)
  void clients_fightForALock_neverTogetherAndNeverForgotten() throws Exception {
    try (MemoryKeyspace keyspace =
            new MemoryKeyspace(EngineConfig.ofBytes(64L << 20).withShards(4), time);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String client = "client-" + i;
        long seed = i;
        clients.add(threads.submit(() -> fight(keyspace, client, new Random(seed))));
      }
      for (Future<?> client : clients) {
        client.get();
      }

      assertThat(keyspace.stats().lockWaiters()).isZero();
      assertThat(grants.get()).isGreaterThan(CLIENTS * TURNS / 2);
    }
  }

  private Void fight(MemoryKeyspace keyspace, String client, Random random) throws Exception {
    for (int turn = 0; turn < TURNS; turn++) {
      Granted granted = new Granted();
      LockRequest request = new LockRequest(KEY, 60_000, true, false, RULES);
      LockWaits.Ticket ticket = keyspace.await(request, 60_000, stamp(client), granted);
      if (random.nextInt(8) == 0 && ticket.cancel()) {
        continue;
      }
      LockResult result = granted.await();
      if (result == null) {
        continue;
      }
      assertThat(holders.incrementAndGet()).isEqualTo(1);
      assertThat(newestToken.getAndSet(result.token())).isLessThan(result.token());
      grants.incrementAndGet();
      holders.decrementAndGet();
      if (random.nextInt(4) == 0) {
        keyspace.apply(DeleteRequest.of(KEY), stamp(client));
      } else {
        keyspace.apply(new UnlockRequest(KEY, result.token()), stamp(client));
      }
    }
    return null;
  }

  private Stamp stamp(String client) {
    return new Stamp(time.millis(), client);
  }

  /** Waits for one callback. A missing one is a lost wake-up. */
  private static final class Granted implements LockWaiter {
    private final CompletableFuture<@Nullable LockResult> result = new CompletableFuture<>();

    @Override
    public void onGranted(LockResult granted) {
      assertThat(result.complete(granted)).as("called back once").isTrue();
    }

    @Override
    public void onRefused(MayflyException refusal) {
      result.completeExceptionally(refusal);
    }

    @Nullable LockResult await() throws InterruptedException, ExecutionException, TimeoutException {
      return result.get(30, TimeUnit.SECONDS);
    }
  }
}
