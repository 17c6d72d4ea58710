package dev.mayfly.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mayfly.api.keyquarry.KeyQuarryGrpc;
import dev.mayfly.api.keyquarry.ListKeysRequest;
import dev.mayfly.api.keyquarry.ListKeysResponse;
import dev.mayfly.store.Durability;
import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.Stamp;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SteppedHandlerTest {
  private static final long BYTES = 1_000;
  private static final long WAIT_SECONDS_MAX = 20;

  /** A call whose client leaves when the test says so. */
  private static final class LeavingCall extends ServerCall<ListKeysRequest, ListKeysResponse> {
    private volatile boolean cancelled;

    @Override
    public void request(int messages) {}

    @Override
    public Attributes getAttributes() {
      ReplyMemory replies = new ReplyMemory(TestDoor.config().outgoing(), GrpcMetrics.NONE);
      return Attributes.newBuilder()
          .set(ConnectionReplies.KEY, replies.connect(ImmediateEventExecutor.INSTANCE))
          .build();
    }

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(ListKeysResponse message) {}

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public MethodDescriptor<ListKeysRequest, ListKeysResponse> getMethodDescriptor() {
      return KeyQuarryGrpc.getListKeysMethod();
    }
  }

  /** A listing whose first step takes memory when the test lets it. */
  private static final class HeldListing implements SteppedHandler.Progress<ListKeysResponse> {
    final Semaphore begun = new Semaphore(0);
    final Semaphore mayTake = new Semaphore(0);
    final Semaphore released = new Semaphore(0);
    volatile boolean isLast;
    private final MemoryBudget memory;
    private final AtomicLong held = new AtomicLong();

    HeldListing(MemoryBudget memory) {
      this.memory = memory;
    }

    @Override
    public @Nullable ListKeysResponse step(Stamp stamp) {
      begun.release();
      mayTake.acquireUninterruptibly();
      memory.take(BYTES);
      held.addAndGet(BYTES);
      return isLast ? ListKeysResponse.getDefaultInstance() : null;
    }

    @Override
    public void release() {
      memory.giveBack(held.getAndSet(0));
      released.release();
    }
  }

  private final MemoryBudget memory = new MemoryBudget(BYTES);
  private final Steps steps = new Steps(1);

  @AfterEach
  void endSteps() {
    assertThat(steps.end()).isTrue();
  }

  private static void await(Semaphore semaphore) throws InterruptedException {
    if (!semaphore.tryAcquire(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new AssertionError("did not come about in time");
    }
  }

  /** Each such listing took its step's memory from all others, until none found any. */
  @Test
  void client_leavesDuringAStep_whatThatTookIsGivenBack() throws InterruptedException {
    HeldListing listing = new HeldListing(memory);
    try (TestDoor door = TestDoor.open()) {
      LeavingCall call = new LeavingCall();
      ServerCall.Listener<ListKeysRequest> running = begin(door, call, listing);
      await(listing.begun);

      call.cancelled = true;
      running.onCancel();
      await(listing.released);
      listing.mayTake.release();
      await(listing.released);

      assertThat(memory.taken()).isZero();
    }
  }

  /** What was told is counted as that until it is taken. */
  @Test
  void reply_isToldAndNotTaken_whatItsStepsTookIsGivenBack() throws InterruptedException {
    HeldListing listing = new HeldListing(memory);
    listing.isLast = true;
    try (TestDoor door = TestDoor.open()) {
      begin(door, new LeavingCall(), listing);

      listing.mayTake.release();
      await(listing.released);

      assertThat(memory.taken()).isZero();
    }
  }

  private ServerCall.Listener<ListKeysRequest> begin(
      TestDoor door, LeavingCall call, HeldListing listing) {
    CallTerms terms =
        new CallTerms(
            new Callers(door.keyspace, false),
            door.time,
            Durability.NONE,
            new OpenCalls(),
            new OpenCalls(),
            GrpcMetrics.NONE);
    Metadata headers = new Metadata();
    headers.put(Callers.CLIENT_ID, "alice");
    ServerCall.Listener<ListKeysRequest> running =
        new SteppedHandler<ListKeysRequest, ListKeysResponse>(
                terms, GrpcErrors::v1, steps, (request, stamp) -> listing, ReplySize.SMALL)
            .startCall(call, headers);
    running.onMessage(ListKeysRequest.getDefaultInstance());
    running.onHalfClose();
    return running;
  }
}
