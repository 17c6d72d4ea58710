package dev.mayfly.client;

import dev.mayfly.client.CounterException.Reason;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counters and limits over datagrams: operations of many callers share datagrams, each of which
 * leaves when it is full or its first operation has waited for the linger.
 *
 * <p>Each operation is sent once: one whose answer does not come ends with TIMED_OUT, and may have
 * been done. Operations that are handed in one after another are done in this order as long as no
 * datagram is lost or overtaken. The pool's first healthy server is asked; one that does not answer
 * is left until it answers its health checks again.
 *
 * <p>Safe for concurrent use; nothing but {@link #close} blocks. Futures complete on a thread of
 * the client: what is attached to them must return soon. What waits is bounded: beyond it,
 * operations end with QUEUE_FULL at once. Owns its threads and sockets.
 */
public final class CounterClient implements AutoCloseable {
  private static final long JOIN_MILLIS = 2000;

  /** An operation that waits to be sent, or for its answer. */
  record Waiting<T>(CounterOperation<T> operation, CompletableFuture<T> answer) {
    /** Ends it with what a reply said. */
    void complete(Object result) {
      if (result instanceof CounterException failure) {
        answer.completeExceptionally(failure);
      } else {
        @SuppressWarnings("unchecked") // What the operation's own reader gave.
        T value = (T) result;
        answer.complete(value);
      }
    }
  }

  private final CounterClientConfig config;
  private final @Nullable FrameSession session;
  private final CounterPool pool;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Waiting<?>> queue = new ArrayDeque<>();
  private final Thread sender;
  private long queuedBytes;
  private boolean flushing;
  private boolean closed;

  private CounterClient(CounterClientConfig config) throws IOException {
    this.config = config;
    session =
        config.secret().isEmpty()
            ? null
            : new FrameSession(config.secret(), InstantSource.system());
    pool = new CounterPool(config, this::healthCheck);
    sender = Thread.ofPlatform().daemon().name("mayfly-counter-send").unstarted(this::send);
  }

  /**
   * Opens its sockets; whether a server answers is only known when it is asked.
   *
   * @throws IOException if an address is unknown, or the system has no more sockets
   */
  public static CounterClient open(CounterClientConfig config) throws IOException {
    CounterClient client = new CounterClient(config);
    client.pool.start();
    client.sender.start();
    return client;
  }

  /**
   * Does an operation.
   *
   * @return what it gives; it may end with a {@link CounterException}
   */
  public <T> CompletableFuture<T> ask(CounterOperation<T> operation) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    lock.lock();
    try {
      if (closed || queue.size() >= config.queueMax()) {
        Reason reason = closed ? Reason.CLOSED : Reason.QUEUE_FULL;
        answer.completeExceptionally(CounterException.of(reason));
        return answer;
      }
      queue.add(new Waiting<>(operation, answer));
      long before = queuedBytes;
      queuedBytes += bytes(operation);
      boolean filled = before < config.datagramBytesMax() && isFull();
      if (before == 0 || filled) {
        arrived.signal();
      }
      return answer;
    } finally {
      lock.unlock();
    }
  }

  /** Counts one event of a key; gives how many are live then. */
  public CompletableFuture<Long> hit(byte[] namespace, byte[] key) {
    return ask(CounterOperation.hit(namespace, key, 1));
  }

  /** How many events of a key are live. */
  public CompletableFuture<Long> count(byte[] namespace, byte[] key) {
    return ask(CounterOperation.count(namespace, key));
  }

  /** Takes one unit of what a limit allows. */
  public CompletableFuture<LimitDecision> take(byte[] namespace, byte[] key, LimitTerms terms) {
    return ask(CounterOperation.take(namespace, key, 1, terms, CounterOperation.Mode.TAKE));
  }

  /** Sends what waits, without waiting for more. */
  public void flush() {
    lock.lock();
    try {
      flushing = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return queuedBytes >= config.datagramBytesMax();
  }

  /** What an operation adds to a datagram, roughly: its namespace may be there already. */
  private static int bytes(CounterOperation<?> operation) {
    return Math.max(operation.body().length, operation.resultMax());
  }

  private void send() {
    try {
      while (true) {
        List<Waiting<?>> batch = new ArrayList<>();
        CounterFrame frame = nextFrame(batch);
        if (frame == null) {
          return;
        }
        if (!frame.isEmpty()) {
          pool.send(frame, batch);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for operations and for their company; null once the client is closed. */
  private @Nullable CounterFrame nextFrame(List<Waiting<?>> batch) throws InterruptedException {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        flushing = false;
        arrived.await();
      }
      long nanos = config.linger().toNanos();
      while (nanos > 0 && !isFull() && !flushing && !closed) {
        nanos = arrived.awaitNanos(nanos);
      }
      return closed ? null : fill(batch);
    } finally {
      lock.unlock();
    }
  }

  private CounterFrame fill(List<Waiting<?>> batch) {
    CounterFrame frame = new CounterFrame(session, config.datagramBytesMax());
    for (Waiting<?> next = queue.peek(); next != null; next = queue.peek()) {
      boolean added = frame.tryAdd(next.operation());
      if (!added && !frame.isEmpty()) {
        break;
      }
      queue.remove();
      queuedBytes -= bytes(next.operation());
      if (added) {
        batch.add(next);
      } else {
        next.complete(
            new CounterException(Reason.BAD_KEY, "the operation is too long for a datagram"));
      }
    }
    return frame;
  }

  /** A question that changes nothing. */
  private CounterFrame healthCheck() {
    CounterFrame frame = new CounterFrame(session, config.datagramBytesMax());
    boolean added = frame.tryAdd(CounterOperation.countAll());
    if (!added) {
      throw new IllegalStateException("a datagram has room for the shortest operation");
    }
    return frame;
  }

  /** Gives up what waits, with CLOSED; what is on its way may have been done. */
  @Override
  public void close() {
    List<Waiting<?>> left;
    lock.lock();
    try {
      closed = true;
      left = new ArrayList<>(queue);
      queue.clear();
      queuedBytes = 0;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(waiting -> waiting.complete(CounterException.of(Reason.CLOSED)));
    sender.interrupt();
    try {
      sender.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pool.close();
  }
}
