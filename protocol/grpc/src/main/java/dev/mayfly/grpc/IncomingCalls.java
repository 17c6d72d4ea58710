package dev.mayfly.grpc;

import dev.mayfly.store.MemoryBudget;
import dev.mayfly.store.TimeSource;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what calls hold before they can be answered: how many are open, how many bytes of requests
 * have come that are not whole, and how long a request may take to come.
 *
 * <p>It takes two of grpc-java's hooks: a tracer sees the bytes of a stream before there is a
 * message, an interceptor has the call, by which alone it can be refused. Both run on the event
 * loop of the connection, to which an {@link IncomingCall} is confined, as are the calls of one
 * loop that still await their requests. The sums are safe for concurrent use.
 */
final class IncomingCalls extends ServerStreamTracer.Factory implements ServerInterceptor {
  private static final Context.Key<IncomingCall> CALL = Context.key("mayfly-incoming-call");

  private final GrpcConfig.Incoming config;
  private final TimeSource time;
  private final GrpcMetrics metrics;
  private final MemoryBudget bytes;
  private final AtomicInteger open = new AtomicInteger();
  private final FastThreadLocal<Set<IncomingCall>> awaiting =
      new FastThreadLocal<>() {
        @Override
        protected Set<IncomingCall> initialValue() {
          return new LinkedHashSet<>();
        }
      };

  IncomingCalls(GrpcConfig.Incoming config, TimeSource time, GrpcMetrics metrics) {
    this.config = config;
    this.time = time;
    this.metrics = metrics;
    bytes = new MemoryBudget(config.bytesMax());
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    IncomingCall call = new IncomingCall(this, awaiting.get(), time.nanos());
    call.begin();
    return call;
  }

  /** A context in which the interceptor finds the call, and with which the call can be ended. */
  static Context.CancellableContext with(IncomingCall call, Context context) {
    return context.withValue(CALL, call).withCancellation();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    IncomingCall incoming = current();
    if (incoming == null) {
      throw new IllegalStateException("a call without its tracer");
    }
    if (open.get() > config.callsMax()) {
      Status refusal =
          Status.RESOURCE_EXHAUSTED.withDescription(
              "more than %d calls are open (grpc.max-open-calls)".formatted(config.callsMax()));
      metrics.onCall(call.getMethodDescriptor().getFullMethodName(), refusal.getCode().name(), 0);
      call.close(refusal, new Metadata());
      incoming.reset();
      return new ServerCall.Listener<>() {};
    }
    return incoming.guard(call, next.startCall(call, headers));
  }

  /**
   * Refuses the calls whose requests have taken too long to come; to be called on each event loop
   * now and then.
   */
  void refuseLate() {
    long now = time.nanos();
    List<IncomingCall> late = new ArrayList<>();
    for (IncomingCall call : awaiting.get()) {
      if (now - call.startNanos() < config.requestTime().toNanos()) {
        break;
      }
      late.add(call);
    }
    if (!late.isEmpty()) {
      Status refusal =
          Status.DEADLINE_EXCEEDED.withDescription(
              "the request did not come within %s (grpc.request-timeout)"
                  .formatted(config.requestTime()));
      late.forEach(call -> call.refuse(refusal));
    }
  }

  void onBegun() {
    open.incrementAndGet();
  }

  void onEnded() {
    open.decrementAndGet();
  }

  /** Counts bytes that came; returns why the call cannot have them, null if it can. */
  @Nullable Status take(long more) {
    bytes.take(more);
    return bytes.taken() <= bytes.bytesMax()
        ? null
        : Status.RESOURCE_EXHAUSTED.withDescription(
            "requests under way have more than %d bytes (grpc.max-input)"
                .formatted(bytes.bytesMax()));
  }

  void giveBack(long held) {
    bytes.giveBack(held);
  }

  /** How many calls are open. */
  int open() {
    return open.get();
  }

  /** How many bytes of requests are held. */
  long bytes() {
    return bytes.taken();
  }

  /** The call that begins in this context. */
  static @Nullable IncomingCall current() {
    return CALL.get();
  }
}
