package dev.mayfly.remote;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Calls that are answered by one message, so many at a time. Safe for concurrent use. */
final class Calls {
  private static final Metadata.Key<String> CLIENT_ID =
      Metadata.Key.of("client_id", Metadata.ASCII_STRING_MARSHALLER);

  private final Channel channel;
  private final RemoteConfig config;
  private final Semaphore room;

  Calls(Channel channel, RemoteConfig config) {
    this.channel = channel;
    this.config = config;
    room = new Semaphore(config.callsMax());
  }

  Channel channel() {
    return channel;
  }

  /** Who calls. */
  Metadata headers() {
    Metadata headers = new Metadata();
    headers.put(CLIENT_ID, config.clientId());
    return headers;
  }

  /**
   * Calls.
   *
   * @param more how much longer than usual the answer may take
   * @return what completes with the answer, or with a {@link RemoteException}; cancelling it
   *     cancels the call
   */
  <Q, R> CompletableFuture<R> call(MethodDescriptor<Q, R> method, Q request, Duration more) {
    if (!room.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new RemoteException(
              Status.Code.RESOURCE_EXHAUSTED,
              "%d calls are under way: no more are begun".formatted(config.callsMax()),
              null));
    }
    CallOptions options =
        CallOptions.DEFAULT
            .withWaitForReady()
            .withDeadlineAfter(config.deadline().plus(more).toNanos(), TimeUnit.NANOSECONDS);
    ClientCall<Q, R> call = channel.newCall(method, options);
    CompletableFuture<R> reply = new Cancelling<>(call);
    call.start(new Answer<>(reply), headers());
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
    return reply;
  }

  /** An answer whose cancelling cancels the call. */
  private static final class Cancelling<R> extends CompletableFuture<R> {
    private final ClientCall<?, R> call;

    Cancelling(ClientCall<?, R> call) {
      this.call = call;
    }

    /** Completes before it ends the call, whose end would be told as a failure. */
    @Override
    public boolean cancel(boolean interrupts) {
      boolean cancelled = super.cancel(interrupts);
      call.cancel("cancelled by its caller", null);
      return cancelled;
    }
  }

  private final class Answer<R> extends ClientCall.Listener<R> {
    private final CompletableFuture<R> reply;
    private @Nullable R message;

    Answer(CompletableFuture<R> reply) {
      this.reply = reply;
    }

    @Override
    public void onMessage(R message) {
      this.message = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      room.release();
      R answer = message;
      if (!status.isOk()) {
        reply.completeExceptionally(RemoteException.of(status));
      } else if (answer == null) {
        reply.completeExceptionally(
            new RemoteException(Status.Code.INTERNAL, "an answer without a message", null));
      } else {
        reply.complete(answer);
      }
    }
  }

  /**
   * Waits for an answer.
   *
   * @throws RemoteException what the call ended with; CANCELLED when this thread is interrupted
   */
  static <R> R await(CompletableFuture<R> reply) {
    try {
      return reply.get();
    } catch (ExecutionException e) {
      // Anew, so that the stack is that of the caller.
      throw e.getCause() instanceof RemoteException refused
          ? new RemoteException(refused.code(), String.valueOf(refused.getMessage()), refused)
          : new RemoteException(Status.Code.UNKNOWN, "the call failed", e.getCause());
    } catch (InterruptedException e) {
      reply.cancel(true);
      Thread.currentThread().interrupt();
      throw new RemoteException(Status.Code.CANCELLED, "interrupted while waiting", e);
    }
  }
}
