package dev.mayfly.grpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a stream of answers brought. Safe for concurrent use. */
final class Received<T> implements StreamObserver<T> {
  private static final int SECONDS_MAX = 60;

  private final LinkedBlockingQueue<T> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();

  @Override
  public void onNext(T message) {
    messages.add(message);
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }

  /** The next message; fails when none comes in time. */
  T next() {
    try {
      T message = messages.poll(SECONDS_MAX, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no message came; the end: " + end.getNow(null));
      }
      return message;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  Status end() {
    return end.orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
  }

  /** Waits for the headers of one watch more than those that waited here before. */
  void awaitHeaders(TestDoor door) {
    long wanted = door.opened.incrementAndGet();
    while (door.begun.get() < wanted && !end.isDone()) {
      Thread.onSpinWait();
    }
  }
}
