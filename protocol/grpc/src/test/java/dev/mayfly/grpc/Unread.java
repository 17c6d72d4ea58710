package dev.mayfly.grpc;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;

/** A client of a stream that takes nothing until it is told to. Safe for concurrent use. */
final class Unread<Q, T> implements ClientResponseObserver<Q, T> {
  final Received<T> received = new Received<>();
  private final CompletableFuture<ClientCallStreamObserver<Q>> call = new CompletableFuture<>();

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> requests) {
    requests.disableAutoRequestWithInitial(0);
    call.complete(requests);
  }

  /** Takes whatever comes from here on. */
  void read() {
    call.join().request(Integer.MAX_VALUE);
  }

  @Override
  public void onNext(T message) {
    received.onNext(message);
  }

  @Override
  public void onError(Throwable failure) {
    received.onError(failure);
  }

  @Override
  public void onCompleted() {
    received.onCompleted();
  }
}
