package dev.mayfly.cli;

import dev.mayfly.client.BatchReply;
import dev.mayfly.client.MayflyClient;
import dev.mayfly.client.MayflyConnectionException;
import dev.mayfly.client.MayflyRefusedException;
import dev.mayfly.client.SetOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One of the ways by which keys go to the server: a batch that fills, a short queue of full ones,
 * and a thread that sends them in order. A key always takes the same lane, so that its last value
 * wins.
 *
 * <p>{@link #add}, {@link #flush} and {@link #end} are for one thread. Borrows the client.
 */
final class LoadLane {
  private static final int BATCH_BYTES_MAX = 256 * 1024;
  private static final int QUEUE_BATCHES = 2;
  private static final long TICK_MILLIS = 50;

  /** Ends the queue; no batch to be sent is empty. */
  private static final List<SetOperation> END = List.of();

  private final MayflyClient client;
  private final LoadTally tally;
  private final BlockingQueue<List<SetOperation>> queue = new ArrayBlockingQueue<>(QUEUE_BATCHES);
  private final Thread thread;
  private List<SetOperation> batch = new ArrayList<>();
  private long batchBytes;

  LoadLane(int number, MayflyClient client, LoadTally tally) {
    this.client = client;
    this.tally = tally;
    this.thread = Thread.ofPlatform().daemon().name("mayfly-load-" + number).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Takes a key in; blocks while the queue is full. */
  void add(SetOperation operation) throws InterruptedException {
    batch.add(operation);
    batchBytes += operation.key().length + operation.value().length;
    if (batch.size() == MayflyClient.BATCH_OPERATIONS_MAX || batchBytes >= BATCH_BYTES_MAX) {
      flush();
    }
  }

  /** Lets go what there is of a batch. */
  void flush() throws InterruptedException {
    if (!batch.isEmpty()) {
      put(batch);
      batch = new ArrayList<>();
      batchBytes = 0;
    }
  }

  /** Lets go the last batch; after it, the thread ends. */
  void end() throws InterruptedException {
    flush();
    put(END);
  }

  private void put(List<SetOperation> full) throws InterruptedException {
    boolean taken = false;
    while (!taken && !tally.isStopped()) {
      taken = queue.offer(full, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Waits for the thread to end, which is bounded by the client's timeouts. */
  void join() throws InterruptedException {
    thread.join();
  }

  /** Waits for the thread to end, but not for ever; true if it has. */
  boolean join(long millis) throws InterruptedException {
    return thread.join(Duration.ofMillis(millis));
  }

  private void run() {
    try {
      while (!tally.isStopped()) {
        List<SetOperation> next = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null && next.isEmpty()) {
          return;
        }
        if (next != null) {
          send(next);
        }
      }
    } catch (InterruptedException e) {
      tally.stop();
    }
  }

  private void send(List<SetOperation> operations) {
    try {
      List<BatchReply> replies = client.batch(operations);
      int done = 0;
      for (int i = 0; i < replies.size(); i++) {
        @Nullable MayflyRefusedException refusal = replies.get(i).refusal();
        if (refusal == null) {
          done++;
        } else {
          tally.failed(operations.get(i).key(), refusal.detail());
        }
      }
      tally.loaded(done);
    } catch (MayflyRefusedException e) {
      operations.forEach(operation -> tally.failed(operation.key(), e.detail()));
    } catch (MayflyConnectionException e) {
      tally.broken(operations.size(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      tally.broken(operations.size(), "internal error: " + e);
    }
  }
}
