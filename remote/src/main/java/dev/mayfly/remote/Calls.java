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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Begins calls, of those that are answered by one message so many at a time. Safe for concurrent
 * use.
 */
final class Calls {
  private static final Metadata.Key<String> CLIENT_ID =
      Metadata.Key.of("client_id", Metadata.ASCII_STRING_MARSHALLER);

  private final Channel channel;
  private final RemoteConfig config;
  private final Semaphore room;
  private volatile boolean closed;

  Calls(Channel channel, RemoteConfig config) {
    this.channel = channel;
    this.config = config;
    room = new Semaphore(config.callsMax());
  }

  /** Begins no call from here on; to be called before the channel is shut. */
  void close() {
    closed = true;
  }

  /**
   * A call that is not begun yet.
   *
   * @throws RemoteException when the store is closed
   */
  <Q, R> ClientCall<Q, R> create(MethodDescriptor<Q, R> method, CallOptions options) {
    if (closed) {
      throw RemoteException.ofClosedStore(null);
    }
    try {
      return channel.newCall(method, options.withWaitForReady());
    } catch (RuntimeException e) {
      throw refused(e);
    }
  }

  /**
   * Begins a call in this client's name.
   *
   * @param messages how many may come before more are requested
   * @throws RemoteException when the store is closed; the listener may be told of an end even so
   */
  <Q, R> void begin(
      ClientCall<Q, R> call, ClientCall.Listener<R> listener, Q request, int messages) {
    Metadata headers = new Metadata();
    headers.put(CLIENT_ID, config.clientId());
    try {
      call.start(listener, headers);
      call.request(messages);
      call.sendMessage(request);
      call.halfClose();
    } catch (RuntimeException e) {
      throw refused(e);
    }
  }

  /** A channel that is shut while a call begins throws whatever its threads, ended, cause. */
  private RuntimeException refused(RuntimeException thrown) {
    return closed ? RemoteException.ofClosedStore(thrown) : thrown;
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
        CallOptions.DEFAULT.withDeadlineAfter(
            config.deadline().plus(more).toNanos(), TimeUnit.NANOSECONDS);
    Room taken = new Room();
    CompletableFuture<R> reply;
    try {
      ClientCall<Q, R> call = create(method, options);
      reply = new Cancelling<>(call);
      begin(call, new Answer<>(reply, taken), request, 2);
    } catch (RemoteException e) {
      taken.giveBack();
      return CompletableFuture.failedFuture(e);
    } catch (RuntimeException e) {
      taken.giveBack();
      throw e;
    }
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

  /** A call's room, which is given back once: by its end, or by whoever failed to begin it. */
  private final class Room {
    private final AtomicBoolean taken = new AtomicBoolean(true);

    void giveBack() {
      if (taken.compareAndSet(true, false)) {
        room.release();
      }
    }
  }

  private final class Answer<R> extends ClientCall.Listener<R> {
    private final CompletableFuture<R> reply;
    private final Room taken;
    private @Nullable R message;

    Answer(CompletableFuture<R> reply, Room taken) {
      this.reply = reply;
      this.taken = taken;
    }

    @Override
    public void onMessage(R message) {
      this.message = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      taken.giveBack();
      R answer = message;
      if (!status.isOk()) {
        reply.completeExceptionally(reason(status));
      } else if (answer == null) {
        reply.completeExceptionally(
            new RemoteException(Status.Code.INTERNAL, "an answer without a message", null));
      } else {
        reply.complete(answer);
      }
    }
  }

  private RemoteException reason(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE, CANCELLED ->
          closed ? RemoteException.ofClosedStore(status.asException()) : RemoteException.of(status);
      default -> RemoteException.of(status);
    };
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
