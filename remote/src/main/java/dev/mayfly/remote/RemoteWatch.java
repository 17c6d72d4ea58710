package dev.mayfly.remote;

import dev.mayfly.api.v1.KeyValueGrpc;
import dev.mayfly.api.v1.StateBatch;
import dev.mayfly.api.v1.WatchRequest;
import dev.mayfly.api.v1.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A watch that connects again by itself and goes on where it was: nothing is missed and nothing is
 * told twice, or a {@link WatchMessage.Gap} says so.
 *
 * <p>Messages wait in a bounded queue until they are taken; beyond it the server is asked for no
 * more, and its policy for slow watchers holds. Safe for concurrent use; every message is taken
 * once.
 */
public final class RemoteWatch implements AutoCloseable {
  private static final long BACKOFF_MILLIS_MIN = 50;
  private static final long BACKOFF_MILLIS_MAX = 5_000;

  private final Remote remote;
  private final WatchRequest request;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<WatchMessage> messages = new ArrayDeque<>();
  private final Runnable ending = this::onStoreClosed;
  private String token;
  private boolean stateBegun;
  private long backoffMillis = BACKOFF_MILLIS_MIN;
  private @Nullable Stream stream;
  private @Nullable RemoteException end;

  RemoteWatch(Remote remote, WatchRequest request) {
    this.remote = remote;
    this.request = request;
    token = request.getResumeToken();
  }

  void connect() {
    lock.lock();
    try {
      if (end != null) {
        return;
      }
      remote.endings().add(ending);
      if (token.isEmpty() && stateBegun) {
        stateBegun = false;
        messages.removeIf(waiting -> waiting instanceof WatchMessage.State);
        add(new WatchMessage.StateAgain());
      }
      Stream fresh =
          new Stream(remote.calls().create(KeyValueGrpc.getWatchMethod(), CallOptions.DEFAULT));
      stream = fresh;
      remote
          .calls()
          .begin(
              fresh.call,
              fresh,
              request.toBuilder().setResumeToken(token).build(),
              Math.max(1, remote.config().watchMessagesMax() - messages.size()));
    } catch (RemoteException e) {
      finish(e);
    } finally {
      lock.unlock();
    }
  }

  /** One connection's part of the watch. */
  private final class Stream extends ClientCall.Listener<WatchResponse> {
    private final ClientCall<WatchRequest, WatchResponse> call;
    private boolean first = true;

    Stream(ClientCall<WatchRequest, WatchResponse> call) {
      this.call = call;
    }

    @Override
    public void onHeaders(Metadata headers) {
      opened.complete(null);
    }

    @Override
    public void onMessage(WatchResponse message) {
      lock.lock();
      try {
        if (stream == this) {
          backoffMillis = BACKOFF_MILLIS_MIN;
          receive(message, first);
          first = false;
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      lock.lock();
      try {
        if (stream == this) {
          stream = null;
          onBroken(status);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void receive(WatchResponse message, boolean first) {
    if (!message.getResumeToken().isEmpty()) {
      token = message.getResumeToken();
    }
    switch (message.getKindCase()) {
      case EVENTS -> add(new WatchMessage.Changes(message.getEvents().getEventsList(), token));
      case STATE -> receiveState(message.getState());
      case GAP -> {
        add(
            new WatchMessage.Gap(
                message.getGap().getRevisions(), message.getGap().getResumedRevision(), token));
        if (first && request.getCurrentState()) {
          // The current state follows: until it is complete, a break begins it anew.
          token = "";
          stateBegun = false;
        }
      }
      case PROGRESS, KIND_NOT_SET -> requestMore();
    }
  }

  private void receiveState(StateBatch state) {
    if (state.getEntriesCount() > 0) {
      stateBegun = true;
      add(new WatchMessage.State(state.getEntriesList()));
    }
    if (state.getComplete()) {
      add(new WatchMessage.StateComplete(token));
    } else if (state.getEntriesCount() == 0) {
      // It told nothing: its room is the next one's.
      requestMore();
    }
  }

  private void requestMore() {
    Stream current = stream;
    if (current != null) {
      current.call.request(1);
    }
  }

  private void add(WatchMessage message) {
    messages.add(message);
    changed.signal();
  }

  private void onBroken(Status status) {
    if (end != null) {
      return;
    }
    switch (status.getCode()) {
      case INVALID_ARGUMENT,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          UNIMPLEMENTED,
          DATA_LOSS,
          OUT_OF_RANGE ->
          finish(RemoteException.of(status));
      default -> connectLater();
    }
  }

  private void connectLater() {
    long pause = backoffMillis / 2 + ThreadLocalRandom.current().nextLong(backoffMillis);
    backoffMillis = Math.min(BACKOFF_MILLIS_MAX, 2 * backoffMillis);
    try {
      Future<?> _ = remote.timer().schedule(this::connect, pause, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      finish(RemoteException.ofClosedStore(e));
    }
  }

  private void onStoreClosed() {
    lock.lock();
    try {
      stream = null;
      finish(RemoteException.ofClosedStore(null));
    } finally {
      lock.unlock();
    }
  }

  private void finish(RemoteException reason) {
    if (end == null) {
      end = reason;
      remote.endings().remove(ending);
      opened.completeExceptionally(reason);
      changed.signalAll();
    }
  }

  /** Completes when the server watches: what happens from then on is told. */
  public CompletableFuture<Void> opened() {
    return opened.copy();
  }

  /**
   * The next message; waits for it.
   *
   * @throws RemoteException what the watch ended with, after all messages; CANCELLED when it is
   *     closed
   */
  public WatchMessage next() throws InterruptedException {
    while (true) {
      Optional<WatchMessage> message = poll(Duration.ofDays(1));
      if (message.isPresent()) {
        return message.get();
      }
    }
  }

  /**
   * The next message; waits for so long at most.
   *
   * @return empty when none came
   * @throws RemoteException as {@link #next}
   */
  public Optional<WatchMessage> poll(Duration wait) throws InterruptedException {
    long nanos = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (messages.isEmpty()) {
        RemoteException ended = end;
        if (ended != null) {
          throw new RemoteException(ended.code(), String.valueOf(ended.getMessage()), ended);
        }
        if (nanos <= 0) {
          return Optional.empty();
        }
        nanos = changed.awaitNanos(nanos);
      }
      requestMore();
      return Optional.of(messages.remove());
    } finally {
      lock.unlock();
    }
  }

  /** Ends the watch; again, does nothing. Messages that wait can still be taken. */
  @Override
  public void close() {
    lock.lock();
    try {
      finish(new RemoteException(Status.Code.CANCELLED, "the watch was closed", null));
      Stream current = stream;
      stream = null;
      if (current != null) {
        current.call.cancel("the watch was closed", null);
      }
    } finally {
      lock.unlock();
    }
  }
}
